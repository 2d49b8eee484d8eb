/**
 * Numbers of a sweep for people; files keep the raw ones.
 *
 * @module
 */
import type { MetricKind } from "./metric_kinds.ts";

const SCALES: Readonly<Record<"nanoseconds" | "bytes" | "count", readonly [string, number][]>> = {
  nanoseconds: [["s", 1e9], ["ms", 1e6], ["us", 1e3], ["ns", 1]],
  bytes: [["TiB", 2 ** 40], ["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10], ["B", 1]],
  count: [["", 1]],
};

/** A form for all numbers of one table, so that they compare at a glance. */
export interface NumberForm {
  /** Unit for the head of the table; empty for counts. */
  readonly unit: string;
  /** Writes a value. */
  readonly value: (value: number) => string;
  /** Writes a difference, with its sign. */
  readonly difference: (value: number) => string;
}

/** The form that suits a metric and the largest of its values. */
export function numberForm({ unit }: MetricKind, largest: number): NumberForm {
  if (unit === "ratio") return form("%", 100, 2);
  const scale = SCALES[unit].find(([, size]) => largest >= size) ?? SCALES[unit].at(-1)!;
  const shown = largest / scale[1];
  return form(scale[0], 1 / scale[1], unit === "count" && shown >= 100 ? 1 : 3);
}

function form(unit: string, factor: number, digits: number): NumberForm {
  const value = (value: number) => grouped((value * factor).toFixed(digits));
  return {
    unit,
    value: (each) => value(each).replace(/^-(0(\.0*)?)$/, "$1"),
    difference: (each) => `${each < 0 ? "-" : "+"}${value(Math.abs(each))}`,
  };
}

function grouped(text: string): string {
  const [whole, fraction] = text.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** A table with aligned columns; numbers stand right. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
): string {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => [...row[at]].length)));
  const line = (row: readonly string[]) =>
    row.map((text, at) => {
      const gap = " ".repeat(widths[at] - [...text].length);
      return right[at] ? gap + text : text + gap;
    }).join("  ").trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(head), rule, ...rows.map(line), ""].join("\n");
}
