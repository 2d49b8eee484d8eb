/**
 * What a serving simulation refuses; the engine trusts what passes.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import type { Trace } from "../traces/trace.ts";
import type { ReplicaSpec, ServingSpec } from "./serving_spec.ts";
import type { StepModel } from "./step_model.ts";

/** Longest time that anything may be given, in nanoseconds: 11 days. */
const NS_MAX = 1e15;
/** Fastest link: sums of bytes and nanoseconds stay exact. */
const BYTES_PER_SECOND_MAX = 1e15;
/** Links of a path hold at most so many stores. */
const STORES_MAX = 8;
const SPINES_MAX = 1024;
/** Columns of a timeline: no picture is wider. */
const COLUMNS_MAX = 4096;

function refuse(what: string, found: unknown, expected: string, mend: string[] = []): never {
  throw new UsageError({
    code: "usage/serving",
    message: `Cannot simulate the cluster: ${what}`,
    found: String(found),
    expected,
    mend,
  });
}

/** Refuses an index that points nowhere. */
function below(what: string, index: number | undefined, count: number): void {
  if (index === undefined || Number.isInteger(index) && index >= 0 && index < count) return;
  refuse(`${what} points nowhere`, index, `an index from 0 to ${count - 1}`);
}

function whole(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  refuse(`${what} is out of range`, value, `a whole number from ${least} to ${most}`);
}

function between(what: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  refuse(`${what} is out of range`, value, `a number from ${least} to ${most}`);
}

/**
 * Refuses a cluster that contradicts itself, and numbers that are out of range.
 *
 * @throws {UsageError}
 */
export function checkServing(spec: ServingSpec): void {
  if (spec.replicas.length === 0) refuse("it has no replicas", 0, "one or more");
  if (spec.replicas.every(({ role }) => role === "decode")) {
    refuse("no replica computes prompts", "decode replicas only", "a unified or prefill replica");
  }
  const roles = new Set(spec.replicas.map(({ role }) => role));
  if (roles.has("prefill") && !roles.has("decode")) {
    refuse("nobody decodes what is prefilled", "no decode replica", "one or more");
  }
  whole("the number of spines", spec.spines ?? 1, 1, SPINES_MAX);
  for (const [index, replica] of spec.replicas.entries()) checkReplica(spec, replica, index);
  for (const [index, model] of spec.stepModels.entries()) checkStepModel(model, index);
  for (const [index, { latencyNs, bytesPerSecond }] of spec.links.entries()) {
    between(`link ${index}'s latency`, latencyNs, 0, NS_MAX);
    between(`link ${index}'s bytes per second`, bytesPerSecond, 1, BYTES_PER_SECOND_MAX);
  }
  for (const [index, store] of spec.stores.entries()) {
    whole(`store ${index}'s blocks`, store.blocks, 0, 2 ** 31);
    below(`store ${index}'s read link`, store.linkRead, spec.links.length);
    below(`store ${index}'s write link`, store.linkWrite, spec.links.length);
    below(`store ${index}'s lower store`, store.below, spec.stores.length);
    if (store.below !== undefined && store.below <= index) {
      refuse(`store ${index} sinks upwards`, store.below, "a store with a higher index");
    }
  }
  checkFaults(spec);
  checkSettings(spec);
}

const LINKS = [
  "linkOut",
  "linkIn",
  "linkUp",
  "linkDown",
  "linkPeer",
  "linkHostIn",
  "linkHostOut",
  "linkSwitchIn",
  "linkSwitchOut",
] as const satisfies readonly (keyof ReplicaSpec)[];

function checkReplica(spec: ServingSpec, replica: ReplicaSpec, index: number): void {
  const of = `replica ${index}'s`;
  below(`${of} step model`, replica.stepModel, spec.stepModels.length);
  for (const store of replica.stores) below(`${of} store`, store, spec.stores.length);
  whole(`${of} count of stores`, replica.stores.length, 0, STORES_MAX);
  for (const name of LINKS) below(`${of} ${name}`, replica[name], spec.links.length);
  const last = (spec.spines ?? 1) - 1;
  for (const first of [replica.linkUp, replica.linkDown]) {
    if (first !== undefined) below(`${of} link of the last spine`, first + last, spec.links.length);
  }
  for (const name of ["blocks", "maxSequences", "tokenBudget"] as const) {
    whole(`${of} ${name}`, replica[name], 1, 2 ** 31 - 1);
  }
}

const CONSTANTS = [
  "stepNs",
  "sequenceNs",
  "tokenNs",
  "pairNs",
  "contextNs",
  "windowTokens",
  "windowPairNs",
  "windowContextNs",
  "allReduceNs",
  "allReduceNsPerToken",
] as const satisfies readonly (keyof StepModel)[];

function checkStepModel(model: StepModel, index: number): void {
  const of = `step model ${index}'s`;
  const { products, smoothness, mixedSequenceNs = 0, mixedContextFactor = 1 } = model;
  for (const name of CONSTANTS) between(`${of} ${name}`, model[name], 0, NS_MAX);
  between(`${of} mixedSequenceNs`, mixedSequenceNs, 0, NS_MAX);
  between(`${of} mixedContextFactor`, mixedContextFactor, 0, 1e3);
  between(`${of} smoothness`, smoothness, 1, 16);
  for (const { activeShare, ...times } of products) {
    between(`${of} activeShare`, activeShare, 0, 1);
    for (const [name, value] of Object.entries(times)) {
      between(`${of} product's ${name}`, value, 0, NS_MAX);
    }
  }
}

function checkFaults(spec: ServingSpec): void {
  let before = 0;
  for (const [index, { kind, subject, timeNs }] of spec.faults.entries()) {
    const count = kind.startsWith("link")
      ? spec.links.length
      : kind.startsWith("store")
      ? spec.stores.length
      : spec.replicas.length;
    below(`fault ${index}'s subject`, subject, count);
    whole(`fault ${index}'s time`, timeNs, 0, Number.MAX_SAFE_INTEGER);
    if (timeNs < before) {
      refuse(`fault ${index} goes back in time`, timeNs, `${before} ns or later`, [
        "list faults in order of time",
      ]);
    }
    before = timeNs;
  }
}

function checkSettings(spec: ServingSpec): void {
  whole("the bytes of a block", spec.blockBytes, 1, 2 ** 32 - 1);
  whole("the number of layers", spec.layers, 1, 2 ** 20);
  whole("the default output length", spec.outputTokensDefault, 1, 2 ** 30);
  between("the staleness", spec.stalenessNs, 0, NS_MAX);
  between("the delay of writes", spec.writeDelayNs, 0, NS_MAX);
  between("the jitter's shape", spec.jitter.shape, 0, 100);
  between("the tail's probability", spec.jitter.tailProbability, 0, 1);
  between("the tail's factor", spec.jitter.tailFactor, 1, 1e6);
  whole("the warm-up", spec.warmupNs ?? 0, 0, NS_MAX);
  whole("the seed", spec.seed, 0, Number.MAX_SAFE_INTEGER);
  whole("the room of the log of steps", spec.stepLogRoom, 0, 2 ** 26);
  whole("the half of the timeline's columns", spec.timelineColumns / 2, 0, COLUMNS_MAX / 2);
  const names: readonly (readonly [string, string, readonly string[]])[] = [
    ["handover", spec.handover, ["push", "push-layerwise", "pull", "pull-on-demand"]],
    ["load choice", spec.recompute, ["load", "cheaper", "recompute"]],
    ["reach of peers", spec.peers, ["none", "island", "rack", "cluster"]],
    ["discipline", spec.discipline, ["fifo", "fair-share"]],
  ];
  for (const [what, name, known] of names) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known);
    refuse(`the ${what} is unknown`, name, known.join(", "), hint === undefined ? [] : [hint]);
  }
}

/**
 * Refuses arrivals that are no times or go back, and loads whose blocks cannot be numbered.
 *
 * @throws {UsageError}
 */
export function checkLoad(spec: ServingSpec, trace: Trace): void {
  const { arrivalNs, inputTokens, outputTokens } = trace.requests;
  let before = 0;
  let tokens = 0;
  for (let r = 0; r < trace.requestCount; r++) {
    const ns = arrivalNs?.[r] ?? 0;
    if (!Number.isSafeInteger(ns) || ns < before) {
      refuse(`request ${r + 1} does not arrive in order`, ns, `nanoseconds, ${before} or later`, [
        "sort the requests by arrival, in whole nanoseconds since the first",
      ]);
    }
    before = ns;
    const output = outputTokens?.[r] ?? spec.outputTokensDefault;
    if (inputTokens[r] + output >= 2 ** 31) {
      refuse(`request ${r + 1} is too long`, inputTokens[r] + output, "below 2147483648 tokens");
    }
    tokens += inputTokens[r] + output;
  }
  checkWarmup(spec.warmupNs ?? 0, before);
  if (tokens / trace.blockTokens + trace.requestCount + trace.uniqueBlocks < 2 ** 32 - 1) return;
  refuse("its blocks cannot be numbered", `${tokens} tokens`, "below 2^32 blocks", [
    "simulate fewer requests with --limit, or use larger blocks",
  ]);
}

/** The request that arrives last must count. */
function checkWarmup(warmupNs: number, lastArrivalNs: number): void {
  if (warmupNs <= lastArrivalNs) return;
  const seconds = (ns: number) => `${ns / 1e9} s`;
  refuse(
    "the warm-up leaves no request to count",
    `a warm-up of ${seconds(warmupNs)}; the last request arrives ${seconds(lastArrivalNs)} after ` +
      "the trace began",
    `${seconds(lastArrivalNs)} or less`,
    ["warm up for less, or serve more of the trace, or at a lower rate"],
  );
}
