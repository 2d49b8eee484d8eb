/**
 * A serving simulation as CSV (RFC 4180): a line for each number, or for each request.
 *
 * @module
 */

import { stringify } from "@std/csv";
import { servingConfidence } from "./confidence.ts";
import type { ServingRun, ServingScope } from "./metric.ts";
import { servingMetricsOf } from "./metrics.ts";
import { PARTS, partsOf, tpotNs } from "./times.ts";

const HEAD = [
  "scenario",
  "seed",
  "scope",
  "place",
  "metric",
  "unit",
  "value",
  "confidence",
  "why",
  "resultHash",
];

/**
 * Writes a serving simulation as CSV: a head line, then one line per number: of the run, of each
 * group of GPUs, of each kind of store and of link, with its confidence and the reason.
 *
 * Values are raw (ratios between 0 and 1, nanoseconds); an undefined one is an empty field. Files
 * of several runs can be joined.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingCsv, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const csv = servingCsv(servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context));
 * assertStringIncludes(csv, ",run,,e2eNsMean,nanoseconds,102500000,medium,");
 * ```
 */
export function servingCsv(run: ServingRun): string {
  const { groups, stores, links } = run.kinds;
  return stringify([
    HEAD,
    ...lines(run, "run"),
    ...groups.flatMap(({ name }, at) => lines(run, "group", name, at)),
    ...stores.flatMap(({ name }, at) => lines(run, "store", name, at)),
    ...links.flatMap(({ name }, at) => lines(run, "link", name, at)),
  ]);
}

function lines(
  run: ServingRun,
  scope: ServingScope,
  place = "",
  at?: number,
): (string | number)[][] {
  const { context } = run;
  return servingMetricsOf(scope).map((entry) => {
    const { level, why } = servingConfidence(run, entry);
    return [
      context.name,
      context.spec.seed,
      scope,
      place,
      entry.name,
      entry.unit,
      entry.value(run, at) ?? "",
      level,
      why.replaceAll("\u00a0", " "),
      context.hashes.result,
    ];
  });
}

const INSTANTS = [
  "arrivalNs",
  "loadStartNs",
  "loadEndNs",
  "scheduledNs",
  "firstTokenNs",
  "decodeStartNs",
  "finishNs",
] as const;

const COLUMNS = [
  "promptTokens",
  "cachedTokens",
  "peerTokens",
  "loadedTokens",
  "outputTokens",
  "replica",
  "decoder",
  "preemptions",
  "retries",
  "transferBlocks",
] as const;

const STATES = ["unfinished", "finished", "refused"];

/** Stands for a replica that a request never had. */
const NONE = 0xffffffff;

/**
 * Writes the requests of a simulation as CSV: a head line, then one line per request of the trace
 * with its instants, its tokens, its replicas, and its times. What never came is an empty field.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingRequestsCsv, servingRun } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const csv = servingRequestsCsv(servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context));
 * assertEquals(csv.split("\r\n").length, 1 + 4 + 1);
 * ```
 */
export function servingRequestsCsv({ result: { requests } }: ServingRun): string {
  const known = (value: number) => Number.isNaN(value) || value === NONE ? "" : value;
  const rows = Array.from(requests.state, (state, row) => {
    const parts = partsOf(requests, row);
    return [
      row,
      STATES[state],
      ...INSTANTS.map((name) => known(requests[name][row])),
      ...COLUMNS.map((name) => known(requests[name][row])),
      known(requests.firstTokenNs[row] - requests.arrivalNs[row]),
      known(tpotNs(requests, row)),
      known(requests.finishNs[row] - requests.arrivalNs[row]),
      ...PARTS.map((part) => known(parts[part])),
    ];
  });
  const times = ["ttftNs", "tpotNs", "e2eNs", ...PARTS.map((part) => `${part}Ns`)];
  return stringify([["request", "state", ...INSTANTS, ...COLUMNS, ...times], ...rows]);
}
