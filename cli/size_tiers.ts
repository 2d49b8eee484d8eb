/**
 * The tiers that `kvtier size` mixes: from a list on the line, or from a scenario.
 *
 * @module
 */
import {
  assumedPrefillNs,
  GPU_DOLLARS_PER_HOUR,
  type HierarchyScenario,
  loadRunScenario,
  type MixOptions,
  type Model,
  parseDuration,
  parseRunScenario,
  registry,
  tierBlockBytes,
  type Trace,
  UsageError,
} from "kvtier";
import { type BlockSize, positive, refused } from "./block_size.ts";
import type { Input } from "./options.ts";

/** Short names of shipped hardware. */
export const TIER_NAMES: Readonly<Record<string, string>> = {
  hbm: "h100-sxm",
  dram: "cpu-dram",
  cxl: "cxl-pool",
  ssd: "nvme-gen5",
  nvme: "nvme-gen5",
  remote: "remote-object-store",
};

/** What the line says about tiers. */
export interface AskedTiers {
  readonly mix: MixOptions;
  /** Where prices and times come from when nobody gave them. */
  readonly assumptions: readonly string[];
  /** Bytes of a block in the model's own precision, when the scenario gives them. */
  readonly blockBytes?: number;
  readonly touch?: "root-first" | "tail-first";
}

/** Reads the tiers; `undefined` when the line names none. */
export async function tiersOf(
  input: Input,
  trace: Trace,
  block: BlockSize,
): Promise<AskedTiers | undefined> {
  const list = input.list("tiers");
  const file = input.value("scenario");
  if (list !== undefined && file !== undefined) {
    throw new UsageError({
      code: "usage/tiers-and-scenario",
      message: "Cannot size: --tiers and --scenario both name the tiers",
      mend: ["keep one of the two"],
    });
  }
  if (list !== undefined) return await listed(input, list, block);
  if (file !== undefined) return await written(input, file, trace);
  if (input.value("budget") === undefined) return undefined;
  throw new UsageError({
    code: "usage/no-tiers",
    message: "Cannot spend the budget: no tiers to spend it on",
    mend: ["name them: --tiers hbm=80GiB,dram,ssd", "or give a --scenario"],
  });
}

async function listed(
  input: Input,
  list: readonly string[],
  { model, blockBytes }: BlockSize,
): Promise<AskedTiers> {
  if (blockBytes === undefined) {
    throw new UsageError({
      code: "usage/block-bytes",
      message: "Cannot size tiers: the size of a block is not known",
      mend: ["give --model or --block-bytes"],
    });
  }
  const parts = list.map((text) => text.split("=").map((part) => part.trim()));
  const document = {
    bytesPerToken: `${blockBytes} B`,
    // One token is one block here: only the bytes of a block matter.
    blockTokens: 1,
    tiers: parts.map(([name, capacity]) => ({
      name,
      hardware: Object.hasOwn(TIER_NAMES, name) ? TIER_NAMES[name] : name,
      capacity: capacity ?? "1 block",
    })),
  };
  const scenario = await parseRunScenario(JSON.stringify(document), {}, "--tiers");
  const prefill = prefillOf(input, model);
  const price = priceOf(input);
  return {
    mix: {
      tiers: scenario.tiers.map((tier, index) => ({
        scenario: tier,
        blockBytes,
        fixed: parts[index].length > 1,
      })),
      containment: "exclusive",
      showGiven: parts.every((part) => part.length > 1),
      prefillNsPerToken: prefill.ns,
      gpuDollarsPerHour: price.dollars,
      ...budgetOf(input),
    },
    assumptions: [...pricesNote(scenario), ...prefill.assumptions, ...price.assumptions],
  };
}

async function written(input: Input, file: string, trace: Trace): Promise<AskedTiers> {
  const scenario = await loadRunScenario(file, { registry: registry() });
  const bytes = tierBlockBytes(scenario, trace.blockTokens);
  const { nsPerToken } = scenario.prefill;
  const prefill = nsPerToken > 0 && input.value("prefill") === undefined
    ? { ns: nsPerToken, assumptions: [] }
    : prefillOf(input, undefined);
  const price = priceOf(input);
  return {
    blockBytes: Math.ceil(scenario.bytesPerToken * trace.blockTokens),
    ...(scenario.touch === undefined ? {} : { touch: scenario.touch }),
    mix: {
      tiers: scenario.tiers.map((tier, index) => ({
        scenario: tier,
        blockBytes: bytes[index],
        // Without a price there is nothing to weigh a size against.
        fixed: !(tier.dollarsPerGiBHour > 0),
      })),
      containment: scenario.containment,
      showGiven: true,
      prefillNsPerToken: prefill.ns,
      gpuDollarsPerHour: price.dollars,
      ...budgetOf(input),
    },
    assumptions: [
      "every tier is taken as LRU that moves a block up at every hit, whatever the scenario says " +
      "of policies, admission, promotion and prefetching",
      ...pricesNote(scenario),
      ...prefill.assumptions,
      ...price.assumptions,
    ],
  };
}

function budgetOf(input: Input): { budgetDollarsPerMonth?: number } {
  const budget = positive(input, "budget", "dollars a month");
  return budget === undefined ? {} : { budgetDollarsPerMonth: budget };
}

interface Assumed {
  readonly assumptions: readonly string[];
}

function prefillOf(input: Input, model: Model | undefined): { readonly ns: number } & Assumed {
  const text = input.value("prefill");
  if (text !== undefined) {
    return { ns: refused("--prefill", () => parseDuration(text)), assumptions: [] };
  }
  const ns = model === undefined ? undefined : assumedPrefillNs(model);
  if (ns === undefined) {
    throw new UsageError({
      code: "usage/prefill",
      message: "Cannot weigh tiers: the time to compute a token is not known",
      expected: "--prefill 357us, a --model with parameters, or a scenario with prefill.perToken",
    });
  }
  return {
    ns,
    assumptions: [
      `a token takes ${Math.round(ns / 1e3)} µs of one H100, assumed from the model's parameters ` +
      "at 40 % of its peak (--prefill)",
    ],
  };
}

function priceOf(input: Input): { readonly dollars: number } & Assumed {
  const given = positive(input, "gpu-price", "dollars an hour");
  if (given !== undefined) return { dollars: given, assumptions: [] };
  const note = `what computes the prompts is taken to cost $${GPU_DOLLARS_PER_HOUR} an hour, as ` +
    "one H100 (--gpu-price; for a scenario's replica, that of all its GPUs)";
  return { dollars: GPU_DOLLARS_PER_HOUR, assumptions: [note] };
}

function pricesNote({ tiers }: HierarchyScenario): string[] {
  const priced = tiers.filter(({ dollarsPerGiBHour }) => dollarsPerGiBHour > 0)
    .map(({ name, dollarsPerGiBHour }) => `${name} $${(dollarsPerGiBHour * 730).toFixed(2)}`);
  if (priced.length === 0) return [];
  return [
    `prices of a GiB and month: ${priced.join(", ")}; those of shipped hardware are assumed ` +
    "(configs/hardware), yours go into a scenario",
  ];
}
