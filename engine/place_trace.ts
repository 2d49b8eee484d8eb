/**
 * Copies the columns of a trace into an instance.
 *
 * @module
 */
import { TRACE_BYTES, TraceField } from "../assembly/abi.ts";
import type { Trace } from "../traces/trace.ts";
import type { Instance } from "./wasm.ts";

/**
 * Places the trace's columns and their header; gives the header's address, for `openTrace`.
 *
 * @throws {EngineError} If they do not fit in 4 GiB.
 */
export function placeTrace(instance: Instance, trace: Trace): number {
  const alloc = (bytes: number) => instance.call("alloc", [bytes], "place the trace in the engine");
  const { requests, extents } = trace;
  const header = alloc(TRACE_BYTES);
  const columns: [TraceField, Uint32Array][] = [
    [TraceField.FirstExtent, requests.firstExtent],
    [TraceField.FirstBlock, extents.firstBlock],
    [TraceField.BlockCount, extents.blockCount],
    [TraceField.InputTokens, requests.inputTokens],
  ];
  for (const [field, column] of columns) {
    const address = alloc(column.byteLength);
    instance.memory.words(address, column.length).set(column);
    instance.memory.setU32(header + field, address);
  }
  const numbers: [TraceField, number][] = [
    [TraceField.Requests, trace.requestCount],
    [TraceField.Extents, extents.firstBlock.length],
    [TraceField.Blocks, trace.uniqueBlocks],
    [TraceField.Accesses, trace.accesses],
    [TraceField.BlockTokens, trace.blockTokens],
  ];
  for (const [field, value] of numbers) instance.memory.setU32(header + field, value);
  return header;
}
