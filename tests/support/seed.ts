/**
 * One seed for the property tests of a run, so that a commit is judged by what it changed:
 * `KVTIER_SEED=random` (or a number) looks elsewhere, as nightly runs should.
 *
 * @module
 */
import fc from "fast-check";

const asked = Deno.env.get("KVTIER_SEED") ?? "20261122";
if (asked !== "random") fc.configureGlobal({ seed: Number(asked) });
