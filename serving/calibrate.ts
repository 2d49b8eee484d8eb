/**
 * Calibrations from each kind of measurement.
 *
 * @module
 */
import { CalibrationError } from "../errors/errors.ts";
import { bytesPerToken } from "../scenario/models.ts";
import type { Trace } from "../traces/trace.ts";
import {
  type CalibratedFit,
  calibratedFit,
  type CalibrationResult,
  calibrationResult,
  type CalibrationTarget,
} from "./calibration.ts";
import { fitAllReduce, readAllReduces } from "./fit/all_reduce.ts";
import { efficiencyOf } from "./fit/efficiency.ts";
import type { MeasuredText } from "./fit/input.ts";
import { checkScrapes, fitMetrics, latenciesIn, windowsOf } from "./fit/metrics.ts";
import { fitPrefill, prefillEfficiency, prefillModelOf, readPrefills } from "./fit/prefill.ts";
import { fitElementwise, fitProducts } from "./fit/products.ts";
import { checkKind } from "./fit/kinds.ts";
import { readScrape } from "./fit/prometheus.ts";
import { fitRequests } from "./fit/requests.ts";
import { readRequestLog } from "./fit/request_log.ts";
import {
  readContexts,
  readLayerElementwise,
  readLayerProducts,
  readMixed,
  readSteps,
} from "./fit/step_table.ts";
import { fitContexts, fitMixed, fitSteps, rangeOf } from "./fit/steps.ts";
import { readVidurProducts } from "./fit/vidur_table.ts";
import { checkModel } from "./fit/vidur_model.ts";
import { serveReference } from "./reference/engine.ts";
import type { EngineSettings } from "./reference/served.ts";
import { engineRequests } from "./reference/requests.ts";
import { stepModel } from "./step_constants.ts";

/**
 * Fits products and element-wise work on Vidur's `mlp.csv`, all-reduces on its `all_reduce.csv`.
 *
 * @throws {CalibrationError} If a table is of another model, or a fit explains nothing.
 */
export async function calibrateVidur(
  tables: readonly MeasuredText[],
  target: CalibrationTarget,
): Promise<CalibrationResult> {
  const { model, device, tensorParallel = 1 } = target;
  for (const table of tables) checkKind(table, "vidur");
  const fits = tables.flatMap((table): CalibratedFit[] => {
    const header = table.text.slice(0, table.text.indexOf("\n"));
    if (header.includes("collective")) {
      const points = readAllReduces(table, tensorParallel);
      return [calibratedFit("all-reduces", table, fitAllReduce(table.file, points))];
    }
    const { products, elementwise, ...shape } = readVidurProducts(table);
    checkModel(shape, model, table.file);
    return [
      calibratedFit("products of a layer", table, fitProducts(table.file, products, device)),
      calibratedFit(
        "element-wise work of a layer",
        table,
        fitElementwise(table.file, elementwise, device),
      ),
    ];
  });
  const found = efficiencyOf(fits.map(({ fit }) => fit), model.layers);
  return await calibrationResult("vidur", target, tables, fits, found);
}

/**
 * Fits tables of vLLM's layers as LLMServingSim profiles them: products and element-wise work
 * (`layer,tokens,time_us`), attention (`n_decode,kv_decode,time_us`), whole steps (`step_us`).
 *
 * @throws {CalibrationError} If a table is none of these, or a fit explains nothing.
 */
export async function calibrateLayers(
  tables: readonly MeasuredText[],
  target: CalibrationTarget,
): Promise<CalibrationResult> {
  const { model, device, tensorParallel = 1 } = target;
  const fits: CalibratedFit[] = [];
  for (const table of tables) {
    checkKind(table, "layers");
    const columns = table.text.slice(0, table.text.search(/\r?\n|$/)).split(",");
    if (columns.includes("step_us")) {
      const points = readSteps(table, model.sliding?.windowTokens);
      const known = { ...target.known?.efficiency };
      const found = fitSteps(table.file, points, model, device, {
        tensorParallel,
        known: { productNs: 0, layerNs: 0, stepNs: 0, ...known },
        find: ["flops", "bandwidth", "smoothness", "contextBandwidth", "sequenceNs"],
      });
      fits.push(calibratedFit("whole steps", table, found));
    } else if (columns.includes("kv_decode")) {
      const found = fitContexts(table.file, readContexts(table), model, device);
      fits.push(calibratedFit("attention over contexts", table, found));
      const mixed = readMixed(table);
      if (mixed.length > 0) {
        const besides = fitMixed(table.file, mixed, model, device, found);
        fits.push(calibratedFit("attention beside prompts", table, besides));
      }
    } else if (columns.includes("layer")) {
      const products = readLayerProducts(table, model, tensorParallel);
      const elementwise = readLayerElementwise(table, model, tensorParallel);
      fits.push(
        calibratedFit("products of a layer", table, fitProducts(table.file, products, device)),
        calibratedFit(
          "element-wise work of a layer",
          table,
          fitElementwise(table.file, elementwise, device),
        ),
      );
    } else throw unknownTable(table);
  }
  const found = efficiencyOf(fits.map(({ fit }) => fit), model.layers);
  return await calibrationResult("layers", target, tables, fits, found);
}

function unknownTable({ file }: MeasuredText): CalibrationError {
  return new CalibrationError({
    code: "calibrate/unknown-table",
    message: "Cannot calibrate: this is no table of layers, attention or steps",
    place: { file, line: 1 },
    expected: "columns layer, tokens, time_us; or n_decode, kv_decode, time_us; or step_us",
    mend: ["tables of Vidur go to `kvtier calibrate vidur`"],
  });
}

/** How the server of a request log was set up. */
export interface ServerSetup extends Omit<EngineSettings, "step"> {
  /** The prompts, for prefix hits; without it all prompts are distinct. */
  readonly trace?: Trace;
  /** Share of the requests that the fit may see; 1/3 when absent. */
  readonly share?: number;
}

/**
 * Fits the step constant on a log of served requests, serving them again in the reference engine.
 *
 * Products, contexts and all-reduces are taken from the profile that is known, or are the usual.
 *
 * @throws {CalibrationError} If the log is too short, or the fit explains nothing.
 */
export async function calibrateRequests(
  log: MeasuredText,
  target: CalibrationTarget,
  { trace, share, ...setup }: ServerSetup,
): Promise<CalibrationResult> {
  const { model, device, tensorParallel = 1, known } = target;
  checkKind(log, "requests");
  const logged = readRequestLog(log);
  const requests = engineRequests(logged, setup.blockTokens ?? 16, trace, log.file);
  const result = fitRequests(logged, {
    name: log.file,
    constants: [rangeOf("stepNs")],
    ...(share === undefined ? {} : { share }),
    evaluations: 40,
    serve: ([stepNs]) => {
      const efficiency = { ...known?.efficiency, stepNs };
      const step = stepModel(model, device, { tensorParallel, efficiency });
      return serveReference(requests, { ...setup, step }).requests;
    },
  });
  const fits = [calibratedFit("latencies of the requests that ended first", log, result.fit)];
  const found = efficiencyOf([result.fit], model.layers);
  const { all, unseen, seen } = result;
  return await calibrationResult("requests", target, [log], fits, found, {
    requests: { all, unseen, seen },
  });
}

/**
 * Fits the step constant on scrapes of vLLM's metrics, in order of time.
 *
 * @throws {CalibrationError} If a metric is missing, or the scrapes do not determine the constant.
 */
export async function calibrateMetrics(
  texts: readonly MeasuredText[],
  target: CalibrationTarget,
): Promise<CalibrationResult> {
  const { model, device, tensorParallel = 1, known } = target;
  for (const text of texts) checkKind(text, "metrics");
  checkScrapes(texts);
  const scrapes = texts.map(readScrape);
  const result = fitMetrics(windowsOf(scrapes), (stepNs) =>
    stepModel(model, device, {
      tensorParallel,
      efficiency: { ...known?.efficiency, stepNs },
    }));
  const fits = [calibratedFit("times between tokens", texts[0], result)];
  const found = efficiencyOf([result], model.layers);
  return await calibrationResult("metrics", target, texts, fits, found, {
    latencies: latenciesIn(scrapes),
  });
}

/**
 * Fits prefills that ran alone: `promptTokens,cachedTokens,seconds`.
 *
 * @throws {CalibrationError} If there are too few, or the fit explains nothing.
 */
export async function calibratePrefill(
  table: MeasuredText,
  target: CalibrationTarget,
): Promise<CalibrationResult> {
  const { model, device, tensorParallel = 1 } = target;
  checkKind(table, "prefill");
  const result = fitPrefill(table.file, readPrefills(table), bytesPerToken(model));
  const prefill = prefillModelOf(result.constants.map(({ value }) => value));
  const found = prefillEfficiency(model, device, tensorParallel, prefill);
  const fits = [calibratedFit("prefills", table, result)];
  const { nsPerToken, nsPerTokenSquared } = prefill;
  return await calibrationResult("prefill", target, [table], fits, found, {
    prefill: { nsPerToken, nsPerTokenSquared },
  });
}
