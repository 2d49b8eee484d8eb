/**
 * What the library shows of reports on serving.
 *
 * @module
 */
export { SERVING_CHART_NAMES, type ServingChartName, servingCharts } from "./charts.ts";
export { chromeTrace, type ChromeTraceOptions } from "./chrome_trace.ts";
export {
  COMPARED_METRICS,
  type ComparedRun,
  paretoFront,
  type ServingComparison,
  servingRunsTable,
} from "./comparison.ts";
export { servingComparisonHtml } from "./comparison_html.ts";
export {
  COMPARISON_SCHEMA,
  servingComparisonCsv,
  servingComparisonDocument,
  servingComparisonJson,
} from "./comparison_json.ts";
export { servingComparisonSchema, servingComparisonSchemaJson } from "./comparison_schema.ts";
export { servingComparisonMarkdown, servingComparisonText } from "./comparison_text.ts";
export {
  type Confidence,
  type Evidence,
  metricConfidence,
  servingConfidence,
  type Verdict,
} from "./confidence.ts";
export * from "./context.ts";
export { servingCsv, servingRequestsCsv } from "./csv.ts";
export { explainServingMetric, servingMetricsMarkdown } from "./docs.ts";
export { EXAMPLE_SERVING } from "./example.ts";
export { servingAnswer } from "./findings.ts";
export { servingHtml } from "./html.ts";
export { SERVING_SCHEMA, servingDocument, servingJson } from "./json.ts";
export { servingLimits } from "./limits.ts";
export { servingMarkdown } from "./markdown.ts";
export { servingProvenance } from "./provenance.ts";
export { servingSchema, servingSchemaJson } from "./schema.ts";
export * from "./metric.ts";
export { SERVING_METRICS, servingMetric, servingMetricsOf } from "./metrics.ts";
export type { KindUse, RoleUse, RunTimeline, Span } from "./timeline.ts";
export { servingTimelineCsv } from "./timeline_csv.ts";
export { servingText, type ServingTextOptions } from "./text.ts";
