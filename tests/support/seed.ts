/**
 * One seed for the property tests of a run, so that a commit is judged by what it changed:
 * `KVTIER_SEED=random` (or a number) looks elsewhere, as nightly runs should, and `KVTIER_RUNS=20`
 * looks twenty times as long. Properties that want more or fewer runs than others say
 * `{ numRuns: runs(300) }`, so that the factor reaches them, too.
 *
 * @module
 */
import fc from "fast-check";

const asked = Deno.env.get("KVTIER_SEED") ?? "20261122";
const times = Number(Deno.env.get("KVTIER_RUNS") ?? 1);

if (!(times > 0)) throw new Error(`KVTIER_RUNS is no factor above 0: ${times}`);
if (asked !== "random" && !Number.isSafeInteger(Number(asked))) {
  throw new Error(`KVTIER_SEED is neither a whole number nor random: ${asked}`);
}

fc.configureGlobal({
  numRuns: runs(),
  ...(asked === "random" ? {} : { seed: Number(asked) }),
});

/** How many runs a property gets that is content with so many at a commit. */
export function runs(count = 100): number {
  return Math.ceil(count * times);
}
