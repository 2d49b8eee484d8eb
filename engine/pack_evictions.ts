/**
 * The eviction rules of a cluster in the engine's memory.
 *
 * @module
 */
import { EVICTION_BYTES, EvictionField } from "../assembly/abi_engine.ts";
import type { Memory } from "./memory.ts";
import type { Choice, Registry } from "./registry.ts";

/** The eviction rules that anything goes by, each once. */
export class EvictionTable {
  readonly choices: Choice[] = [];

  constructor(private readonly registry: Registry) {}

  /** The number of a rule; that of `lru` when absent. */
  indexOf(eviction = "lru"): number {
    const choice = this.registry.eviction(eviction);
    const found = this.choices.findIndex(({ label }) => label === choice.label);
    return found >= 0 ? found : this.choices.push(choice) - 1;
  }
}

/** Lays rules out; replicas and stores have numbered them before. Gives their address. */
export function placeEvictions(
  memory: Memory,
  choices: readonly Choice[],
  room: (bytes: number) => number,
): number {
  const start = room(EVICTION_BYTES * choices.length);
  for (const [index, { entry, values }] of choices.entries()) {
    const at = start + index * EVICTION_BYTES;
    memory.setU32(at + EvictionField.Entry, entry.index);
    values.forEach((value, i) => memory.setF64(at + EvictionField.Parameters + i * 8, value));
  }
  return start;
}
