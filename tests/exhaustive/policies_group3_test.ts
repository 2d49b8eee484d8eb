/**
 * Every trace of up to six touches of up to four blocks, cut into requests in several ways, and
 * some long random ones, against definitions written to be read.
 *
 * All prefixes of a trace are traces too: equal totals mean equal outcomes throughout.
 */
import { RULES } from "./rules_group3.ts";
import { holdOnLongTraces, holdOnShortTraces } from "./small_traces.ts";

Deno.test("policies of group 3 equal their definitions on every short trace", () => {
  holdOnShortTraces(RULES);
});

Deno.test("policies of group 3 equal their definitions on long random traces", () => {
  holdOnLongTraces(RULES, 24, 160);
});
