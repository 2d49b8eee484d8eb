/**
 * The tables in the README, from real runs: each replaces what stands between its two markers.
 *
 * @module
 */
import { compare, formatCount, openTrace } from "../mod.ts";
import { servingRows } from "./readme_serving.ts";

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
/** Tables by the name that their markers give them. */
const TABLES: Readonly<Record<string, () => Promise<string[][]>>> = {
  "table": hitRatioRows,
  "serving table": servingRows,
};

/** The README with its tables made anew. */
export async function withTables(readme: string): Promise<string> {
  let text = readme;
  for (const [name, rowsOf] of Object.entries(TABLES)) {
    const open = `<!-- ${name}: written by \`deno task docs\` -->\n`;
    const start = text.indexOf(open) + open.length;
    const end = text.indexOf(`<!-- /${name} -->\n`);
    if (start < open.length || end < start) {
      throw new Error(`README.md has lost the markers of its ${name}`);
    }
    text = `${text.slice(0, start)}\n${drawn(await rowsOf())}\n${text.slice(end)}`;
  }
  return text;
}

async function hitRatioRows(): Promise<string[][]> {
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
  return [["blocks of cache", ...head], ...rows];
}

/** A Markdown table of rows, the first of them its head; all columns but the first to the right. */
function drawn(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  const text = (cells: readonly string[]) => {
    const padded = cells.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])
    );
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, at) =>
    at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  return [text(lines[0]), `| ${rule.join(" | ")} |`, ...lines.slice(1).map(text), ""].join("\n");
}
