// engine.wasm alone, without the library: LRU over a loop of 600 blocks, 500 slots.
//
//   node examples/node/raw_engine.mjs
//
// The offsets are those of docs/abi.md. The module imports nothing and does no I/O.
import { readFile } from "node:fs/promises";

const bytes = await readFile(new URL("../../engine/engine.wasm", import.meta.url));
const { instance } = await WebAssembly.instantiate(bytes);
const engine = instance.exports;
const ABI_VERSION = 6;
if (engine.abiVersion() !== ABI_VERSION) throw new Error("another engine, another ABI");

/** Places a column and gives its address; views are taken anew because memory may have grown. */
function place(words) {
  const address = engine.alloc(words.length * 4) >>> 0;
  new Uint32Array(engine.memory.buffer, address, words.length).set(words);
  return address;
}

/** A managed string: UTF-16, byte length in the four bytes before it. */
function string(address) {
  const length = new DataView(engine.memory.buffer).getUint32(address - 4, true) / 2;
  return String.fromCharCode(...new Uint16Array(engine.memory.buffer, address, length));
}

// Ten requests, each one extent: blocks 0 to 599.
const rounds = 10;
const firstExtent = place(Uint32Array.from({ length: rounds + 1 }, (_, i) => i));
const firstBlock = place(new Uint32Array(rounds));
const blockCount = place(new Uint32Array(rounds).fill(600));
const inputTokens = place(new Uint32Array(rounds).fill(600 * 16));
// The header: requests, extents, blocks, accesses, tokens of a block; the columns; a reserved zero.
const sizes = [rounds, rounds, 600, 6000, 16];
const columns = [firstExtent, firstBlock, blockCount, inputTokens];
const trace = place(Uint32Array.from([...sizes, ...columns, 0]));
const run = engine.alloc(128) >>> 0;
if (engine.openTrace(trace) !== 0) throw new Error("the trace was refused");

const POLICY = 0;
for (let policy = 0; policy < engine.registryCount(POLICY); policy++) {
  const name = string(engine.registryName(POLICY, policy) >>> 0);
  if (!["lru", "mru", "optimal-demand"].includes(name)) continue;
  // policy, admission (0 is always), capacity, touch (0 is root-first), engine (0 is auto)
  new Uint32Array(engine.memory.buffer, run, 5).set([policy, 0, 500, 0, 0]);
  if (engine.openRun(run) !== 0) throw new Error("the run was refused");
  while (engine.advance(1 << 17) > 0);
  if (engine.closeRun() !== 0) throw new Error("the books do not balance");
  const counters = new BigUint64Array(engine.memory.buffer, engine.result() >>> 0, 3);
  console.log(`${name.padEnd(16)} ${counters[2]} hits of ${counters[1]} accesses`);
}
