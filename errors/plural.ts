/**
 * Words that go with a number.
 *
 * @module
 */

/** The noun that goes with a number: `1 block`, `0 blocks`, `2 blocks`. */
export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}
