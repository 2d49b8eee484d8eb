/**
 * The mixes of tiers that answer a question, and what stands in the way of an answer.
 *
 * @module
 */
import { TraceError, UsageError } from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";
import type { CurvePoint } from "./curve.ts";
import type { Mixes, MixQuestion, MixResult } from "./size_result.ts";
import { blocksOf, HOURS_PER_MONTH, type MixInput, mixOf, problemOf } from "./size_tiers.ts";
import type { SizeTier } from "./size_tiers.ts";
import type { Containment } from "./surface.ts";
import { bestMixWithin, FREE_TIERS_MAX } from "./surface_budget.ts";
import { bestMix } from "./surface_mix.ts";

/** Tiers to mix and what they are weighed with. */
export interface MixOptions {
  /** Fastest first. */
  readonly tiers: readonly SizeTier[];
  readonly containment: Containment;
  /** Whether all sizes of the tiers are an answer to be shown, too. */
  readonly showGiven: boolean;
  /** Time to compute a prompt token, in nanoseconds. */
  readonly prefillNsPerToken: number;
  /** Price of what computes it. */
  readonly gpuDollarsPerHour: number;
  readonly budgetDollarsPerMonth?: number;
}

/** What is known of the trace. */
export interface MixGround {
  readonly target: number;
  readonly requiredHits: number;
  readonly points: readonly CurvePoint[];
  readonly entries: readonly CurvePoint[];
}

/** Answers every question that the options ask. */
export function mixesOf(trace: Trace, options: MixOptions, ground: MixGround): Mixes {
  checkPrices(options);
  const budget = options.budgetDollarsPerMonth;
  const input: MixInput = {
    tiers: options.tiers,
    points: ground.points,
    entries: ground.entries,
    uniqueBlocks: trace.uniqueBlocks,
    tokensPerBlock: trace.requests.inputTokens.reduce((sum, each) => sum + each, 0) /
      Math.max(1, trace.accesses),
    weights: {
      containment: options.containment,
      spanNs: spanOf(trace),
      prefillNsPerToken: options.prefillNsPerToken,
      gpuDollarsPerHour: options.gpuDollarsPerHour,
      target: ground.target,
      budgetDollarsPerMonth: budget ?? null,
    },
  };
  const required = problemOf(input, ground.requiredHits);
  const found: [MixQuestion, number[] | undefined][] = [
    ...(options.showGiven
      ? [["given", options.tiers.map(blocksOf)] as [MixQuestion, number[]]]
      : []),
    ["target", bestMix(required)],
    ["memory-only", bestMix(problemOf(input, ground.requiredHits, false))],
  ];
  if (budget !== undefined) {
    found.push(["budget", bestMixWithin(problemOf(input, 0), budget / HOURS_PER_MONTH)]);
  }
  return {
    weights: input.weights,
    mixes: found.flatMap(([question, blocks]): MixResult[] =>
      blocks === undefined ? [] : [mixOf(question, input, blocks)]
    ),
    unanswered: found.filter(([, blocks]) => blocks === undefined).map(([question]) => question),
  };
}

/** Money ties sizes together only where every size that is sought has a price. */
function checkPrices({ tiers, budgetDollarsPerMonth }: MixOptions): void {
  const free = tiers.filter(({ fixed }) => !fixed);
  const gift = free.find(({ scenario }) => !(scenario.dollarsPerGiBHour > 0));
  if (gift !== undefined) {
    const { name } = gift.scenario;
    throw new UsageError({
      code: "usage/tier-price",
      message: `Cannot choose the size of "${name}": it has no price, so more is always better`,
      expected: `a size, such as ${name}=80GiB, or a scenario whose tier has a cost`,
      mend: ["HBM is bought with its GPU and has no price of its own: give what is left for KV"],
    });
  }
  if (budgetDollarsPerMonth !== undefined && free.length > FREE_TIERS_MAX) {
    throw new UsageError({
      code: "usage/budget-tiers",
      message: "Cannot spend the budget: the sizes of too many tiers are free",
      found: free.map(({ scenario }) => scenario.name).join(", "),
      expected: `at most ${FREE_TIERS_MAX} tiers without a size`,
      mend: ["give the others a size: --tiers hbm=80GiB,dram=1TiB,ssd"],
    });
  }
}

function spanOf(trace: Trace): number {
  const { arrivalNs } = trace.requests;
  const spanNs = arrivalNs === undefined ? 0 : (arrivalNs.at(-1) ?? 0) - (arrivalNs[0] ?? 0);
  if (spanNs > 0) return spanNs;
  throw new TraceError({
    code: "trace/no-arrivals",
    message: "Cannot weigh tiers: the trace has no clock, so its hits have no rate",
    place: { file: trace.path },
    found: arrivalNs === undefined ? "no arrival times" : "arrivals at one instant",
    expected: "arrival times",
    mend: ["leave out --tiers and --scenario: sizes for a share of the ceiling need no clock"],
  });
}
