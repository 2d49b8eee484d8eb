/**
 * What a scenario of `kvtier run` may say. Strict at every depth; each key describes itself.
 *
 * @module
 */
import { z } from "zod";
import { ModelSchema } from "./model_schema.ts";
import { bytesOrBlocks, quantity } from "./quantity_schemas.ts";
import { SCHEME_NAMES } from "./schemes.ts";

/** Name of a policy, admitter or prefetcher, with parameters in brackets or as keys. */
const named = (what: string) =>
  z.union([
    z.string().min(1),
    z.object({ name: z.string().min(1).describe(`Name of the ${what}.`) })
      .catchall(z.number().describe("A parameter, as `kvtier policies` lists them.")),
  ]);

/** Times and rates of a tier that a calibration may replace, too. */
export const tierSpeeds = {
  bandwidth: quantity("bandwidth").optional()
    .describe("Bytes per second, reading and writing alike."),
  readBandwidth: quantity("bandwidth").optional()
    .describe("Bytes per second out of the tier; instead of `bandwidth`."),
  writeBandwidth: quantity("bandwidth").optional()
    .describe("Bytes per second into the tier; instead of `bandwidth`."),
  latency: quantity("duration").optional()
    .describe("Time before the first byte of a transfer, reading and writing alike."),
  readLatency: quantity("duration").optional()
    .describe("Time before the first byte out of the tier; instead of `latency`."),
  writeLatency: quantity("duration").optional()
    .describe("Time before the first byte into the tier; instead of `latency`."),
};

/** What converting to and from a scheme costs; a calibration may replace it, too. */
export const schemeCosts = {
  quantise: quantity("bandwidth").optional()
    .describe("Bytes of the wider form that quantising handles per second; free when absent."),
  dequantise: quantity("bandwidth").optional()
    .describe("Bytes of the wider form that dequantising handles per second; free when absent."),
  dequantiseLatency: quantity("duration").optional()
    .describe("Fixed time for each block that is read in this scheme; 0 when absent."),
};

/** What computing a prompt costs; a calibration may replace it, too. */
export const prefillCosts = {
  perToken: quantity("tokenTime").optional()
    .describe("Time for each new token; 0 when absent."),
  perTokenSquared: quantity("tokenSquaredTime").optional()
    .describe("Time for each pair of a new token and one before it: attention. 0 when absent."),
};

const schemeName = z.enum(SCHEME_NAMES)
  .describe("How numbers are stored; `native` is the model's own precision.");

const scheme = z.union([
  schemeName,
  z.strictObject({
    name: schemeName,
    groupNumbers: z.int().min(0).optional()
      .describe(
        "Numbers that share one scale and zero point; 64 for integers, 0 (none) for floats.",
      ),
    groupBytes: z.int().min(0).optional()
      .describe("Bytes of scale and zero point of one group; 4 for integers, 0 for floats."),
    ...schemeCosts,
  }),
]);

const tier = z.strictObject({
  name: z.string().min(1).describe("Name of the tier, for reports, `--set` and calibrations."),
  hardware: z.string().min(1).optional().describe(
    "Name of a file in configs/hardware, or a path: gives every number that is not written here.",
  ),
  capacity: bytesOrBlocks().optional()
    .describe("Bytes for KV, or whole blocks (which needs `blockTokens`)."),
  ...tierSpeeds,
  concurrency: z.int().min(1).max(65_535).optional()
    .describe("Transfers that run side by side, each at the full latency; 1 when absent."),
  scheme: scheme.optional().describe("How blocks are stored here; `native` when absent."),
  policy: named("policy").optional().describe("Eviction policy; `lru` when absent."),
  model: z.string().min(1).optional().describe(
    "What a `learned` tier goes by: LightGBM text in a file, from the scenario's folder; trained " +
      "as `learn` says when absent.",
  ),
  admission: named("admitter").optional()
    .describe("Which blocks may enter this tier; `always` when absent."),
  scope: z.enum(["private", "shared"]).optional()
    .describe("Belongs to one worker, or to all; `private` when absent."),
  cost: quantity("price").optional().describe("Price of holding; 0 when absent."),
  energy: quantity("energy").optional()
    .describe("Energy of each byte, reading and writing alike; 0 when absent."),
  readEnergy: quantity("energy").optional()
    .describe("Energy of each byte out of the tier; instead of `energy`."),
  writeEnergy: quantity("energy").optional()
    .describe("Energy of each byte into the tier; instead of `energy`."),
});

const prefetch = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1)
      .describe("Name of the prefetcher, with parameters in brackets; `none` fetches nothing."),
    maxBlocks: z.int().min(1).max(65_535).optional()
      .describe(
        "Blocks fetched after one look-up, or for one turn to come, at most; 2 when absent.",
      ),
  }),
]);

const promotion = z.union([
  z.enum(["always", "never"]),
  z.strictObject({
    nth: z.int().min(1).max(65_535).describe("Hits of a block in a tier before it moves up."),
  }),
]);

const write = z.union([
  z.enum(["back", "through"]),
  z.strictObject({
    selective: z.int().min(1).max(65_535)
      .describe("Touches of a block before its lower copy is made."),
  }),
]);

const pins = z.strictObject({
  depthBlocks: z.int().min(0).max(2 ** 31 - 1).optional()
    .describe("Leading blocks of every request that never leave the fastest tier; 0 for none."),
  floor: quantity("bytes").optional()
    .describe("Bytes of the fastest tier that pins may not take; 0 when absent."),
});

const preset = z.strictObject({
  limit: z.int().min(1).optional().describe("Replay only the first so many requests."),
  warmupRequests: z.int().min(0).optional().describe("Requests replayed before counting begins."),
  capacityFactor: z.number().positive().max(1e6).optional()
    .describe("Every capacity, and the floor of the pins, times this."),
});

/** The scales at which a scenario may be run. */
export const PRESETS = ["smoke", "dev", "prod"] as const;

/** A memory hierarchy and what is replayed through it, as people write it. */
export const RunSchema = z.strictObject({
  name: z.string().min(1).optional().describe("Name for reports; the file's name when absent."),
  description: z.string().min(1).optional().describe("What the scenario is for, in a sentence."),
  model: z.union([z.string().min(1), ModelSchema]).optional()
    .describe("Name of a file in configs/models, a path, or a model written out."),
  bytesPerToken: quantity("bytes").optional()
    .describe("KV bytes of one token in two-byte numbers; instead of `model`."),
  blockTokens: z.int().min(1).max(2 ** 20).optional()
    .describe("Tokens of a block; the trace's own when absent."),
  tiers: z.array(tier).min(1).max(16).describe("The tiers, fastest first."),
  containment: z.enum(["exclusive", "inclusive"]).optional().describe(
    "`exclusive`: a block is in one tier; `inclusive`: lower tiers keep what upper tiers hold. " +
      "`exclusive` when absent.",
  ),
  write: write.optional().describe(
    "When the lower copy is made: `back` at eviction, `through` when a block enters the fastest " +
      "tier, `{ selective: n }` at its nth touch. `back` when absent.",
  ),
  promotion: promotion.optional().describe(
    "When a block moves up that was hit below: `always`, `never`, `{ nth: n }`. `always` when absent.",
  ),
  entry: z.enum(["fastest", "slowest"]).optional()
    .describe("Tier that a newly computed block enters; `fastest` when absent."),
  demotion: z.enum(["cascade", "drop"]).optional().describe(
    "Where evicted blocks go: to the next tier that admits them, or away. `cascade` when absent.",
  ),
  movement: z.enum(["synchronous", "timed"]).optional().describe(
    "`synchronous`: each move is added to the time of its access; `timed`: links are queues, moves " +
      "overlap. `timed` when absent.",
  ),
  touch: z.enum(["root-first", "tail-first"]).optional().describe(
    "Order in which a request touches its blocks; `tail-first`, as serving engines do, when absent.",
  ),
  exchange: z.enum(["detach", "copy"]).optional().describe(
    "When a promoted block gives up its old place: `detach`, before room is made above; `copy`, " +
      "after. `detach` when absent.",
  ),
  recompute: z.enum(["never", "cheaper"]).optional()
    .describe("Compute a block anew when that is faster than loading it; `never` when absent."),
  prefill: z.strictObject(prefillCosts).optional()
    .describe("What computing tokens costs; nothing when absent."),
  prefetch: prefetch.optional().describe(
    "What is fetched before it is asked for; `none` when absent.",
  ),
  pins: pins.optional().describe("Blocks that may not be evicted; none when absent."),
  learn: z.strictObject({
    share: z.number().gt(0).lt(1).optional().describe(
      "Part of the requests, from the first on, that models of `learned` tiers are trained on; " +
        "0.3 when absent.",
    ),
  }).optional().describe(
    "Trains `learned` tiers that have no `model`. What is learned from is not counted, whatever " +
      "the policies, so that runs compare.",
  ),
  warmupRequests: z.int().min(0).optional()
    .describe("Requests replayed before counting begins; 0 when absent."),
  limit: z.int().min(1).optional().describe(
    "Replay only the first so many requests; all when absent.",
  ),
  seed: z.int().min(0).optional().describe("Seed of every random stream; 42 when absent."),
  presets: z.strictObject({
    smoke: preset.optional().describe("Seconds: does it run at all?"),
    dev: preset.optional().describe("A minute: does the answer make sense?"),
    prod: preset.optional().describe("The whole; as written when absent."),
  }).optional().describe(
    "Other scales of the same run, for `--preset`. Scale only, never physics.",
  ),
});

/** A checked scenario, still with its texts and references. */
export type RunDocument = z.infer<typeof RunSchema>;
/** A checked tier, still with its texts and references. */
export type TierDocument = z.infer<typeof tier>;
