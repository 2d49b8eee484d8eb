/**
 * Every trace of up to six touches of up to four blocks, cut into requests in several ways, and
 * some long random ones, against definitions written to be read.
 *
 * Policies cannot tell one block from another by its name, so traces that differ by a renaming are
 * one trace. All prefixes of a trace are traces too: equal totals mean equal outcomes throughout.
 */
import { assertEquals } from "@std/assert";
import { Replayer } from "../../engine/replayer.ts";
import { checkingModule, numbersFrom, traceOf } from "../support/traces.ts";
import { RULES } from "./rules_group3.ts";

/** All traces of `length` touches of up to `blocks` blocks, numbered by first touch. */
function* traces(length: number, blocks: number, used = 0): Generator<number[]> {
  if (length === 0) return yield [];
  for (let block = 0; block <= used && block < blocks; block++) {
    for (const rest of traces(length - 1, blocks, Math.max(used, block + 1))) {
      yield [block, ...rest];
    }
  }
}

/** Cuts a trace into requests whose lengths repeat. */
function cut(trace: readonly number[], lengths: readonly number[]): number[][] {
  const requests: number[][] = [];
  for (let at = 0; at < trace.length;) {
    const length = lengths[requests.length % lengths.length];
    requests.push(trace.slice(at, at + length));
    at += length;
  }
  return requests;
}

function compare(requests: readonly (readonly number[])[], capacities: readonly number[]): void {
  const replayer = new Replayer(traceOf(requests), checking);
  const touches = requests.flatMap((request) =>
    request.map((block, depth) => ({ block, depth, requestBlocks: request.length }))
  );
  for (const [policy, rule] of Object.entries(RULES)) {
    for (const capacityBlocks of capacities) {
      const touch = rule(capacityBlocks);
      const { hits } = replayer.run({
        policy: replayer.registry.policy(policy),
        admission: replayer.registry.admitter("always"),
        capacityBlocks,
        touch: "root-first",
        seed: 1,
        engine: "general",
      });
      const where = `${policy} at ${capacityBlocks} blocks on ${JSON.stringify(requests)}`;
      assertEquals(hits, touches.filter((touched) => touch(touched)).length, where);
    }
  }
}

const checking = checkingModule();
const CUTS = [[1], [2], [1, 3], [6]];

Deno.test("policies of group 3 equal their definitions on every short trace", () => {
  for (let length = 1; length <= 6; length++) {
    for (const trace of traces(length, 4)) {
      for (const lengths of CUTS) compare(cut(trace, lengths), [1, 2, 3]);
    }
  }
});

Deno.test("policies of group 3 equal their definitions on long random traces", () => {
  for (let seed = 1; seed <= 24; seed++) {
    const next = numbersFrom(seed);
    const blocks = 4 + (seed % 12);
    const trace = Array.from({ length: 160 }, () => Math.min(next() % blocks, next() % blocks));
    compare(cut(trace, [1, 2, 5, 3, 8]), [1, 2, 3, 4, 5, 7, 10]);
  }
});
