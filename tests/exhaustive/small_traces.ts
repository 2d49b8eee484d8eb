/**
 * Small traces, every one of them, and policies held to their definitions on traces in requests.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Replayer } from "../../engine/replayer.ts";
import type { Rule } from "./rules_group2.ts";
import { checkingModule, numbersFrom, traceOf } from "../support/traces.ts";

/**
 * All traces of `length` touches of up to `blocks` blocks, numbered by first touch: policies cannot
 * tell one block from another by its name.
 */
export function* everyTrace(length: number, blocks: number, used = 0): Generator<number[]> {
  if (length === 0) return yield [];
  for (let block = 0; block <= used && block < blocks; block++) {
    for (const rest of everyTrace(length - 1, blocks, Math.max(used, block + 1))) {
      yield [block, ...rest];
    }
  }
}

/** A policy, or a policy and an admitter, by a definition: whether each touch is a hit. */
type Rules = Readonly<Record<string, Rule>>;

const CUTS = [[1], [2], [1, 3], [6]];

/** Holds rules to every trace of up to six touches of four blocks, cut into requests. */
export function holdOnShortTraces(rules: Rules): void {
  for (let length = 1; length <= 6; length++) {
    for (const trace of everyTrace(length, 4)) {
      for (const lengths of CUTS) hold(rules, cut(trace, lengths), [1, 2, 3]);
    }
  }
}

/** Holds rules to random traces of so many touches. */
export function holdOnLongTraces(rules: Rules, traces: number, touches: number): void {
  for (let seed = 1; seed <= traces; seed++) {
    const next = numbersFrom(seed);
    const blocks = 4 + (seed % 12);
    const trace = Array.from({ length: touches }, () => Math.min(next() % blocks, next() % blocks));
    hold(rules, cut(trace, [1, 2, 5, 3, 8]), [1, 2, 3, 4, 5, 7, 10]);
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

const checking = checkingModule();

function hold(rules: Rules, requests: readonly number[][], capacities: readonly number[]): void {
  const replayer = new Replayer(traceOf(requests), checking);
  const touches = requests.flatMap((request) =>
    request.map((block, depth) => ({ block, depth, requestBlocks: request.length }))
  );
  for (const [spec, rule] of Object.entries(rules)) {
    const [policy, admission = "always"] = spec.split(" ");
    for (const capacityBlocks of capacities) {
      const touch = rule(capacityBlocks);
      const { hits } = replayer.run({
        policy: replayer.registry.policy(policy),
        admission: replayer.registry.admitter(admission),
        capacityBlocks,
        touch: "root-first",
        seed: 1,
        engine: "general",
      });
      const where = `${spec} at ${capacityBlocks} blocks on ${JSON.stringify(requests)}`;
      assertEquals(hits, touches.filter((touched) => touch(touched)).length, where);
    }
  }
}
