/**
 * kvtier replays traces of LLM serving through KV-cache policies and says how far each is from the
 * provable optimum.
 *
 * @example Four lines
 * ```ts
 * import { compare, comparisonText, openTrace } from "kvtier";
 *
 * const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
 * const comparison = await compare(trace, { policies: ["lru", "arc"], capacities: ["5%", "10%"] });
 * console.log(comparisonText(comparison));
 * ```
 *
 * @module
 */
export { ABI_VERSION } from "./assembly/abi.ts";
export * from "./errors/errors.ts";
export * from "./errors/nearest.ts";
export * from "./scenario/hierarchy.ts";
export * from "./scenario/hierarchy_example.ts";
export {
  type Grid,
  type GridCell,
  gridCells,
  gridSize,
  loadGrid,
  parseGrid,
} from "./scenario/grid.ts";
export * from "./scenario/kv_math.ts";
export { shippedNames } from "./scenario/files.ts";
export { loadModel, loadScenario, parseScenario, type Scenario } from "./scenario/load.ts";
export * from "./scenario/load_run.ts";
export * from "./scenario/models.ts";
export type { RegisteredName, RegisteredNames } from "./scenario/names.ts";
export { scenarioHash } from "./scenario/scenario_hash.ts";
export {
  bytesInScheme,
  scheme,
  SCHEME_NAMES,
  type SchemeName,
  tierBlockBytes,
} from "./scenario/schemes.ts";
export type { Setting } from "./scenario/settings.ts";
export {
  type Capacity,
  parseBandwidth,
  parseBytes,
  parseCapacity,
  parseDuration,
} from "./scenario/units.ts";
export * from "./traces/builder.ts";
export type { FileHead, ReadContext, TraceFormat } from "./traces/context.ts";
export type { Finding, Severity } from "./traces/findings.ts";
export { TRACE_FORMATS } from "./traces/formats.ts";
export * from "./traces/info.ts";
export { encodeKvt, KVT_VERSION, writeKvt } from "./traces/kvt.ts";
export { firstRequests } from "./traces/limit.ts";
export { openTrace, parseTrace } from "./traces/open.ts";
export type { ColumnMap, TimeUnit, TraceOptions } from "./traces/options.ts";
export { isPrefixTree } from "./traces/prefix_tree.ts";
export { PyRandom } from "./traces/py_random.ts";
export { writeFileAtomic } from "./traces/source.ts";
export { SYNTH_PRESETS, type SynthPreset } from "./traces/synthetic/presets.ts";
export { parseSynthName, type SynthSpec } from "./traces/synthetic/spec.ts";
export {
  blockScalars,
  synthesize,
  type SynthKind,
  synthKinds,
  type SynthParameter,
} from "./traces/synthetic/synthesize.ts";
export { loadWorkload, parseWorkload } from "./traces/synthetic/workload_file.ts";
export * from "./traces/trace.ts";
export * from "./traces/validate.ts";
export { type BoundOptions, gapToBound, multiTierBound } from "./bound/multi_tier_bound.ts";
export * from "./bound/result.ts";
export { boundText } from "./bound/text.ts";
export * from "./engine/compare.ts";
export * from "./engine/fold.ts";
export * from "./engine/hierarchy.ts";
export * from "./engine/hierarchy_result.ts";
export * from "./engine/percentiles.ts";
export * from "./engine/learn_report.ts";
export { NO_TREES, type PackedModel, type RecordedRows, type TierModels } from "./engine/model.ts";
export * from "./engine/registry.ts";
export * from "./engine/replayer.ts";
export * from "./engine/result.ts";
export { resultHash } from "./engine/result_hash.ts";
export { VERSION } from "./engine/version.ts";
export { ENGINE_HASH, engineModule } from "./engine/wasm.ts";
export type { ByteRows } from "./learn/bins.ts";
export * from "./learn/compare_learned.ts";
export * from "./learn/compare_with_learned.ts";
export { FEATURE_NAMES, packModel } from "./learn/features.ts";
export {
  type Forest,
  type ForestObjective,
  gainShares,
  scoreOf,
  type Tree,
} from "./learn/forest.ts";
export * from "./learn/gbdt.ts";
export { readLightgbmText, writeLightgbmText } from "./learn/lightgbm_text.ts";
export * from "./learn/metrics.ts";
export type { LearnOptions } from "./learn/settings.ts";
export * from "./learn/simulate_learned.ts";
export type { TrainingOptions } from "./learn/tier_models.ts";
export * from "./learn/train.ts";
export * from "./report/charts.ts";
export * from "./report/csv.ts";
export * from "./report/example.ts";
export { answer, limits } from "./report/findings.ts";
export {
  formatBytes,
  formatCount,
  formatCounted,
  formatPercent,
  formatSignedPoints,
} from "./report/format.ts";
export * from "./report/html.ts";
export * from "./report/json.ts";
export * from "./report/kv_text.ts";
export * from "./report/markdown.ts";
export * from "./report/metric.ts";
export * from "./report/metric_text.ts";
export * from "./report/metrics.ts";
export * from "./report/policy_notes.ts";
export * from "./report/policy_text.ts";
export { EVICTION_NOTES, type EvictionNote } from "./report/eviction_notes.ts";
export * from "./report/router_notes.ts";
export * from "./report/router_text.ts";
export * from "./report/schema.ts";
export { SWEEP_SCHEMA, sweepSchema, sweepSchemaJson } from "./report/sweep_schema.ts";
export * from "./report/text.ts";
export * from "./report/trace_text.ts";
export { cellsCsv, cellsJson, cellsParquet, sweepCsv, sweepJson } from "./sweep/export.ts";
export * from "./sweep/grid.ts";
export * from "./sweep/job.ts";
export type { Manifest, TraceRecord } from "./sweep/manifest.ts";
export * from "./sweep/merge.ts";
export * from "./sweep/metric_kinds.ts";
export {
  type Axis,
  type Cell,
  cellAt,
  cellCount,
  type Json,
  type SweepPlan,
} from "./sweep/plan.ts";
export type { RunnerSource } from "./sweep/pool.ts";
export * from "./sweep/results.ts";
export { hierarchyRunner } from "./sweep/run_cells.ts";
export * from "./sweep/run_metrics.ts";
export type { CellRunner, CellSpec, Metrics, Outcome, RunnerFactory } from "./sweep/runner.ts";
export * from "./sweep/shard.ts";
export * from "./sweep/statistics.ts";
export * from "./sweep/summary.ts";
export * from "./sweep/summary_text.ts";
export * from "./sweep/sweep.ts";
export { formatDuration } from "./report/format.ts";
export { type BooksOptions, brokenBooks } from "./report/hierarchy/books_check.ts";
export {
  type ChartFile,
  type ChartFileOptions,
  writeCharts,
} from "./report/hierarchy/chart_files.ts";
export { hierarchyCharts, RUN_CHART_NAMES, type RunChartName } from "./report/hierarchy/charts.ts";
export { hierarchyCsv } from "./report/hierarchy/csv.ts";
export { explainRunMetric, runMetricsMarkdown } from "./report/hierarchy/docs.ts";
export { EXAMPLE_RUN } from "./report/hierarchy/example.ts";
export { runAnswer } from "./report/hierarchy/findings.ts";
export { hierarchyHtml } from "./report/hierarchy/html.ts";
export { hierarchyDocument, hierarchyJson, RUN_SCHEMA } from "./report/hierarchy/json.ts";
export { runLimits } from "./report/hierarchy/limits.ts";
export { hierarchyMarkdown } from "./report/hierarchy/markdown.ts";
export type { Run, RunMetric, RunPlace, RunScope } from "./report/hierarchy/metric.ts";
export { RUN_METRICS, runMetric, runMetricsOf } from "./report/hierarchy/metrics.ts";
export * from "./report/hierarchy/runs.ts";
export { runsCharts } from "./report/hierarchy/runs_charts.ts";
export { runsHtml, type RunsHtmlOptions } from "./report/hierarchy/runs_html.ts";
export { runsText, type RunsTextOptions } from "./report/hierarchy/runs_text.ts";
export { runSchema, runSchemaJson } from "./report/hierarchy/schema.ts";
export { hierarchyText, type HierarchyTextOptions } from "./report/hierarchy/text.ts";
export * from "./curves/curve.ts";
export * from "./curves/bill.ts";
export * from "./curves/bill_result.ts";
export * from "./curves/ttl.ts";
export { type ReuseAges, reuseAges } from "./curves/ttl_ages.ts";
export { hitsUnder } from "./curves/ttl_capacity.ts";
export * from "./curves/ttl_curve.ts";
export { parseTtl } from "./curves/ttl_duration.ts";
export * from "./curves/ttl_result.ts";
export * from "./curves/size.ts";
export type { MixOptions } from "./curves/size_mixes.ts";
export * from "./curves/size_result.ts";
export type { SizeTier } from "./curves/size_tiers.ts";
export { type Containment, tierHits } from "./curves/surface.ts";
export * from "./curves/groups.ts";
export { lruCurve, type RowFilter } from "./curves/lru_curve.ts";
export * from "./curves/optimum_curve.ts";
export { GROUP_KEYS, type GroupKey } from "./curves/parts.ts";
export * from "./curves/policy_curve.ts";
export type { ReplayAll, ReplayJob } from "./curves/replays.ts";
export * from "./curves/result.ts";
export * from "./curves/sampled_curve.ts";
export * from "./curves/trace_ceiling.ts";
export * from "./curves/trace_curves.ts";
export { ceilingText } from "./report/curves/ceiling_text.ts";
export { curveCharts } from "./report/curves/curve_charts.ts";
export { ceilingCsv, curveCsv } from "./report/curves/curve_csv.ts";
export { curveHtml } from "./report/curves/curve_html.ts";
export {
  CEILING_SCHEMA,
  ceilingJson,
  CURVE_SCHEMA,
  curveJson,
} from "./report/curves/curve_json.ts";
export { ceilingMarkdown, curveMarkdown } from "./report/curves/curve_markdown.ts";
export {
  ceilingSchema,
  ceilingSchemaJson,
  curveSchema,
  curveSchemaJson,
} from "./report/curves/curve_schema.ts";
export { curveText, type CurveTextOptions } from "./report/curves/curve_text.ts";
export * from "./engine/folded.ts";
export * from "./engine/reuse_runs.ts";
export * from "./report/size/json.ts";
export * from "./report/size/write.ts";
export * from "./report/ttl/json.ts";
export * from "./report/ttl/write.ts";
export { assumedPrefillNs, GPU_DOLLARS_PER_HOUR } from "./curves/size_compute.ts";
export * from "./engine/serving.ts";
export * from "./engine/serving_result.ts";
export * from "./engine/serving_spec.ts";
export * from "./engine/step_model.ts";
export { type Device, deviceOf, loadDevice } from "./serving/device.ts";
export * from "./serving/kv_room.ts";
export * from "./serving/step_constants.ts";
export * from "./serving/weights.ts";
export * from "./serving/calibrate.ts";
export {
  type CalibratedFit,
  calibratedFit,
  type CalibrationResult,
  calibrationResult,
  type CalibrationTarget,
  prefillCost,
  profileOf,
} from "./serving/calibration.ts";
export type { Fit, FitPoint, FittedConstant } from "./serving/fit/fit.ts";
export { type MeasuredText, measuredText, readMeasured } from "./serving/fit/input.ts";
export * from "./serving/fit/latencies.ts";
export { type PrefillModel, prefillNs } from "./serving/fit/prefill.ts";
export { type LoggedRequest, readRequestLog } from "./serving/fit/request_log.ts";
export {
  fitRequests,
  type RequestFit,
  type RequestFitOptions,
  type Serve,
} from "./serving/fit/requests.ts";
export * from "./serving/profile.ts";
export * from "./serving/reference/engine.ts";
export type {
  EngineRequest,
  EngineSettings,
  ServedRequest,
  ServedRun,
} from "./serving/reference/served.ts";
export { engineRequests } from "./serving/reference/requests.ts";
export { calibrationHtml } from "./report/serving/calibration_html.ts";
export {
  calibrationAnswer,
  calibrationLimits,
  calibrationText,
  type CalibrationTextOptions,
} from "./report/serving/calibration_text.ts";
export * from "./traces/scale.ts";
export {
  offloadAnswer,
  offloadConfidence,
  offloadCsv,
  type OffloadText,
  offloadText,
} from "./report/serving/offload_text.ts";
export * from "./serving/break_even.ts";
export { servingHashes } from "./engine/serving_hash.ts";
export * from "./serving/cluster/exports.ts";
export * from "./report/serving/exports.ts";
