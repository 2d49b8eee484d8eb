/**
 * Caches with a time to live, written to be read: block by block, with a clock.
 *
 * @module
 */
import type { Touch } from "../../engine/result.ts";
import type { Trace } from "../../traces/trace.ts";

/** The blocks of a request, root first. */
export function pathOf(trace: Trace, request: number): number[] {
  const { firstExtent } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  const path: number[] = [];
  for (let e = firstExtent[request]; e < firstExtent[request + 1]; e++) {
    for (let i = 0; i < blockCount[e]; i++) path.push(firstBlock[e] + i);
  }
  return path;
}

/** What a replay counts; `lead` is the leading run of each request. */
export interface NaiveHits {
  hits: number;
  prefixHits: number;
  lead: number[];
}

/** LRU of a capacity whose blocks expire; `eager` removes them at once, else they wait for room. */
export function naiveTtl(
  trace: Trace,
  touch: Touch,
  ttlNs: number,
  capacityBlocks = Infinity,
  eager = true,
): NaiveHits {
  const cache = new Map<number, number>(); // block to its last touch, least recent first
  const found: NaiveHits = { hits: 0, prefixHits: 0, lead: [] };
  for (let request = 0; request < trace.requestCount; request++) {
    const now = trace.requests.arrivalNs![request];
    if (eager) { for (const [block, at] of [...cache]) if (now - at > ttlNs) cache.delete(block); }
    const isHit = (block: number) => cache.has(block) && now - cache.get(block)! <= ttlNs;
    const use = (block: number) => {
      cache.delete(block);
      cache.set(block, now);
      if (cache.size > capacityBlocks) cache.delete(cache.keys().next().value!);
    };
    const path = pathOf(trace, request);
    const hits = path.map((block) => {
      const hit = isHit(block);
      if (touch === "root-first") use(block);
      return hit;
    });
    if (touch === "tail-first") path.toReversed().forEach(use);
    const lead = hits.includes(false) ? hits.indexOf(false) : hits.length;
    found.hits += hits.filter(Boolean).length;
    found.prefixHits += lead;
    found.lead.push(lead);
  }
  return found;
}

/** Spans of life `[from, to]` of every block in an endless cache, clipped to the trace. */
export function naiveLives(trace: Trace, ttlNs: number): [number, number][] {
  const { arrivalNs } = trace.requests;
  const end = arrivalNs![trace.requestCount - 1];
  const touches = new Map<number, number[]>();
  for (let request = 0; request < trace.requestCount; request++) {
    for (const block of new Set(pathOf(trace, request))) {
      const times = touches.get(block) ?? [];
      touches.set(block, [...times, arrivalNs![request]]);
    }
  }
  const lives: [number, number][] = [];
  for (const times of touches.values()) {
    let from = times[0];
    times.forEach((at, i) => {
      const next = times[i + 1];
      if (next !== undefined && next - at <= ttlNs) return;
      lives.push([from, Math.min(end, at + ttlNs)]);
      from = next;
    });
  }
  return lives;
}
