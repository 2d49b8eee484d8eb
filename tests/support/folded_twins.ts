/**
 * The folded engine beside the block engine: every count, at one capacity after the other.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { hitsAt, lruCurve } from "../../curves/lru_curve.ts";
import { type FoldedLru, FoldedReplayer } from "../../engine/folded.ts";
import { type Counters, Replayer } from "../../engine/replayer.ts";
import type { Touch } from "../../engine/result.ts";
import type { Trace } from "../../traces/trace.ts";

const POLICIES = ["lru", "fifo", "optimal"] as const;

/** Hits of the block engine, in the order of {@linkcode POLICIES}. */
export interface BlockCounts {
  readonly capacityBlocks: number;
  readonly counters: readonly Counters[];
}

/** What the block engine counts; `general` where there is one, or else the kernel. */
export function blockCounts(
  trace: Trace,
  touch: Touch,
  capacities: readonly number[],
  engine: "general" | "kernel" = "general",
  module?: WebAssembly.Module,
): BlockCounts[] {
  const replayer = new Replayer(trace, module);
  const admission = replayer.registry.admitter("always");
  return capacities.map((capacityBlocks) => ({
    capacityBlocks,
    counters: POLICIES.map((name) =>
      replayer.run({
        policy: replayer.registry.policy(name),
        admission,
        capacityBlocks,
        touch,
        seed: 1,
        engine: name === "optimal" ? "kernel" : engine,
      })
    ),
  }));
}

/** Asserts that the folded engine counts the same, for single capacities and on the curve. */
export function compareFolded(
  replayer: FoldedReplayer,
  touch: Touch,
  expected: readonly BlockCounts[],
  label: string,
): void {
  const curve = lruCurve(replayer.reuse(touch));
  for (const { capacityBlocks, counters: [lru, fifo, optimal] } of expected) {
    const place = `${label}, ${touch} at ${capacityBlocks}`;
    const found = replayer.lru(capacityBlocks, touch);
    assertEquals(
      {
        curve: hitsAt(curve.points, capacityBlocks),
        curvePrefix: hitsAt(curve.prefixPoints, capacityBlocks),
        lru: { hits: found.hits, prefixHits: found.prefixHits },
        evictions: found.evictedBlocks.reduce((sum, blocks) => sum + blocks, 0),
        fifo: replayer.fifo(capacityBlocks, touch),
        optimal: replayer.optimal(capacityBlocks, touch),
      },
      {
        curve: lru.hits,
        curvePrefix: lru.prefixHits,
        lru: hitsOf(lru),
        evictions: lru.evictions,
        fifo: hitsOf(fifo),
        optimal: hitsOf(optimal),
      },
      place,
    );
  }
}

function hitsOf({ hits, prefixHits }: Counters) {
  return { hits, prefixHits };
}

/** One row per evicted block: the request of its last touch, and the one that took its room. */
export function perEviction(lru: FoldedLru): [touched: number, evicted: number][] {
  const rows: [number, number][] = [];
  lru.evictedBlocks.forEach((blocks, row) => {
    const pair: [number, number] = [lru.touchedRequest[row], lru.evictedRequest[row]];
    for (let i = 0; i < blocks; i++) rows.push(pair);
  });
  return rows;
}

/** The same rows from LRU written to be read. */
export function naiveEvictions(
  trace: Trace,
  capacityBlocks: number,
  touch: Touch,
): [touched: number, evicted: number][] {
  const rows: [number, number][] = [];
  const held = new Map<number, number>(); // block to request, the oldest first
  const { firstExtent } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  for (let r = 0; r < trace.requestCount; r++) {
    const path: number[] = [];
    for (let e = firstExtent[r]; e < firstExtent[r + 1]; e++) {
      for (let i = 0; i < blockCount[e]; i++) path.push(firstBlock[e] + i);
    }
    for (const block of touch === "root-first" ? path : path.toReversed()) {
      if (!held.delete(block) && held.size === capacityBlocks) {
        const [oldest, touched] = held.entries().next().value!;
        held.delete(oldest);
        rows.push([touched, r]);
      }
      held.set(block, r);
    }
  }
  return rows;
}
