/**
 * A calibration as one HTML page, with the residuals of every fit.
 *
 * @module
 */
import type { CalibratedFit, CalibrationResult } from "../../serving/calibration.ts";
import { canvasOf, type Chart, drawChart } from "../chart_draw.ts";
import { type Canvas, SHAPES, type Spec } from "../chart_input.ts";
import { answerBox, DESK_WIDTH, figureSection, list, PHONE_WIDTH, section } from "../html_parts.ts";
import { escapeHtml, htmlPage } from "../html_page.ts";
import { calibrationAnswer, calibrationLimits, calibrationText } from "./calibration_text.ts";

/** More points than this are thinned out evenly: a page stays small. */
const POINTS_MAX = 800;

/** Writes a calibration as a page. */
export async function calibrationHtml(
  result: CalibrationResult,
  options: { readonly command: string },
): Promise<string> {
  const [desk, phone] = [await charts(result, DESK_WIDTH), await charts(result, PHONE_WIDTH)];
  const body = [
    `<header><h1>${escapeHtml(`Calibration of ${result.model} on ${result.device}`)}</h1></header>`,
    "<main>",
    section("answer", "Answer", answerBox(calibrationAnswer(result))),
    ...result.fits.map((_, index) => figureSection(`residuals-${index}`, desk, phone)),
    section("numbers", "All numbers", `<pre>${escapeHtmlLines(calibrationText(result))}</pre>`),
    section("limits", "What this report does not show", list(calibrationLimits(result))),
    section("repeat", "To repeat it", `<pre><code>${escapeHtml(options.command)}</code></pre>`),
    "</main>",
  ];
  return await htmlPage(`Calibration of ${result.model}`, body.join("\n"));
}

function escapeHtmlLines(text: string): string {
  return text.split("\n").map(escapeHtml).join("\n");
}

async function charts({ fits }: CalibrationResult, width: number): Promise<Chart[]> {
  const canvas = canvasOf({ theme: "page", width });
  const drawn: Chart[] = [];
  for (const [index, each] of fits.entries()) {
    drawn.push({
      name: `residuals-${index}`,
      title: `Residuals: ${each.name}`,
      caption: "How far each prediction is from its measurement, over the size of the work. " +
        "A good fit scatters around 0; a bend is what the model does not know.",
      svg: await drawChart(residualSpec(each, canvas), canvas),
    });
  }
  return drawn;
}

/** Error of each point over its size. */
export function residualSpec({ fit }: CalibratedFit, { theme }: Canvas): Spec {
  const every = Math.ceil(fit.points.length / POINTS_MAX);
  const values = fit.points.filter((_, index) => index % every === 0).map((point) => ({
    x: Math.max(point.x, 1),
    error: 100 * (point.predicted / point.observed - 1),
    set: point.set,
  }));
  const sets = [...new Set(values.map(({ set }) => set))];
  return {
    data: { values },
    height: 260,
    layer: [
      { mark: { type: "rule", color: theme.muted }, encoding: { y: { datum: 0 } } },
      {
        mark: { type: "point", filled: true, size: 24, opacity: 0.7 },
        encoding: {
          x: {
            field: "x",
            type: "quantitative",
            scale: { type: "log" },
            title: "size of the work",
          },
          y: { field: "error", type: "quantitative", title: "predicted − observed, %" },
          color: {
            field: "set",
            type: "nominal",
            scale: { domain: sets, range: theme.series.slice(0, Math.max(1, sets.length)) },
            legend: sets.length > 1 ? { title: null } : null,
          },
          shape: {
            field: "set",
            type: "nominal",
            scale: { domain: sets, range: SHAPES.slice(0, Math.max(1, sets.length)) },
            legend: sets.length > 1 ? { title: null } : null,
          },
        },
      },
    ],
  };
}
