/**
 * The table in the README, from a real run: replaces what stands between its two markers.
 *
 * @module
 */
import { compare, formatCount, openTrace } from "../mod.ts";

const POLICIES = [
  "optimal",
  "gdsf",
  "arc",
  "clock",
  "lru",
  "s3-fifo",
  "fifo",
  "sieve",
  "w-tinylfu",
];
const START = "<!-- table: written by `deno task docs` -->\n";
const END = "<!-- /table -->\n";

/** The README with its table made anew. */
export async function withTable(readme: string): Promise<string> {
  const start = readme.indexOf(START) + START.length;
  const end = readme.indexOf(END);
  if (start < START.length || end < start) throw new Error("README.md has lost its table markers");
  return `${readme.slice(0, start)}\n${await table()}\n${readme.slice(end)}`;
}

async function table(): Promise<string> {
  const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
  const { results } = await compare(trace, { policies: POLICIES });
  const capacities = [...new Set(results.map((run) => run.capacityBlocks))];
  const head = capacities.map((blocks) => formatCount(blocks));
  const rows = POLICIES.map((policy) => {
    const cells = capacities.map((blocks) => {
      const run = results.find((run) => run.policy === policy && run.capacityBlocks === blocks)!;
      return (100 * run.prefixHits / run.accesses).toFixed(1);
    });
    return [policy === "optimal" ? "**optimal** (bound)" : policy, ...cells];
  });
  const lines = [["blocks of cache", ...head], ...rows];
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  const text = (cells: string[]) =>
    `| ${
      cells.map((cell, at) => at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])).join(
        " | ",
      )
    } |`;
  const rule = widths.map((width, at) =>
    at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  return [text(lines[0]), `| ${rule.join(" | ")} |`, ...lines.slice(1).map(text), ""].join("\n");
}
