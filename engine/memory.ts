/**
 * Linear memory of one instance. Views are re-taken after every growth; nothing else touches it.
 *
 * @module
 */

/** Reads and writes little-endian values and columns at addresses that the engine gave. */
export class Memory {
  private buffer: ArrayBuffer | undefined;
  private view!: DataView;

  constructor(private readonly memory: WebAssembly.Memory) {}

  /** Growth detaches the old buffer; a view must never outlive it. */
  private current(): DataView {
    if (this.buffer !== this.memory.buffer) {
      this.buffer = this.memory.buffer as ArrayBuffer;
      this.view = new DataView(this.buffer);
    }
    return this.view;
  }

  /** Bytes of linear memory; they never shrink. */
  get byteLength(): number {
    return this.current().byteLength;
  }

  u32(address: number): number {
    return this.current().getUint32(address, true);
  }

  f64(address: number): number {
    return this.current().getFloat64(address, true);
  }

  /** A 64-bit counter; counters stay far below 2⁵³. */
  u64(address: number): number {
    return this.u32(address) + this.u32(address + 4) * 2 ** 32;
  }

  setU32(address: number, value: number): void {
    this.current().setUint32(address, value, true);
  }

  setF64(address: number, value: number): void {
    this.current().setFloat64(address, value, true);
  }

  /** Writes a non-negative safe integer as 64 bits. */
  setU64(address: number, value: number): void {
    this.setU32(address, value % 2 ** 32);
    this.setU32(address + 4, Math.floor(value / 2 ** 32));
  }

  /** A window on `length` 32-bit words; valid until the engine is called again. */
  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.current().buffer as ArrayBuffer, address, length);
  }

  /** A window on `length` bytes; valid until the engine is called again. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.current().buffer as ArrayBuffer, address, length);
  }

  /** A window on `length` 64-bit floats; valid until the engine is called again. */
  floats(address: number, length: number): Float64Array {
    return new Float64Array(this.current().buffer as ArrayBuffer, address, length);
  }

  /** A managed AssemblyScript string: UTF-16, its byte length in the 4 bytes before it. */
  string(address: number): string {
    if (address === 0) return "";
    const bytes = this.u32(address - 4);
    const units = new Uint16Array(this.current().buffer as ArrayBuffer, address, bytes >>> 1);
    return String.fromCharCode(...units);
  }
}
