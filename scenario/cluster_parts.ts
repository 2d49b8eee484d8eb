/**
 * Parts of a scenario with a cluster. Strict at every depth; each key describes itself.
 *
 * @module
 */
import { z } from "zod";
import { quantity } from "./quantity_schemas.ts";

const count = (least: number, most: number) => z.int().min(least).max(most);
const share = (most: number) => z.number().positive().max(most).optional();

/** Limits of one engine. */
export const engine = z.strictObject({
  maxSequences: count(1, 65_535).optional()
    .describe("Sequences of a step, at most; 256 when absent."),
  tokenBudget: count(1, 2 ** 20).optional()
    .describe("New tokens of a step, at most; 8,192 when absent."),
  chunkedPrefill: z.boolean().optional()
    .describe("Prompts are split over steps and share them with decodes; true when absent."),
  prefixCache: z.boolean().optional()
    .describe("KV of finished requests stays until room is needed; true when absent."),
  eviction: z.string().min(1).optional().describe(
    "Which block that nobody uses leaves first, by the name of a rule, with parameters as " +
      "`s3-fifo(small=0.2)`. `lru` when absent, as in vLLM: the one not used for longest, and of a " +
      "request its last block first.",
  ),
  kvTokens: count(1, 2 ** 31 - 1).optional().describe(
    "Tokens of KV that fit in one replica; memory less weights and activations when absent.",
  ),
  memoryUtilisation: z.number().positive().max(1).optional()
    .describe("Share of a device's memory that the engine may use; 0.9 when absent."),
  activations: quantity("bytes").optional()
    .describe("Bytes of each device kept for activations; an estimate when absent."),
});

/** How fast a device computes the model. */
export const compute = z.strictObject({
  calibration: z.string().min(1).optional().describe(
    "Name of a profile in configs/calibrations, or a path, as `kvtier calibrate` writes it.",
  ),
  flops: share(2).describe("Share of peak FLOP/s of dense products."),
  bandwidth: share(2).describe("Share of memory bandwidth when weights are read."),
  smoothness: z.number().min(1).max(16).optional().describe("The p of the smooth roofline."),
  attentionFlops: share(2).describe("Share of peak FLOP/s of attention over prompts."),
  contextBandwidth: share(2).describe("Share of memory bandwidth when decoding reads KV."),
  perStep: quantity("duration").optional().describe("Time of every step besides its work."),
});

/** Prefill and decode in replicas of their own. */
export const disaggregation = z.strictObject({
  ratio: z.string().superRefine((text, context) => {
    if (text.trim() === "none" || readRatio(text) !== undefined) return;
    context.addIssue({
      code: "custom",
      message: "is not a ratio",
      input: text,
      params: { expected: 'prefill to decode replicas such as "1:3", or none' },
    });
  }).meta({ pattern: "^\\s*([1-9][0-9]{0,3}\\s*:\\s*[1-9][0-9]{0,3}|none)\\s*$" })
    .describe(
      "Prefill to decode replicas of a rack, such as 1:3, rounded to whole replicas; `none`: every " +
        "replica does both, the baseline.",
    ),
  handover: z.enum(["push", "push-layerwise", "pull", "pull-on-demand"]).optional().describe(
    "`push`: KV leaves when the prompt is computed; `push-layerwise`: each layer while the next " +
      "is computed; `pull`: when the decoder has room; `pull-on-demand`: when it also has a " +
      "place in its next step. `push-layerwise` when absent.",
  ),
  delta: z.boolean().optional()
    .describe("Only blocks that the decoder lacks are sent; true when absent."),
  placement: z.enum(["interleaved", "grouped"]).optional().describe(
    "`interleaved`: both roles in every node where they fit, so that NVLink can carry KV; " +
      "`grouped`: prefill replicas first. `interleaved` when absent.",
  ),
});

/** Reads `1:3`. */
export function readRatio(text: string): readonly [prefill: number, decode: number] | undefined {
  const match = /^\s*([1-9][0-9]{0,3})\s*:\s*([1-9][0-9]{0,3})\s*$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** A place below HBM. */
export const store = z.strictObject({
  name: z.string().min(1).max(40).describe("Name of the store, for reports and `--set`."),
  scope: z.enum(["node", "rack", "cluster"]).describe(
    "Who shares it: `node` (host memory or SSD, over PCIe), `rack` (a pool: EIC, CXL; over the " +
      "network port), `cluster` (remote; over the rack's links to the spines, too).",
  ),
  hardware: z.string().min(1).optional().describe(
    "Name of a file in configs/hardware, or a path: gives every number that is not written here.",
  ),
  capacity: quantity("bytes").optional()
    .describe("Bytes for KV of each node, of each rack, or of the cluster."),
  capacityFactor: z.number().min(0).max(1e6).optional()
    .describe("Capacity times this; 0 leaves the store out. 1 when absent."),
  bandwidth: quantity("bandwidth").optional()
    .describe("Bytes per second that all its users share, reading and writing alike."),
  readBandwidth: quantity("bandwidth").optional()
    .describe("Bytes per second out of the store; instead of `bandwidth`."),
  writeBandwidth: quantity("bandwidth").optional()
    .describe("Bytes per second into the store; instead of `bandwidth`."),
  latency: quantity("duration").optional()
    .describe("Time before the first byte, reading and writing alike."),
  readLatency: quantity("duration").optional()
    .describe("Time before the first byte out of the store; instead of `latency`."),
  writeLatency: quantity("duration").optional()
    .describe("Time before the first byte into the store; instead of `latency`."),
  write: z.enum(["through", "back", "overflow"]).optional().describe(
    "`through`: blocks are copied when they are computed; `back`: when HBM evicts them; " +
      "`overflow`: when the store above evicts them. `through` when absent.",
  ),
  eviction: z.string().min(1).optional()
    .describe("Which block leaves first, as in `cluster.engine.eviction`; `lru` when absent."),
  price: quantity("price").optional().describe("Price of holding; its hardware's when absent."),
});

const bandwidth = (text: string) => quantity("bandwidth").optional().describe(text);
const latency = (text: string) => quantity("duration").optional().describe(text);

/** What replicas reach each other over. */
export const network = z.strictObject({
  nvlink: bandwidth(
    "Of one device to others of its island, one direction; the device's if absent.",
  ),
  nvlinkLatency: latency("Of a transfer over NVLink; 2 us when absent."),
  islandGpus: count(1, 65_535).optional()
    .describe("Devices that NVLink connects; those of a node when absent, 1 for no NVLink."),
  nic: bandwidth("Of one port, one direction; the device's when absent."),
  nicLatency: latency("Of a transfer over a port; 5 us when absent."),
  nicPer: z.enum(["gpu", "node"]).optional()
    .describe("Whether each device has a port, or the node has one for all; `gpu` when absent."),
  pcie: bandwidth("Of one device to its host, one direction; the device's when absent."),
  pcieLatency: latency("Of a transfer to or from the host; 10 us when absent."),
  pcieSwitchGpus: count(1, 65_535).optional().describe(
    "Devices behind one PCIe switch, whose port to the host they share; 1, each at a port of the " +
      "host, when absent.",
  ),
  pcieSwitch: bandwidth(
    "Of such a switch to its host, one direction; that of one device when absent.",
  ),
  oversubscription: z.number().min(1).max(1e3).optional().describe(
    "Bandwidth of a rack's ports over that of its links to the spines, each way; 1 (a full fat " +
      "tree) when absent.",
  ),
  spines: count(1, 1_024).optional().describe(
    "Spines that share a rack's bandwidth out and in; all between two replicas goes over one of " +
      "them, by a hash. 1, as if every packet took any, when absent.",
  ),
  uplinkLatency: latency("Of a transfer out of a rack, and again into one; 3 us when absent."),
  discipline: z.enum(["fifo", "fair-share"]).optional().describe(
    "Whether a link serves one transfer at a time, or all at once; `fifo` when absent.",
  ),
  jitter: z.strictObject({
    variation: z.number().min(0).max(10).optional()
      .describe("Standard deviation over mean of a transfer's time (log-normal); 0 when absent."),
    tailProbability: z.number().min(0).max(1).optional()
      .describe("Share of transfers that are slow; 0 when absent."),
    tailFactor: z.number().min(1).max(1e4).optional()
      .describe("How much slower those are; 1 when absent."),
  }).optional().describe("Times of links vary; they do not when absent."),
});

const subject = (what: string) =>
  z.string().min(1).optional().describe(
    `What ${what}: \`node 3\`, \`rack 0\`, \`replica 5\`, \`spine 2\`, a link such as ` +
      "`rack 0 out`, or both of its directions, `rack 0 uplink`.",
  );

/** Something that breaks or is mended. */
export const fault = z.strictObject({
  at: quantity("moment").describe("When, since the trace began."),
  down: subject("breaks"),
  up: subject("is mended"),
}).superRefine(({ down, up }, context) => {
  if ((down === undefined) !== (up === undefined)) return;
  context.addIssue({
    code: "custom",
    path: ["down"],
    message: down === undefined ? "is missing" : "and up cannot both stand here",
    input: down,
    params: { expected: "either down or up" },
  });
});
