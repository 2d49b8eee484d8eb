/**
 * The table of a ceiling: what hits, and where the rest is lost.
 *
 * @module
 */
import type { CeilingResult, CeilingRow } from "../../curves/result.ts";
import { metric } from "../metric_text.ts";
import { lossesOf } from "./ceiling_findings.ts";
import { shareText } from "./shown.ts";
import { capacityColumns, type TextColumn } from "./tables.ts";

/** Capacities × ceiling, optimum, best, LRU, then the losses between them; in percent. */
export function ceilingColumns(result: CeilingResult): TextColumn[] {
  const { rows, ceilingHits, trace: { accesses } } = result;
  const column = (
    upper: string,
    lower: string,
    expendable: number,
    hits: (row: CeilingRow) => number,
  ): TextColumn => ({
    head: [upper, lower],
    cells: rows.map((row) => shareText(hits(row), accesses)),
    expendable,
  });
  return [
    ...capacityColumns(result, rows.map(({ capacityBlocks }) => capacityBlocks)),
    column("", metric("ceilingHitRatio").label, 0, () => ceilingHits),
    column("", metric("optimalHitRatio").label, 0, ({ optimal }) => optimal.hits),
    column("best", "online", 0, ({ best }) => best.prefixHits),
    {
      head: ["", "which"],
      cells: rows.map(({ best }) => best.policy),
      expendable: 0,
      align: "left",
    },
    column("", "lru", 0, ({ lru }) => lru.prefixHits),
    column("lost:", "first uses", 4, () => accesses - ceilingHits),
    column("lost:", "capacity", 0, (row) => lossesOf(row, ceilingHits).capacity),
    column("lost:", "future", 0, (row) => lossesOf(row, ceilingHits).future),
    column("lost:", "choice", 0, (row) => lossesOf(row, ceilingHits).choice),
  ];
}
