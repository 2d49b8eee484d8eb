/**
 * Routers as text: the document.
 *
 * @module
 */
import { ROUTER_NOTES, ROUTERS_MEASURED } from "./router_notes.ts";

const INTRODUCTION = `# Routers

<!-- Written by \`deno task docs\` from report/router_notes.ts. Change it there. -->

A router names a replica for each request of a cluster. It sees replicas as they were
\`stalenessNs\` ago: requests waiting and running, KV in use, prompt tokens to compute, and which
blocks they hold. It knows at once what passes through it: where it sent requests, their first
tokens and their ends; and whether a replica is up. It never sees how long an answer will be, nor
what comes later. With \`routerSample\` it looks at so many holders of the prefix and as many others
drawn at random, so that a decision among ten thousand replicas costs as much as one among ten.
`;

/** The content of `docs/routers.md`. */
export function routersMarkdown(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = ROUTER_NOTES.map((note) =>
    `| \`${note.name}\` | ${
      [note.idea, note.source, note.cost, note.loses].map(cell).join(" | ")
    } |`
  );
  const departures = ROUTER_NOTES.flatMap(({ name, departs }) =>
    departs === undefined ? [] : [`- \`${name}\`: ${departs}`]
  );
  return [
    INTRODUCTION,
    `${ROUTERS_MEASURED}\n`,
    "| name | idea | source | looks at, keeps | when it loses |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "## Where the rules here differ from the systems'",
    "",
    ...departures,
    "",
  ].join("\n");
}
