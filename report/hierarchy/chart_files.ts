/**
 * Charts as files: every drawing of a report, for slides and papers.
 *
 * @module
 */

import type { Chart } from "../chart_draw.ts";
import { PNG_SCALE, svgPng } from "./png.ts";

/** A file to write. */
export interface ChartFile {
  /** Name of the file, without a folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Which files to make of a chart. */
export interface ChartFileOptions {
  /** Also draw PNG; loads a rasteriser on first use. */
  readonly png?: boolean;
  /** Pixels of PNG for each CSS pixel; 2 unless told. */
  readonly scale?: number;
  /** Beginning of every name; none unless told. */
  readonly prefix?: string;
}

/**
 * Writes every chart as SVG and, if asked for, as PNG, into memory: files are the caller's.
 *
 * Charts should be drawn with the theme `light` or `dark`: the theme `page` takes its colours from
 * the page around it, and a file has none.
 *
 * @throws {FileError} `file/png`, when PNG is asked for and its packages are not there.
 *
 * @example
 * ```ts
 * import { writeCharts, EXAMPLE_RUN, hierarchyCharts } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const charts = await hierarchyCharts(EXAMPLE_RUN.result, EXAMPLE_RUN.scenario);
 * const [{ name }] = await writeCharts(charts);
 * assertEquals(name, "served.svg");
 * ```
 */
export async function writeCharts(
  charts: readonly Chart[],
  options: ChartFileOptions = {},
): Promise<ChartFile[]> {
  const { png = false, scale = PNG_SCALE, prefix = "" } = options;
  const files: ChartFile[] = [];
  for (const { name, svg } of charts) {
    files.push({ name: `${prefix}${name}.svg`, bytes: new TextEncoder().encode(`${svg}\n`) });
    if (png) files.push({ name: `${prefix}${name}.png`, bytes: await svgPng(svg, scale) });
  }
  return files;
}
