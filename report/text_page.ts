/**
 * What the parts of a terminal report share.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import type { Row, Standing } from "./series.ts";
import { shownName } from "./series.ts";
import { fit, type Ink } from "./text_table.ts";

/** The terminal and what is shown on it. */
export interface Page {
  readonly width: number;
  readonly color: boolean;
  readonly comparison: Comparison;
}

/** How a standing against LRU is marked. */
export const SIGNS: Readonly<Record<Standing, string>> = {
  best: "*",
  above: "+",
  draw: " ",
  below: "-",
};

/** How a standing against LRU is painted. */
export const INKS: Readonly<Record<Standing, Ink | undefined>> = {
  best: "good",
  above: "good",
  draw: undefined,
  below: "bad",
};

/** Names may take this much of the width, and never less than so many columns. */
const LABEL_SHARE = 0.4;
const LABEL_WIDTH_AT_LEAST = 26;

/** Names for the first column, cut to a common width unless that would make two of them equal. */
export function rowLabels(
  rows: readonly Pick<Row, "label" | "isBound" | "isSchedule">[],
  page: Page,
): string[] {
  const whole = rows.map(shownName);
  const width = Math.max(LABEL_WIDTH_AT_LEAST, Math.floor(page.width * LABEL_SHARE));
  const short = whole.map((label) => fit(label, width));
  const isUsed = (label: string) => short.filter((other) => other === label).length > 1;
  return whole.map((label, index) => isUsed(short[index]) ? label : short[index]);
}
