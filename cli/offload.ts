/**
 * `kvtier offload`: from which prefix length on is loading faster than computing anew?
 *
 * @module
 */
import {
  breakEven,
  type BreakEvenInput,
  type CalibrationSource,
  calibrationSource,
  clusterOffload,
  type ClusterScenario,
  computable,
  hasCluster,
  loadClusterScenario,
  loadDevice,
  loadModel,
  loadProfile,
  loadRunScenario,
  offloadConfidence,
  offloadCsv,
  type OffloadText,
  offloadText,
  type OffloadTier,
  openClusterFile,
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
    {
      name: "scenario",
      value: "FILE",
      alias: "s",
      text: "tiers, of which the first computes, or a cluster with stores",
    },
    {
      name: "profile",
      value: "NAME|FILE",
      text: "cost of computing from a compute profile, instead of the scenario's prefill",
    },
    { name: "calibration", value: "NAME|FILE", text: "measured bandwidths and latencies" },
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
      "kvtier offload --scenario configs/scenarios/serving/offload.yaml",
      "and in a cluster, over its links?",
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
  const question = hasCluster((await openClusterFile(file)).yaml)
    ? await clusterQuestion(input, file)
    : await tierQuestion(input, file);
  const profile = input.value("profile");
  const { cost, costSource, calibration } = profile === undefined
    ? { ...question, cost: question.input.cost }
    : await profileCost(profile, question.system);
  if (cost.nsPerToken + cost.nsPerTokenSquared === 0) throw noCost(file);
  const compared = { ...question.input, cost, ...lengthsOf(input) };
  const offload: OffloadText = {
    scenario: question.scenario,
    bytesPerToken: compared.bytesPerToken,
    cost,
    costSource,
    confidence: offloadConfidence({
      ...(calibration === undefined ? {} : { calibration }),
      areSpeedsMeasured: question.areSpeedsMeasured,
    }),
    tiers: question.tiers.map((tier) => breakEven(tier, compared)),
  };
  await deliver(input, rendered(input, offload));
  return 0;
}

type System = Pick<ClusterScenario, "modelName" | "deviceName" | "tensorParallel">;

/** What a scenario asks. */
interface Question {
  readonly scenario: string;
  readonly tiers: readonly OffloadTier[];
  readonly input: BreakEvenInput;
  readonly costSource: string;
  /** What computes, where the scenario says it. */
  readonly system?: System;
  /** What that cost was fitted on, if on anything. */
  readonly calibration?: CalibrationSource;
  /** Whether a calibration gave speeds of what is loaded from. */
  readonly areSpeedsMeasured: boolean;
}

/** Of a scenario with tiers: those below the first, which computes. */
async function tierQuestion(input: Input, file: string): Promise<Question> {
  const scenario = await loadRunScenario(file, readOptions(input));
  const { name, bytesPerToken, bitsPerNumber, blockTokens, tiers, prefill } = scenario;
  return {
    scenario: name,
    tiers: tiers.slice(Math.min(1, tiers.length - 1)),
    input: {
      cost: prefill,
      bytesPerToken,
      ...(bitsPerNumber === undefined ? {} : { bitsPerNumber }),
      ...(blockTokens === undefined ? {} : { blockTokens }),
    },
    costSource: "the scenario's prefill",
    areSpeedsMeasured: scenario.calibration?.replaced.some((path) => path.startsWith("tiers")) ??
      false,
  };
}

/** Of a scenario with a cluster: its stores and peers, over the links of a replica. */
async function clusterQuestion(input: Input, file: string): Promise<Question> {
  const scenario = await loadClusterScenario(file, readOptions(input));
  const { tiers, input: compared } = clusterOffload(scenario);
  if (tiers.length === 0) throw noStores(file);
  const { profile, tensorParallel, deviceName } = scenario;
  return {
    scenario: scenario.name,
    tiers,
    input: compared,
    costSource: `${tensorParallel} ${deviceName}, ` +
      (profile === undefined ? "usual efficiencies" : `profile ${profile.name}`),
    ...(profile === undefined ? {} : { calibration: calibrationSource(scenario, profile) }),
    system: scenario,
    areSpeedsMeasured: scenario.storeCalibration !== undefined,
  };
}

function readOptions(input: Input) {
  const calibration = input.value("calibration");
  return {
    set: input.all("set"),
    registry: registry(),
    ...(calibration === undefined ? {} : { calibration }),
  };
}

function rendered(input: Input, offload: OffloadText): string {
  if (input.has("csv")) return offloadCsv(offload);
  if (!input.has("json")) {
    return offloadText(offload, { width: terminalColumns(), color: terminalColors() });
  }
  const document = { command: "offload", version: VERSION, schema: 1, ...offload };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The cost of computing that a profile tells, of its own system unless the scenario has one. */
async function profileCost(name: string, given?: System) {
  const profile = await loadProfile(name);
  const { model, device, tensorParallel, efficiency, prefill } = profile;
  const system = given ?? { modelName: model, deviceName: device, tensorParallel };
  const known = {
    costSource: `profile ${profile.name}`,
    calibration: calibrationSource(system, profile),
  };
  if (prefill !== undefined) return { ...known, cost: prefill };
  const shape = computable(await loadModel(model));
  const cost = prefillCost(shape, await loadDevice(device), tensorParallel, efficiency);
  return { ...known, cost };
}

function noStores(file: string): UsageError {
  return new UsageError({
    code: "usage/no-stores",
    message: "Cannot run offload: the cluster has nothing to load from",
    place: { file, key: "cluster.stores" },
    expected: "a store below HBM, or cluster.peers",
    mend: ["configs/scenarios/serving/offload.yaml has three"],
  });
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
