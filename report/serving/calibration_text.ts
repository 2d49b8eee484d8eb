/**
 * A calibration for a terminal: the answer, the constants, the errors.
 *
 * @module
 */
import type { CalibratedFit, CalibrationResult } from "../../serving/calibration.ts";
import { formatCount, formatDuration, formatPercent, sentenceList } from "../format.ts";
import { residualLines } from "./residuals_text.ts";
import { type Column, drawTable, fitColumns, paint, wrap } from "../text_table.ts";

/** How text is laid out. */
export interface CalibrationTextOptions {
  readonly width?: number;
  readonly color?: boolean;
}

/** Writes a calibration as text. */
export function calibrationText(
  result: CalibrationResult,
  { width = 100, color = false }: CalibrationTextOptions = {},
): string {
  const lines = calibrationAnswer(result).flatMap((sentence) => wrap(sentence, width));
  lines[0] = paint(lines[0], "strong", color);
  for (const each of result.fits) lines.push("", ...fitLines(each, width, color));
  if (result.requests !== undefined) {
    const { all, unseen } = result.requests;
    lines.push("", "All requests, observed and predicted:", ...latencyLines(all, width, color));
    lines.push(
      "",
      "Requests that the fit did not see:",
      ...latencyLines(unseen, width, color),
    );
  }
  if (result.latencies !== undefined) {
    lines.push("", "Observed between the first scrape and the last:");
    for (const { name, count, meanNs, p50Ns, p99Ns } of result.latencies) {
      const parts = [`mean ${formatDuration(meanNs)}`];
      if (p50Ns > 0) parts.push(`p50 ${formatDuration(p50Ns)}`, `p99 ${formatDuration(p99Ns)}`);
      lines.push(`  ${name}: ${parts.join(", ")} of ${formatCount(count)}`);
    }
  }
  lines.push("", ...wrap(calibrationLimits(result).join(" "), width), "");
  return lines.join("\n");
}

/** The answer in sentences. */
export function calibrationAnswer(result: CalibrationResult): string[] {
  const { fits, model, device, tensorParallel, requests } = result;
  const worst = fits.reduce((a, b) => b.fit.meanError > a.fit.meanError ? b : a);
  const devices = tensorParallel === 1 ? device : `${tensorParallel} × ${device}`;
  const named = sentenceList(fits.map(({ name }) => name));
  const sentences = [
    `${model} on ${devices}: ${named} fitted; the mean error is ` +
    `${formatPercent(worst.fit.meanError)} %${fits.length > 1 ? ` at most (${worst.name})` : ""}.`,
  ];
  if (requests !== undefined) {
    const means = requests.unseen.map(({ name, rows: [{ observedNs, predictedNs }] }) =>
      `${name.toUpperCase()} ${signed(predictedNs / observedNs - 1)}`
    );
    sentences.push(
      `Fitted on the ${requests.seen} requests that ended first; on the others the means are off by ` +
        `${sentenceList(means)}.`,
    );
  }
  return sentences;
}

/** What a calibration does not show. */
export function calibrationLimits({ kind, known }: CalibrationResult): string[] {
  const limits = ["The constants hold for this model, device, precision and server version."];
  if (kind === "requests" || kind === "metrics") {
    limits.push(
      known === undefined
        ? "Products and contexts were taken as usual for such devices: --known PROFILE is better."
        : `Products and contexts are those of ${known}.`,
      "The step constant holds whatever the known part lacks, sampling and mixed batches among it.",
    );
  }
  if (kind === "prefill") limits.push("A prefill alone does not tell how steps are shared.");
  return limits;
}

function fitLines({ name, file, fit, sets }: CalibratedFit, width: number, color: boolean) {
  const { constants, meanError, r2, holdOut, worst, points } = fit;
  const heldOut = holdOut === undefined
    ? ""
    : `, held out ${formatPercent(holdOut.meanError)} % (${formatCount(holdOut.points)} points)`;
  const quality =
    `${name}: mean error ${formatPercent(meanError)} %${heldOut}, R² ${r2.toFixed(4)}, ` +
    `worst ${signed(worst.predicted / worst.observed - 1)} at ${worst.label}; ` +
    `${formatCount(points.length)} points of ${file}`;
  const cells = (of: (constant: typeof constants[number]) => string) => constants.map(of);
  const table: Column[] = [
    { head: ["constant"], align: "left", expendable: 0, cells: cells(({ name }) => name) },
    {
      head: ["value"],
      align: "right",
      expendable: 0,
      cells: cells(({ name, value }) => constantText(name, value)),
    },
    {
      head: ["give or take"],
      align: "right",
      expendable: 1,
      cells: cells(({ uncertainty }) =>
        uncertainty < 10 ? `${formatPercent(uncertainty)} %` : "undetermined"
      ),
    },
  ];
  const bySet = sets.length === 0 ? [] : wrap(
    `mean error by set: ${
      sets.map(({ set, meanError }) => `${set} ${formatPercent(meanError)} %`).join(", ")
    }`,
    width,
    "  ",
  );
  return [
    ...wrap(quality, width, "  "),
    ...drawTable(fitColumns(table, width - 2), { color }).map((line) => `  ${line}`),
    ...bySet.map((line) => `  ${line}`),
    ...residualLines(points, width - 2, color).map((line) => `  ${line}`),
  ];
}

/** A constant with its unit: times end in Ns, rates in PerSecond, the rest are shares. */
export function constantText(name: string, value: number): string {
  if (name.endsWith("BytesPerSecond")) return `${(value / 1e9).toPrecision(4)} GB/s`;
  if (name === "nsPerToken") return `${(value / 1e3).toPrecision(4)} us/token`;
  if (name === "nsPerTokenSquared") return `${value.toPrecision(4)} ns/token²`;
  return name.endsWith("Ns") ? formatDuration(value) : value.toPrecision(4);
}

type Latencies = NonNullable<CalibrationResult["requests"]>["all"];

function latencyLines(latencies: Latencies, width: number, color: boolean): string[] {
  const rows = latencies.flatMap(({ name, rows }) => rows.map((row) => ({ name, ...row })));
  const column = (head: string, cells: readonly string[], align: Column["align"]): Column => ({
    head: [head],
    align,
    expendable: 0,
    cells,
  });
  const columns = [
    column(
      "latency",
      rows.map(({ name, statistic }) => `${name.toUpperCase()} ${statistic}`),
      "left",
    ),
    column("observed", rows.map(({ observedNs }) => formatDuration(observedNs)), "right"),
    column("predicted", rows.map(({ predictedNs }) => formatDuration(predictedNs)), "right"),
    column("error", rows.map((row) => signed(row.predictedNs / row.observedNs - 1)), "right"),
  ];
  return drawTable(fitColumns(columns, width - 2), { color }).map((line) => `  ${line}`);
}

function signed(share: number): string {
  return `${share >= 0 ? "+" : "−"}${formatPercent(Math.abs(share))} %`;
}
