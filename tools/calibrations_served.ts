/**
 * Profiles of machines whose runs of vLLM were measured: everything of a step from tables of its
 * layers, the step constant from the run of another machine, and the machine's own run for a check
 * that no fit has seen.
 *
 * @module
 */
import {
  calibratedFit,
  calibrateLayers,
  calibrateRequests,
  type CalibrationResult,
  calibrationResult,
  type CalibrationTarget,
  compareLatencies,
  computable,
  engineRequests,
  type EngineSettings,
  type LatencyComparison,
  latencyErrors,
  loadDevice,
  loadModel,
  type MeasuredText,
  openTrace,
  profileOf,
  readMeasured,
  readRequestLog,
  serveReference,
  stepModel,
  USUAL_EFFICIENCY,
} from "../mod.ts";

const DATA = "tests/data/serving/";
const TRACE = `${DATA}sharegpt_llama8b_300.blk16.mooncake.jsonl.gz`;

/** A measured file of the tests. */
export const read = async (file: string): Promise<MeasuredText> => ({
  ...await readMeasured(DATA + file),
  file,
});

/** A run beside its measurement. */
export interface CheckedRun {
  /** Where the step constant is from. */
  readonly constant: string;
  readonly isShipped: boolean;
  readonly latencies: readonly LatencyComparison[];
}

/** What a recipe gives. */
export interface Outcome {
  readonly results: readonly CalibrationResult[];
  readonly runs: readonly CheckedRun[];
}

/** A machine of which tables of layers and a run are at hand. */
interface Machine {
  readonly title: string;
  readonly device: string;
  /** What the names of its files begin with. */
  readonly prefix: string;
  readonly setup: Omit<EngineSettings, "step">;
}

export const RTX_4090: Machine = {
  title: "RTX 4090",
  device: "rtx-4090",
  prefix: "rtx4090_llama8b",
  setup: { blocks: 2_588, sequencesMax: 256, tokenBudget: 2_048 },
};

export const RTX_PRO_6000: Machine = {
  title: "RTX PRO 6000",
  device: "rtx-pro-6000-server",
  prefix: "rtxpro6000_llama8b",
  // The log does not say how much KV there was; the run never used more than this.
  setup: { blocks: 32_000, sequencesMax: 128, tokenBudget: 2_048 },
};

/** Tables of a machine, the step constant of another, the machine's own run for the check. */
export function served(own: Machine, other: Machine) {
  return async (target: CalibrationTarget): Promise<Outcome> => {
    const layers = await layersOf(own, target);
    const stranger = await requestsOf(other, await targetOf(other));
    const native = await requestsOf(own, target, layers);
    const [strange] = stranger.fits;
    const [{ value: stepNs }] = strange.fit.constants;
    const shipped = await runOf(own, target, layers, stepNs);
    const log = await logOf(own);
    const fit = { ...strange.fit, holdOut: latencyErrors(readRequestLog(log), shipped.served) };
    const known = profileOf(layers, "tables", { source: "tables", date: "2026-01-01" });
    const name = `${strange.name}, on another machine: an ${other.title}`;
    const source = await logOf(other);
    const fits = [calibratedFit(name, source, fit)];
    const result = await calibrationResult("requests", { ...target, known }, [source], fits, {
      stepNs,
    });
    const { stepNs: usual } = USUAL_EFFICIENCY;
    const [none, blind] = [
      await runOf(own, target, layers, 0),
      await runOf(own, target, layers, usual),
    ];
    return {
      results: [layers, result],
      runs: [
        { constant: "nowhere: 0 ms", isShipped: false, latencies: none.latencies },
        { constant: "nowhere: the usual 2 ms", isShipped: false, latencies: blind.latencies },
        {
          constant: `the run of the ${other.title}: ${(stepNs / 1e6).toFixed(2)} ms (shipped)`,
          isShipped: true,
          latencies: shipped.latencies,
        },
        {
          constant: `its own first third: ${(native.efficiency.stepNs! / 1e6).toFixed(2)} ms`,
          isShipped: false,
          latencies: native.requests!.unseen,
        },
      ],
    };
  };
}

async function targetOf({ device }: Machine): Promise<CalibrationTarget> {
  const model = "llama-3.1-8b";
  return {
    modelName: model,
    model: computable(await loadModel(model)),
    deviceName: device,
    device: await loadDevice(device),
  };
}

async function layersOf({ prefix }: Machine, target: CalibrationTarget) {
  const tables = [`${prefix}_layers.csv`, `${prefix}_attention.csv`];
  return await calibrateLayers(await Promise.all(tables.map(read)), target);
}

const logOf = ({ prefix }: Machine) => read(`${prefix}_requests.jsonl.gz`);

/** The step constant on the requests of the machine's run that ended first. */
async function requestsOf(
  machine: Machine,
  target: CalibrationTarget,
  layers?: CalibrationResult,
): Promise<CalibrationResult> {
  const tables = layers ?? await layersOf(machine, target);
  const known = profileOf(tables, "tables", { source: "tables", date: "2026-01-01" });
  const setup = { trace: await openTrace(TRACE), ...machine.setup };
  return await calibrateRequests(await logOf(machine), { ...target, known }, setup);
}

/** The machine's run with its tables and this step constant, beside its measurement. */
async function runOf(
  machine: Machine,
  { model, device }: CalibrationTarget,
  { efficiency }: CalibrationResult,
  stepNs: number,
) {
  const log = await logOf(machine);
  const logged = readRequestLog(log);
  const step = stepModel(model, device, { efficiency: { ...efficiency, stepNs } });
  const requests = engineRequests(logged, 16, await openTrace(TRACE), log.file);
  const { requests: served } = serveReference(requests, { ...machine.setup, step });
  return { served, latencies: compareLatencies(logged, served) };
}
