/**
 * `kvtier offload`: from which prefix length on is loading faster than computing anew?
 *
 * @module
 */
import {
  breakEven,
  computable,
  loadDevice,
  loadModel,
  loadProfile,
  loadRunScenario,
  offloadCsv,
  type OffloadText,
  offloadText,
  type PrefillCost,
  prefillCost,
  registry,
  UsageError,
  VERSION,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { deliver, terminalColors, terminalColumns } from "./output.ts";

export const offloadCommand: Command = {
  name: "offload",
  usage: "--scenario SCENARIO.yaml [options]",
  summary: "Load or recompute: the prefix length and bandwidth at which each tier breaks even.",
  arguments: [0, 0],
  options: [
    { name: "scenario", value: "FILE", text: "a scenario of kvtier run; its first tier computes" },
    {
      name: "profile",
      value: "NAME|FILE",
      text: "cost of computing from a compute profile, instead of the scenario's prefill",
    },
    { name: "calibration", value: "FILE", text: "measured bandwidths and latencies" },
    { name: "set", value: "PATH=VALUE", text: "a value that wins over the scenario's" },
    {
      name: "lengths",
      value: "N,N",
      text: "prefix lengths to show (default 512,4096,32768,131072)",
    },
    { name: "json", text: "write JSON" },
    { name: "csv", text: "write CSV, a line for each tier and length" },
    { name: "out", value: "FILE", alias: "o", text: "write to a file instead of stdout" },
  ],
  examples: [
    [
      "kvtier offload --scenario configs/scenarios/offload/load_or_recompute.yaml",
      "is DRAM fast enough to load from?",
    ],
    [
      "kvtier offload --scenario s.yaml --profile a800x8-llama-3.1-70b --set tiers[dram].latency=1ms",
      "and with a measured cost of computing, over a slower link?",
    ],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const file = input.value("scenario");
  if (file === undefined) {
    throw new UsageError({
      code: "usage/missing-option",
      message: "Cannot run offload: --scenario is missing",
      expected: "--scenario SCENARIO.yaml",
      mend: ["`kvtier offload --help` shows examples"],
    });
  }
  const calibration = input.value("calibration");
  const scenario = await loadRunScenario(file, {
    set: input.all("set"),
    registry: registry(),
    ...(calibration === undefined ? {} : { calibration }),
  });
  const profile = input.value("profile");
  const [cost, costSource] = profile === undefined
    ? [scenario.prefill, "the scenario's prefill"] as const
    : await profileCost(profile);
  if (cost.nsPerToken + cost.nsPerTokenSquared === 0) throw noCost(file);
  const { bytesPerToken, bitsPerNumber, blockTokens, tiers } = scenario;
  const offload: OffloadText = {
    scenario: scenario.name,
    bytesPerToken,
    cost,
    costSource,
    tiers: tiers.slice(Math.min(1, tiers.length - 1)).map((tier) =>
      breakEven(tier, {
        cost,
        bytesPerToken,
        ...(bitsPerNumber === undefined ? {} : { bitsPerNumber }),
        ...(blockTokens === undefined ? {} : { blockTokens }),
        ...lengthsOf(input),
      })
    ),
  };
  await deliver(input, rendered(input, offload));
  return 0;
}

function rendered(input: Input, offload: OffloadText): string {
  if (input.has("csv")) return offloadCsv(offload);
  if (!input.has("json")) {
    return offloadText(offload, { width: terminalColumns(), color: terminalColors() });
  }
  const document = { command: "offload", version: VERSION, schema: 1, ...offload };
  return `${JSON.stringify(document, null, 2)}\n`;
}

async function profileCost(name: string): Promise<readonly [PrefillCost, string]> {
  const profile = await loadProfile(name);
  const { model, device, tensorParallel, efficiency, prefill } = profile;
  const source = `profile ${profile.name}`;
  if (prefill !== undefined) return [prefill, source];
  const shape = computable(await loadModel(model));
  return [prefillCost(shape, await loadDevice(device), tensorParallel, efficiency), source];
}

function noCost(file: string): UsageError {
  return new UsageError({
    code: "usage/no-cost",
    message: "Cannot run offload: computing costs nothing in this scenario",
    place: { file, key: "prefill" },
    expected: "prefill.perToken in the scenario, or --profile",
    mend: ["`ls configs/calibrations` shows the shipped profiles"],
  });
}

function lengthsOf(input: Input): { readonly lengths?: readonly number[] } {
  const given = input.list("lengths");
  if (given === undefined) return {};
  const lengths = given.map(Number);
  const wrong = given[lengths.findIndex((tokens) => !Number.isSafeInteger(tokens) || tokens < 1)];
  if (wrong === undefined) return { lengths };
  throw new UsageError({
    code: "usage/lengths",
    message: "Cannot run offload: --lengths holds something that is no length",
    found: `"${wrong}"`,
    expected: "whole numbers of tokens, 1 or more",
  });
}
