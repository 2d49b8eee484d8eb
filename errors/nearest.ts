/**
 * The names closest to a mistyped one, for "did you mean".
 *
 * @module
 */

/**
 * Finds the candidates within a small edit distance of `name`, nearest first, at most three.
 *
 * @example
 * ```ts
 * import { nearest } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearest("s3fifo", ["lru", "s3-fifo", "sieve"]), ["s3-fifo"]);
 * assertEquals(nearest("xyzzy", ["lru", "sieve"]), []);
 * ```
 */
export function nearest(name: string, candidates: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** The mending sentence for an unknown name, or `undefined` when nothing is near. */
export function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  return didYouMeanOneOf(nearest(name, candidates));
}

/** The mending sentence for names that were found near, or `undefined` for none. */
export function didYouMeanOneOf(found: readonly string[]): string | undefined {
  if (found.length === 0) return undefined;
  return `did you mean ${found.map((each) => `"${each}"`).join(" or ")}?`;
}

/**
 * A name typed in part (at least four letters) is as near as one wrong letter; where six letters
 * or more begin the name, one in six may be wrong.
 */
function distanceTo(wanted: string, candidate: string): number {
  const distances = editDistances(wanted, candidate);
  const whole = distances[candidate.length];
  if (wanted.length >= 4 && candidate.includes(wanted)) return Math.min(1, whole);
  const start = Math.min(...distances);
  return start <= Math.floor(wanted.length / 6) ? Math.min(start + 1, whole) : whole;
}

/**
 * Optimal string alignment of `source` with each beginning of `target`: insertions, deletions,
 * substitutions, and swapped neighbours.
 */
function editDistances(source: string, target: string): number[] {
  let before: number[] = [];
  let previous = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (let i = 1; i <= source.length; i++) {
    const row = [i];
    for (let j = 1; j <= target.length; j++) {
      const cost = source[i - 1] === target[j - 1] ? 0 : 1;
      let best = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + cost);
      const swapped = i > 1 && j > 1 && source[i - 1] === target[j - 2] &&
        source[i - 2] === target[j - 1];
      if (swapped) best = Math.min(best, before[j - 2] + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous;
}
