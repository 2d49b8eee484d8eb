/**
 * JSON Schema of the document that `servingJson` writes, made from the table of metrics.
 *
 * @module
 */

import { closed, hash, type Schema, text, whole } from "../schema_parts.ts";
import { SERVING_SCHEMA } from "./json.ts";
import type { ServingMetric, ServingScope } from "./metric.ts";
import { COUNTED } from "./metrics_latency.ts";
import { servingMetricsOf } from "./metrics.ts";

/** What the engine counts is never null; what is derived may be. */
function metricSchema(entry: ServingMetric): Schema {
  const description = `${entry.meaning} Formula: ${entry.formula}. Unit: ${entry.unit}.`;
  if (entry.formula === COUNTED) return whole(description);
  return { type: ["number", "null"], description };
}

function metricsSchema(scope: ServingScope): Record<string, Schema> {
  return Object.fromEntries(
    servingMetricsOf(scope).map((entry) => [entry.name, metricSchema(entry)]),
  );
}

const array = (items: Schema, description: string): Schema => ({
  type: "array",
  items,
  description,
});
const optional = (type: "string" | "number", description: string): Schema => ({
  type: [type, "null"],
  description,
});
const flag = (description: string): Schema => ({ type: "boolean", description });
const oneOf = (values: readonly string[], description: string): Schema => ({
  enum: [...values],
  description,
});

const LEVEL = oneOf(["low", "medium", "high"], "How far it may be believed.");
const VERDICT = closed({ level: LEVEL, why: text("The reason, as a clause.") });

function clusterSchema(): Schema {
  return closed({
    replicas: whole("Engines."),
    router: text("Registered name of the router, with parameters."),
    routerSample: whole("Replicas that it looks at for a request; 0 for all."),
    stalenessNs: { type: "number", minimum: 0, description: "Age of what the router sees." },
    speculativeView: flag("Whether a routed prompt is taken to be cached at once."),
    handover: oneOf(
      ["push", "push-layerwise", "pull", "pull-on-demand"],
      "How KV goes from prefill to decode.",
    ),
    deltaTransfer: flag("Whether only blocks that the decoder lacks are sent."),
    recompute: oneOf(["load", "cheaper", "recompute"], "Whether stored blocks are loaded."),
    peers: oneOf(["none", "island", "rack", "cluster"], "Whose HBM replicas read blocks from."),
    discipline: oneOf(["fifo", "fair-share"], "How transfers share a link."),
    closedLoop: flag("Whether turns of a session wait for the turn before them."),
    warmupNs: whole("What happens before this time counts in no number; 0 when everything does."),
    seed: whole("Seed of every random stream."),
  });
}

function traceSchema(): Schema {
  return closed({
    path: text("Where the trace came from, as the user wrote it; not part of resultHash."),
    format: text("Registered name of the format."),
    requests: whole("Requests."),
    blockTokens: whole("Tokens of a full block."),
    arrivals: oneOf(["measured", "scaled", "made"], "How arrival times came about."),
    reuse: oneOf(["hashes", "none"], "Whether the source identifies its blocks."),
    hash: hash("SHA-256 of the columns of the trace."),
    notes: { type: "array", items: { type: "string" }, description: "What reading it met." },
  });
}

function calibrationSchema(): Schema {
  return {
    ...closed({
      name: text("Name of the calibration."),
      source: text("Who measured what."),
      dataHash: optional("string", "SHA-256 of the measured data."),
      meanError: optional("number", "Mean error on what the fit saw, a ratio."),
      heldOutError: optional("number", "Mean error on what it did not see, a ratio."),
      isSameSystem: flag("Whether this model was measured on this GPU."),
      assumedStepNs: optional(
        "number",
        "Constant of each step, where no fit on served requests gave it.",
      ),
      fits: {
        type: "array",
        items: closed({
          of: text("What was fitted."),
          file: text("Name of the measured file."),
          points: whole("Measurements."),
          meanError: { type: "number", description: "Mean error on them, a ratio." },
          heldOutError: optional("number", "Mean error on those that it did not see, a ratio."),
        }),
        description: "Its parts.",
      },
    }),
    type: ["object", "null"],
    description: "What times of steps were fitted on; null when they follow from data sheets.",
  };
}

function confidenceSchema(): Schema {
  const names = servingMetricsOf("run").map(({ name }) => name);
  return closed({
    level: LEVEL,
    why: text("The reason."),
    grounds: closed(
      Object.fromEntries(
        ["arrivals", "reuse", "steps", "saturation", "prices", "power"]
          .map((ground) => [ground, VERDICT]),
      ),
    ),
    metrics: closed(Object.fromEntries(names.map((name) => [name, LEVEL]))),
  });
}

function groupSchema(): Schema {
  return closed({
    name: text("Name of the group."),
    replicas: whole("Engines of the group."),
    gpu: text("Name of the GPU."),
    gpusPerReplica: whole("GPUs of one engine."),
    dollarsPerGpuHour: optional("number", "Price of one GPU in an hour."),
    busyWatts: optional("number", "Power of one GPU in a step."),
    idleWatts: optional("number", "Power of one GPU between steps."),
    ...metricsSchema("group"),
  });
}

const shares = (description: string): Schema =>
  array({ type: "number", minimum: 0 }, `${description} One number per column.`);

function timelineSchema(): Schema {
  return {
    ...closed({
      columnNs: whole("Width of a column; the first and the last may be cut short."),
      startNs: array(whole("Nanoseconds since the trace began."), "When each column begins."),
      roles: array(
        closed({
          role: text("What these replicas do."),
          busyRatio: shares("Share of them in a step."),
          hbmOccupancy: shares("Share of their KV blocks that requests use."),
        }),
        "One entry per role of replicas.",
      ),
      links: array(
        closed({
          name: text("Name of the links, as in `links`."),
          useRatio: shares("Share of bandwidth carried, mean over these links."),
          busiest: optional(
            "string",
            "The link that was full for longest, or carried most; null " +
              "where there are so many links that only their sum is known.",
          ),
          busiestUseRatio: {
            type: ["array", "null"],
            items: { type: "number", minimum: 0 },
            description: "The same of that link.",
          },
        }),
        "One entry per kind of link, in the order of `links`.",
      ),
    }),
    type: ["object", "null"],
    description: "Shares over time, to a millionth; null when the simulation kept none.",
  };
}

/**
 * JSON Schema (2020-12) of the document of a serving simulation.
 *
 * @example
 * ```ts
 * import { servingSchema } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(servingSchema().type, "object");
 * ```
 */
export function servingSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvtier latency, version 1",
    description: "A trace served by a cluster. Made from report/serving/ by `deno task docs`; " +
      "change it there.",
    ...closed({
      command: text("Command that wrote the document."),
      version: text("Version of kvtier."),
      schema: { const: SERVING_SCHEMA, description: "Version of this shape." },
      scenario: closed({
        name: text("Name of the scenario."),
        path: optional("string", "Path of its file."),
        model: text("Name of the model."),
      }),
      cluster: clusterSchema(),
      slo: closed({
        ttftNs: optional("number", "Longest promised time to the first token."),
        tpotNs: optional("number", "Longest promised mean time of a later token."),
      }),
      trace: traceSchema(),
      calibration: calibrationSchema(),
      storeCalibration: {
        ...closed({ name: text("Name of the calibration."), source: text("Who measured what.") }),
        type: ["object", "null"],
        description: "Who measured the speeds of stores; null when they follow from data sheets.",
      },
      calibrated: {
        type: "array",
        items: { type: "string" },
        description: "Key paths of the scenario whose numbers calibrations gave.",
      },
      notes: {
        type: "array",
        items: { type: "string" },
        description: "What was asked for and not kept, or had no effect.",
      },
      confidence: confidenceSchema(),
      saturation: oneOf(
        ["steady", "saturated", "unknown", "offline"],
        "Whether the queue grew as long as requests arrived.",
      ),
      metrics: closed(metricsSchema("run")),
      groups: array(groupSchema(), "One entry per group of GPUs."),
      stores: array(
        closed({
          name: text("Name of the stores, # for what their names differ in."),
          tier: whole("0 is the fastest tier below HBM."),
          ...metricsSchema("store"),
        }),
        "One entry per kind of store, fastest first.",
      ),
      links: array(
        closed({
          name: text("Name of the links, # for what their names differ in."),
          ...metricsSchema("link"),
        }),
        "One entry per kind of link.",
      ),
      timeline: timelineSchema(),
      hashes: closed({
        trace: hash("SHA-256 of the columns of the trace."),
        engine: hash("SHA-256 of engine.wasm."),
        spec: hash("SHA-256 of the cluster in base units."),
      }),
      resultHash: hash("SHA-256 over everything that was found; equal on every host."),
    }),
  };
}

/** The text of `docs/schema/serving.v1.json`. */
export function servingSchemaJson(): string {
  return `${JSON.stringify(servingSchema(), null, 2)}\n`;
}
