/**
 * The tables of curves as texts, whatever they are written in.
 *
 * @module
 */
import type { Curve } from "../../curves/curve.ts";
import type { CurveResult } from "../../curves/result.ts";
import { formatBytes, formatCount } from "../format.ts";
import { metric } from "../metric_text.ts";
import { curveName, headlinePoints, isBound } from "./curve_findings.ts";
import { shareText, shownCapacities, shownHits } from "./shown.ts";

/** A column of texts; in a terminal those with the highest `expendable` go first. */
export interface TextColumn {
  /** Two lines, the upper one empty where one is enough. */
  readonly head: readonly [upper: string, lower: string];
  readonly cells: readonly string[];
  readonly expendable: number;
  readonly align?: "left";
}

const PREFIX = metric("prefixHitRatio").label;
const BLOCK = metric("blockHitRatio").label;

/** Capacities × policies: prefix and block hit ratios in percent. */
export function curveColumns(result: CurveResult): TextColumn[] {
  const { trace: { accesses }, curves } = result;
  const capacities = shownCapacities(result);
  const ratios = (curve: Curve, points: Curve["points"]) =>
    capacities.map((blocks) => shareText(shownHits(curve, points, blocks), accesses));
  const columns = curves.flatMap((curve, index): TextColumn[] => {
    const name = curveName(curve);
    const block = { head: [name, BLOCK], cells: ratios(curve, curve.points) } as const;
    if (isBound(curve)) return [{ ...block, expendable: 0 }];
    return [
      { head: [name, PREFIX], cells: ratios(curve, curve.prefixPoints), expendable: 0 },
      { ...block, expendable: 4 + index },
    ];
  });
  return [...capacityColumns(result, capacities), ...columns];
}

/** Capacities in blocks, as a share, in tokens, and in bytes where they are known. */
export function capacityColumns(
  { blockBytes, trace: { uniqueBlocks, blockTokens } }: Pick<CurveResult, "blockBytes" | "trace">,
  capacities: readonly number[],
): TextColumn[] {
  return [
    { head: ["", "blocks"], cells: capacities.map(formatCount), expendable: 0 },
    {
      head: ["", "of all, %"],
      cells: capacities.map((blocks) => shareText(blocks, uniqueBlocks)),
      expendable: 2,
    },
    {
      head: ["", "tokens"],
      cells: capacities.map((blocks) => formatCount(blocks * blockTokens)),
      expendable: 3,
    },
    ...(blockBytes === undefined ? [] : [{
      head: ["", "bytes"] as const,
      cells: capacities.map((blocks) => formatBytes(blocks * blockBytes)),
      expendable: 1,
    }]),
  ];
}

/** Capacities of a table of parts: fewer, as they are its columns. */
const PART_CAPACITIES = 6;

/** Parts × capacities: LRU's prefix hits in percent of the part's own look-ups. */
export function groupColumns(result: CurveResult): TextColumn[] {
  const { groups, trace } = result;
  const shown = shownCapacities(result);
  const capacities = result.at === undefined ? shown.slice(-PART_CAPACITIES - 1, -1) : shown;
  const cells = (cell: (group: CurveResult["groups"][number]) => string) => groups.map(cell);
  return [
    {
      head: ["", groups[0]?.by ?? "part"],
      cells: cells(({ name }) => name),
      expendable: 0,
      align: "left",
    },
    {
      head: ["", "requests"],
      cells: cells(({ requests }) => formatCount(requests)),
      expendable: 1,
    },
    {
      head: ["look-ups,", "% of all"],
      cells: cells(({ accesses }) => shareText(accesses, trace.accesses)),
      expendable: 2,
    },
    ...capacities.map((blocks, index): TextColumn => ({
      head: ["", formatCount(blocks)],
      cells: cells(({ curve, accesses }) =>
        shareText(shownHits(curve, headlinePoints(curve), blocks), accesses)
      ),
      // The largest capacity stays.
      expendable: 3 + capacities.length - index - 1,
    })),
    {
      head: ["", metric("ceilingHitRatio").label],
      cells: cells(({ accesses, compulsoryMisses }) =>
        shareText(accesses - compulsoryMisses, accesses)
      ),
      expendable: 0,
    },
  ];
}
