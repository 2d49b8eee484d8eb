/**
 * Prints the table of `docs/learned.md`: the learned policy on requests that are new to it.
 *
 * `deno task learned-rows [SHARE …]`, default 0.3 and 0.5: the part of each trace to learn from.
 *
 * @module
 */
import type { Counters } from "../engine/replayer.ts";
import { compareLearned, type LearnedComparison } from "../learn/compare_learned.ts";
import { gunzipSync } from "node:zlib";
import { openTrace, parseTrace } from "../traces/open.ts";
import type { Trace } from "../traces/trace.ts";

const DATA = "tests/data";
const WEKA_SESSIONS = 40;
const TRACES: readonly [name: string, open: () => Promise<Trace>][] = [
  ["Mooncake conversation", () => openTrace(`${DATA}/conversation_trace.jsonl.gz`)],
  ["Mooncake synthetic", () => openTrace(`${DATA}/synthetic_trace.jsonl.gz`)],
  [`WEKA, first ${WEKA_SESSIONS} sessions`, weka],
];
const CAPACITIES = [0.05, 0.1];

/** The first sessions: a line is a session, and all of them begin at time 0. */
async function weka(): Promise<Trace> {
  const file = await Deno.readFile(`${DATA}/weka_claude_code_rle.jsonl.gz`);
  const lines = new TextDecoder().decode(gunzipSync(file)).split("\n").slice(0, WEKA_SESSIONS);
  return await parseTrace(new TextEncoder().encode(`${lines.join("\n")}\n`), "weka.jsonl");
}

const prefix = ({ prefixHits, accesses }: Counters) => (100 * prefixHits / accesses).toFixed(1);

function row(name: string, share: number, capacity: number, found: LearnedComparison): string {
  const { report, learned, lru, optimal } = found;
  const isUnseen = report.heldOutByTimeAndSession.rows > 0;
  const heldOut = isUnseen ? report.heldOutByTimeAndSession : report.heldOutByTime;
  const { distance, distanceOfMean, auc, aucOfAge } = heldOut;
  const cells = [
    name,
    `${100 * share} %`,
    `${100 * capacity} % (${report.capacityBlocks})`,
    report.isModelUsed ? prefix(learned) : `${prefix(learned)} (no model)`,
    prefix(lru),
    prefix(optimal),
    isUnseen ? `time and ${report.unseenBy}` : "time",
    `${auc.toFixed(2)} (${aucOfAge.toFixed(2)})`,
    `${distance.maeDoublings.toFixed(2)} (${distanceOfMean.maeDoublings.toFixed(2)})`,
    `${distance.rmseDoublings.toFixed(2)} (${distanceOfMean.rmseDoublings.toFixed(2)})`,
    report.importance.slice(0, 4)
      .map(({ feature, share }) => `\`${feature}\` ${(100 * share).toFixed(0)}`)
      .join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

const shares = Deno.args.length > 0 ? Deno.args.map(Number) : [0.3, 0.5];
const rows: string[] = [];
const details: string[] = [];
for (const [name, open] of TRACES) {
  const trace = await open();
  for (const learnShare of shares) {
    for (const capacity of CAPACITIES) {
      const capacityBlocks = Math.floor(capacity * trace.uniqueBlocks);
      const found = await compareLearned(trace, { capacityBlocks, learnShare });
      rows.push(row(name, learnShare, capacity, found));
      const { report, model } = found;
      const tried = report.candidates.map(({ horizonAccesses, prefixHitRatio, auc, trees }) =>
        `${horizonAccesses}: ${(100 * prefixHitRatio).toFixed(1)} %, ${trees} trees, ` +
        `AUC ${auc.toFixed(2)}`
      );
      details.push(
        `${name}, ${100 * learnShare} %, ${100 * capacity} %: ${found.verdict}\n` +
          `  learned from ${report.learnRequests} requests, ${report.trainRows} rows; horizon ` +
          `${report.horizonAccesses}, ${model.forest.trees.length} trees; held out ` +
          `${report.heldOutByTime.rows} rows by time, ${report.heldOutByTimeAndSession.rows} by ` +
          `${report.unseenBy} too\n  tried (LRU ${
            (100 * report.lruPrefixHitRatio).toFixed(1)
          } %): ` +
          tried.join("; "),
      );
    }
  }
}
console.log(rows.join("\n"));
console.log(`\n${details.join("\n")}`);
