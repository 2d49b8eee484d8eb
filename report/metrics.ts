/**
 * The table of metrics: every number that a report may show, defined once.
 *
 * Reports, `docs/metrics.md` and `kvtier explain` read this table and compute nothing else.
 *
 * @module
 */

import type { Metric } from "./metric.ts";
import { counter, ratio, sized } from "./metric_values.ts";
import { OPTIMUM } from "./metrics_optimum.ts";

const COUNTERS: readonly Metric[] = [
  counter("accesses", {
    label: "accesses",
    unit: "blocks",
    better: "neither",
    meaning: "Block look-ups of the whole trace; every block of every request is one.",
    doesNotShow: "Tokens: the partly filled last block of a request counts as a whole one.",
  }),
  counter("hits", {
    label: "hits",
    unit: "blocks",
    better: "higher",
    meaning: "Look-ups that found their block resident, wherever in the prompt it stands.",
    doesNotShow: "Saved work: a hit behind a missing block does not shorten a prefill.",
  }),
  counter("misses", {
    label: "misses",
    unit: "blocks",
    better: "lower",
    meaning: "Look-ups that did not find their block; hits + misses = accesses.",
    doesNotShow: "Blame: most misses of real traffic are first uses, which no cache avoids.",
  }),
  counter("insertions", {
    label: "insertions",
    unit: "blocks",
    better: "lower",
    meaning: "Blocks written into the tier; each costs write bandwidth, and wear on flash.",
    doesNotShow: "Use: a block may be written and leave again without a single hit.",
  }),
  counter("evictions", {
    label: "evictions",
    unit: "blocks",
    better: "lower",
    meaning: "Blocks that left the tier to make room; insertions − evictions = residentBlocks.",
    doesNotShow: "Regret: most evicted blocks are never asked for again.",
  }),
  counter("bypasses", {
    label: "bypasses",
    unit: "blocks",
    better: "neither",
    meaning: "Missed blocks that admission or the policy declined to keep.",
    doesNotShow: "Whether declining was right; compare hit ratios for that.",
  }),
  counter("residentBlocks", {
    label: "resident",
    unit: "blocks",
    better: "neither",
    meaning: "Blocks held when the trace ended.",
    doesNotShow: "How full the tier was on the way.",
  }),
  counter("prefixHits", {
    label: "prefix hits",
    unit: "blocks",
    better: "higher",
    meaning: "Hits in the unbroken leading run of each request: what a prefix cache can use.",
    doesNotShow: "Tokens: the partly filled last block counts as a whole one.",
  }),
  {
    name: "unusableHits",
    label: "hits behind a miss",
    unit: "blocks",
    formula: "hits − prefixHits",
    better: "lower",
    format: "count",
    meaning: "Hits behind the first miss of their request: resident, but no use to a prefix cache.",
    doesNotShow: "A loss everywhere: a cache that reuses blocks out of place can use them.",
    value: (run) => run.hits - run.prefixHits,
  },
  counter("hitTokens", {
    label: "hit tokens",
    unit: "tokens",
    better: "higher",
    meaning: "Prompt tokens covered by the leading run: prefill that need not be computed.",
    doesNotShow: "Time: late tokens of a long prompt cost more attention than early ones.",
  }),
  counter("inputTokens", {
    label: "prompt tokens",
    unit: "tokens",
    better: "neither",
    meaning: "Prompt tokens of all requests.",
    doesNotShow: "Generated tokens, whose KV takes room in a real server too.",
  }),
];

const RATIOS: readonly Metric[] = [
  {
    name: "blockHitRatio",
    label: "block hit",
    unit: "ratio",
    formula: "hits ÷ accesses",
    better: "higher",
    format: "percent",
    meaning: "Share of block look-ups that hit, wherever in the prompt: the cache literature's.",
    doesNotShow: "Savings of a prefix cache, which cannot use a hit behind a miss.",
    value: (run) => ratio(run.hits, run.accesses),
  },
  {
    name: "prefixHitRatio",
    label: "prefix hit",
    unit: "ratio",
    formula: "prefixHits ÷ accesses",
    better: "higher",
    format: "percent",
    meaning: "Share of block look-ups in leading runs of hits, all that vLLM can use. It ranks.",
    doesNotShow: "Tokens: long prompts weigh by their blocks, and a partial block as a whole one.",
    value: (run) => ratio(run.prefixHits, run.accesses),
  },
  {
    name: "unusableHitRatio",
    label: "behind a miss",
    unit: "ratio",
    formula: "unusableHits ÷ accesses = blockHitRatio − prefixHitRatio (shown in points)",
    better: "lower",
    format: "points",
    meaning: "How far the block hit ratio overstates what a prefix cache can use.",
    doesNotShow: "How much more would hit if the missing blocks before them were kept.",
    value: (run) => ratio(run.hits - run.prefixHits, run.accesses),
  },
  {
    name: "tokenHitRatio",
    label: "token hit",
    unit: "ratio",
    formula: "hitTokens ÷ inputTokens",
    better: "higher",
    format: "percent",
    meaning: "Share of prompt tokens that need no prefill: nearest to saved compute.",
    doesNotShow: "Fairness: a few long prompts can carry the whole figure.",
    value: (run) => ratio(run.hitTokens, run.inputTokens),
  },
  {
    name: "requestHitRatioMean",
    label: "request mean",
    unit: "ratio",
    formula: "requestHitRatioSum ÷ requests, each request's being its hit tokens ÷ its tokens",
    better: "higher",
    format: "percent",
    meaning: "Token hit ratio of the average request: long and short prompts count alike.",
    doesNotShow: "Saved compute, which sits in the long prompts.",
    value: (run) => ratio(run.requestHitRatioSum, run.requests),
  },
  {
    name: "missRatio",
    label: "block miss",
    unit: "ratio",
    formula: "misses ÷ accesses",
    better: "lower",
    format: "percent",
    meaning: "Share of block look-ups that missed: 1 − blockHitRatio, as libCacheSim prints it.",
    doesNotShow: "How much of it could be avoided; see policyMisses.",
    value: (run) => ratio(run.misses, run.accesses),
  },
  {
    name: "ceilingHitRatio",
    label: "ceiling",
    unit: "ratio",
    formula: "(accesses − compulsoryMisses) ÷ accesses",
    better: "neither",
    format: "percent",
    meaning: "Block hit ratio of an endless cache: the share of look-ups that are repeats.",
    doesNotShow: "What any real capacity can reach; see optimalHitRatio.",
    value: (run) => ratio(run.accesses - run.compulsoryMisses, run.accesses),
  },
];

const MISS_KINDS: readonly Metric[] = [
  counter("compulsoryMisses", {
    label: "compulsory misses",
    unit: "blocks",
    better: "neither",
    meaning: "First uses of a block: no cache of any size avoids them.",
    doesNotShow: "Warm starts: a cache filled before the trace began would hit some of them.",
  }),
  {
    name: "capacityMisses",
    label: "capacity misses",
    unit: "blocks",
    formula: "accesses − optimalHits − compulsoryMisses",
    better: "neither",
    format: "count",
    meaning: "Repeats that even the optimum misses at this capacity: only more blocks help.",
    doesNotShow: "How much capacity removes them; look along the capacities.",
    value: (run) => run.accesses - run.optimalHits - run.compulsoryMisses,
  },
  {
    name: "policyMisses",
    label: "policy misses",
    unit: "blocks",
    formula: "misses − (accesses − optimalHits)",
    better: "lower",
    format: "count",
    meaning: "Misses that the optimum avoids at this capacity: the price of the policy.",
    doesNotShow: "Which decision cost them, or that an online policy could avoid them.",
    value: (run) => run.misses - (run.accesses - run.optimalHits),
  },
];

const SIZES: readonly Metric[] = [
  {
    name: "capacityRatio",
    label: "of unique",
    unit: "ratio",
    formula: "capacityBlocks ÷ unique blocks of the trace",
    better: "lower",
    format: "percent",
    meaning: "Capacity as a share of all distinct blocks; at 100 % nothing need ever leave.",
    doesNotShow: "Bytes; and a longer trace has more unique blocks for the same capacity.",
    value: (run, context) => ratio(run.capacityBlocks, context?.uniqueBlocks ?? 0),
  },
  {
    name: "capacityBytes",
    label: "capacity",
    unit: "bytes",
    formula: "capacityBlocks × bytes of a full block; null when these are not known",
    better: "lower",
    format: "bytes",
    meaning: "Memory that the blocks need.",
    doesNotShow: "Overheads: fragments, indexes, and what the server keeps beside KV.",
    value: (run, context) => sized(run.capacityBlocks, context),
  },
  {
    name: "hitBytes",
    label: "hit bytes",
    unit: "bytes",
    formula: "hits × bytes of a full block; null when these are not known",
    better: "higher",
    format: "bytes",
    meaning: "KV served from the tier, every block counted as full.",
    doesNotShow: "Transfers: a hit in the memory of the GPU itself moves nothing.",
    value: (run, context) => sized(run.hits, context),
  },
  {
    name: "missBytes",
    label: "miss bytes",
    unit: "bytes",
    formula: "misses × bytes of a full block; null when these are not known",
    better: "lower",
    format: "bytes",
    meaning: "KV that had to be computed or fetched from elsewhere, every block counted as full.",
    doesNotShow: "Where it came from, and how long that took.",
    value: (run, context) => sized(run.misses, context),
  },
];

/** Every metric, in the order of `docs/metrics.md`. */
export const METRICS: readonly Metric[] = [
  ...COUNTERS,
  ...RATIOS,
  ...OPTIMUM,
  ...MISS_KINDS,
  ...SIZES,
];
