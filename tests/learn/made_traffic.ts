/**
 * Traffic in which there is something to learn.
 *
 * @module
 */
import { numbersFrom } from "../support/traces.ts";

/**
 * Two kinds of traffic that differ in length: prompts of 8 blocks that come back once, 120 requests
 * later, and prompts of 20 that never do. LRU lets the scans push out what returns.
 */
export function scansAndReturns(requests: number): number[][] {
  const next = numbersFrom(77);
  let fresh = 1_000_000;
  return Array.from({ length: requests }, (_, i) => {
    if (i % 2 === 1) return Array.from({ length: 20 }, () => fresh++);
    const name = (i / 2) % 60 + 60 * Math.floor(i / 240) + (next() % 25 === 0 ? 5000 : 0);
    return Array.from({ length: 8 }, (_, block) => name * 8 + block);
  });
}
