/**
 * What a scenario with a `cluster:` section may say: a fleet, its network and stores, and its load.
 *
 * @module
 */
import { z } from "zod";
import { compute, disaggregation, engine, fault, network, store } from "./cluster_parts.ts";
import { ModelSchema } from "./model_schema.ts";
import { quantity } from "./quantity_schemas.ts";

const count = (most: number) => z.int().min(1).max(most);

const prices = z.strictObject({
  gpu: quantity("hourlyPrice").optional()
    .describe("Price of an hour of one device; its hardware's when absent."),
  host: quantity("hourlyPrice").optional()
    .describe("Price of an hour of a node besides its devices; 0 when absent."),
});

const power = z.strictObject({
  busy: quantity("power").optional()
    .describe("Power of a device in a step; its hardware's when absent."),
  idle: quantity("power").optional()
    .describe("Power of a device between steps; 15 % of busy when absent, an assumption."),
  host: quantity("power").optional()
    .describe("Power of a node besides its devices; nothing when absent."),
});

/** The fleet. */
export const cluster = z.strictObject({
  device: z.string().min(1)
    .describe("Name of a file in configs/hardware, or a path: the device that computes."),
  racks: count(65_535).optional().describe("Racks; 1 when absent."),
  nodesPerRack: count(65_535).optional().describe("Nodes of a rack; 1 when absent."),
  gpusPerNode: count(1_024).optional().describe("Devices of a node; 8 when absent."),
  tensorParallel: count(1_024).optional()
    .describe("Devices that share each layer: those of one replica; 1 when absent."),
  compute: compute.optional()
    .describe("How fast a device computes the model; the usual efficiencies when absent."),
  engine: engine.optional().describe("Limits of one engine (vLLM's names and defaults)."),
  disaggregation: disaggregation.optional().describe(
    "Prefill and decode in replicas of their own; every replica does both when absent.",
  ),
  stores: z.array(store).max(8).optional()
    .describe("Places below HBM that keep KV, fastest first; none when absent."),
  peers: z.enum(["none", "island", "rack", "cluster"]).optional().describe(
    "Whose HBM a replica reads KV from, besides its own: that of its NVLink `island`, of its " +
      "`rack` or of the whole `cluster` (over NICs), or nobody's, as vLLM without a connector; " +
      "`none` when absent.",
  ),
  network: network.optional().describe("What replicas reach each other and stores over."),
  faults: z.array(fault).max(10_000).optional().describe("What breaks and is mended, and when."),
  prices: prices.optional().describe("What the fleet costs."),
  power: power.optional().describe("What the fleet draws."),
});

const router = z.strictObject({
  name: z.string().min(1).optional().describe(
    "Name of the router, with parameters as `name(parameter=value)`; `round-robin` when absent.",
  ),
  staleness: quantity("duration").optional()
    .describe("Age of what the router sees of replicas and caches; 0 (`0 s`) when absent."),
  sample: z.int().min(0).max(65_535).optional()
    .describe("Replicas that it looks at for a request; all (0) when absent."),
  speculative: z.boolean().optional().describe(
    "Whether it takes a routed prompt to be cached there at once; false when absent. `kvtier-ms` " +
      "always does, whatever is written here.",
  ),
});

const sessions = z.strictObject({
  closed: z.boolean().optional().describe(
    "Turns of a session wait for the turn before them; true when absent.",
  ),
  cacheAnswers: z.boolean().optional().describe(
    "Answers are found again in the next turn's prompt, where the trace shows it; true when absent.",
  ),
});

const load = z.strictObject({
  rate: z.number().positive().max(1e6).optional()
    .describe("Arrivals come so many times as fast as in the trace; 1 when absent."),
  copies: count(1_000_000).optional().describe(
    "The trace so many times at once, with sessions and blocks of their own; 1 when absent.",
  ),
  perGpu: z.number().positive().max(1e6).optional().describe(
    "Requests per second and device; the trace is copied as often as that takes, 1 or more times.",
  ),
  stagger: quantity("moment").optional()
    .describe("Copies begin at random times within this; 60 s when absent."),
  outputTokens: count(2 ** 24).optional()
    .describe("Tokens of answers where the trace does not say; 128 when absent."),
  limit: count(2 ** 31 - 1).optional()
    .describe("Only the first so many requests of the trace; all when absent."),
  warmup: quantity("moment").optional().describe(
    "What happens so long after the trace began, at the rate of the load, is simulated but counts " +
      "in no number; nothing is left out when absent.",
  ),
});

const slo = z.strictObject({
  ttft: quantity("duration").describe("Time to the first token, at most."),
  tpot: quantity("duration")
    .describe("Mean time of each later token of a request, at most."),
});

const preset = z.strictObject({
  limit: count(2 ** 31 - 1).optional().describe("Only the first so many requests of the trace."),
  copies: count(1_000_000).optional().describe("Copies of the trace."),
  racks: count(65_535).optional().describe("Racks of the fleet."),
});

/** A cluster and its load, as people write it. */
export const ClusterSchema = z.strictObject({
  name: z.string().min(1).optional().describe("Name for reports; the file's name when absent."),
  description: z.string().min(1).optional().describe("What the scenario is for, in a sentence."),
  model: z.union([z.string().min(1), ModelSchema])
    .describe("Name of a file in configs/models, a path, or a model written out."),
  cluster: cluster.describe("The fleet."),
  router: router.optional().describe("Who chooses the replica of a request."),
  recompute: z.enum(["cheaper", "load", "recompute"]).optional().describe(
    "Stored KV: loaded when that is sooner than computing it (`cheaper`), always (`load`), or " +
      "never (`recompute`). `cheaper` when absent.",
  ),
  sessions: sessions.optional().describe("How turns of a session follow each other."),
  load: load.optional().describe("How the trace becomes the load of the fleet."),
  slo: slo.optional().describe("What users are promised; goodput counts the requests within it."),
  seed: z.int().min(0).optional().describe("Seed of every random stream; 42 when absent."),
  presets: z.strictObject({
    smoke: preset.optional().describe("Seconds: does it run at all?"),
    dev: preset.optional().describe("A minute: does the answer make sense?"),
    prod: preset.optional().describe("The whole; as written when absent."),
  }).optional().describe(
    "Other scales of the same run, for `--preset`. Scale only, never physics.",
  ),
});

/** A checked scenario with a cluster, still with its texts and references. */
export type ClusterDocument = z.infer<typeof ClusterSchema>;
/** A checked store, still with its texts. */
export type StoreDocument = z.infer<typeof store>;
/** A checked network, still with its texts. */
export type NetworkDocument = z.infer<typeof network>;
