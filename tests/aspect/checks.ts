/** What several specs need. AssemblyScript. */

/** "" when both are equal, else where they first differ. */
export function difference(actual: Array<u32>, expected: Array<u32>): string {
  const shared = min(actual.length, expected.length);
  for (let i = 0; i < shared; i++) {
    if (actual[i] == expected[i]) continue;
    return `at ${i}: ${actual[i]} instead of ${expected[i]}`;
  }
  if (actual.length == expected.length) return "";
  return `${actual.length} entries instead of ${expected.length}`;
}

/** The entry that `mix` of random.ts turns into `mixed`: its inverse, step by step. */
export function unmix(mixed: u64): u64 {
  let z = mixed;
  z = z ^ (z >> 31) ^ (z >> 62);
  z = z * inverse(0x94d049bb133111eb);
  z = z ^ (z >> 27) ^ (z >> 54);
  z = z * inverse(0xbf58476d1ce4e5b9);
  return z ^ (z >> 30) ^ (z >> 60);
}

/** Of an odd number modulo 2⁶⁴: Newton's iteration doubles the correct bits each time. */
function inverse(odd: u64): u64 {
  let x = odd;
  for (let i = 0; i < 6; i++) x *= 2 - odd * x;
  return x;
}
