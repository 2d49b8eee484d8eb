/**
 * The families of workloads. A new one is a file and a line here.
 *
 * @module
 */

import { agents } from "./agents.ts";
import { loop, scan, uniform, zipf } from "./basic.ts";
import { chat } from "./chat.ts";
import { kvcacheSim, kvcacheSimAgents } from "./kvcache_sim.ts";
import { LAB_KINDS } from "./lab.ts";
import type { Kind } from "./parameters.ts";
import { PATTERN_KINDS } from "./patterns.ts";
import { rag } from "./rag.ts";

/** A family whose parameters are only known when it runs. */
// deno-lint-ignore no-explicit-any
export type AnyKind = Kind<any>;

export const KINDS: readonly AnyKind[] = [
  chat,
  rag,
  agents,
  kvcacheSim,
  kvcacheSimAgents,
  ...PATTERN_KINDS,
  ...LAB_KINDS,
  loop,
  scan,
  zipf,
  uniform,
];
