/**
 * Eviction rules of clusters as text: the document.
 *
 * @module
 */
import { EVICTION_NOTES } from "./eviction_notes.ts";

const INTRODUCTION = `# Eviction in clusters

<!-- Written by \`deno task docs\` from report/eviction_notes.ts. Change it there. -->

\`cluster.engine.eviction\` names the rule of every replica's HBM, a store's \`eviction\` its own.
Names, parameters and rules are those of [policies](policies.md); with requests of one block
each, one after the other, hits are equal (\`tests/differential/serving_eviction_test.ts\`).

What holds for all of them:

- Blocks that a request uses are no candidates. A request uses its blocks from when it is let in
  until it ends or is preempted, and that is one use of each. What it has named is its first use.
- A request gives its blocks back last block first. A block comes into a queue when it is first
  given back, so that the tail of a request stands before its root.
- Blocks without a name, that is, partly filled ones, leave before all others, but for \`lru\`.
- A store hears of a block once for each request that reads or computes it, last block first.
- HBM finds leading runs only. A rule that evicts a root before the tails of others strands them:
  they take room, and no request finds them. \`strandedTokenRatio\` counts what prompts would have
  found. Routers see who holds a block, and take it to hold what stands before it, too: with such
  rules they expect more than they find.
- What is remembered of blocks that left a replica is lost when it breaks.
`;

/** The content of `docs/evictions.md`. */
export function evictionsMarkdown(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    INTRODUCTION,
    "| name | which leaves first | strands tails | cost | beside the policy |",
    "| --- | --- | --- | --- | --- |",
    ...EVICTION_NOTES.map((note) =>
      `| \`${note.name}\` | ${
        [note.idea, note.strands, note.cost, note.departs].map(cell).join(" | ")
      } |`
    ),
    "",
  ].join("\n");
}
