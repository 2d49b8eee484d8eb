/**
 * Policies, admission filters, prefetchers and routers as text: the list, the explanation, the
 * document of all but routers.
 *
 * @module
 */
import { EVICTION_NOTES } from "./eviction_notes.ts";
import { MEASURED, POLICY_NOTES, type PolicyNote } from "./policy_notes.ts";
import { PREFETCH_MEASURED } from "./policy_notes/prefetch.ts";
import { ROUTER_NOTES, type RouterNote } from "./router_notes.ts";
import { wrap } from "./text_table.ts";

/** What the engine's registry says of a policy, an admitter, a prefetcher or a router. */
export interface RegisteredEntry {
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly default: number;
    readonly min: number;
    readonly max: number;
  }[];
  readonly kernel: boolean;
  readonly oracle: boolean;
  readonly heuristic: boolean;
  readonly seeded: boolean;
  readonly variant: boolean;
  readonly clocked: boolean;
}

/** The note of a registered name. */
export function policyNote(name: string): PolicyNote | undefined {
  return POLICY_NOTES.find((note) => note.name === name);
}

/** The note of a registered name, a router's too. */
function noteOf(name: string): PolicyNote | RouterNote | undefined {
  return policyNote(name) ?? ROUTER_NOTES.find((note) => note.name === name);
}

function traits(entry: RegisteredEntry): string {
  return [
    entry.oracle ? (entry.heuristic ? "oracle" : "bound") : "",
    entry.kernel ? "kernel" : "",
    entry.seeded ? "seeded" : "",
    entry.variant ? "variant" : "",
    entry.clocked ? "clock" : "",
  ].filter((word) => word !== "").join(", ");
}

function parametersText(entry: RegisteredEntry): string {
  return entry.parameters.map((one) => `${one.name}=${one.default}`).join(" ");
}

/** What the engine's registry holds, kind by kind. */
export interface RegisteredEntries {
  readonly policies: readonly RegisteredEntry[];
  readonly admitters: readonly RegisteredEntry[];
  readonly prefetchers: readonly RegisteredEntry[];
  readonly routers: readonly RegisteredEntry[];
  readonly evictions: readonly RegisteredEntry[];
}

/** The list that `kvtier policies` prints. */
export function policyTable(
  { policies, admitters, prefetchers, routers, evictions }: RegisteredEntries,
  width = 100,
): string {
  const all = [...policies, ...admitters, ...prefetchers, ...routers];
  const names = all.map(({ name }) => name.length);
  const left = Math.max(...names) + 2;
  const lines = (entries: readonly RegisteredEntry[]) =>
    entries.toSorted((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
      const words = [noteOf(entry.name)?.idea ?? "", traits(entry) && `[${traits(entry)}]`];
      const text = [...words, parametersText(entry) && `(${parametersText(entry)})`]
        .filter((word) => word !== "").join(" ");
      return wrap(text, Math.max(30, width - left - 2)).map((line, index) =>
        `  ${(index === 0 ? entry.name : "").padEnd(left)}${line}`
      );
    });
  return [
    ...wrap(
      "Policies (kernel: has an exact fast form; bound: sees the future; oracle: sees it too, and " +
        "is no bound; seeded: draws random numbers; variant: the paper's rule where libCacheSim " +
        "departs from it):",
      width,
    ),
    "",
    ...lines(policies),
    "",
    "Admission filters (--admit), which work with every policy:",
    "",
    ...lines(admitters),
    "",
    "Prefetchers of a hierarchy (clock: goes by arrival times):",
    "",
    ...lines(prefetchers),
    "",
    "Routers of a cluster (router.name; kvtier route compares them):",
    "",
    ...lines(routers),
    "",
    ...wrap(
      "Eviction rules of a cluster (cluster.engine.eviction, and eviction of a store), each that of " +
        `the policy of its name: ${evictions.map(({ name }) => name).join(", ")}.`,
      width,
    ),
    "",
    'Parameters are set as --policy "s3-fifo(small=0.2;ghost=0.5)".',
    "",
  ].join("\n");
}

/** The explanation that `kvtier explain NAME` prints. */
export function explainPolicy(entry: RegisteredEntry, width = 100): string {
  const note = noteOf(entry.name);
  const rows: [string, string][] = [
    ["idea", note?.idea ?? "no note"],
    ["source", note?.source ?? "–"],
    ["cost", note?.cost ?? "–"],
    ["loses", note?.loses ?? "–"],
    ...(note?.departs === undefined ? [] : [["departs", note.departs] as [string, string]]),
    ...servingRows(entry.name),
    ["traits", traits(entry) || "–"],
    ...entry.parameters.map((one): [string, string] => [
      one.name,
      `parameter, ${one.default} unless set, from ${one.min} to ${one.max}`,
    ]),
  ];
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  return [
    entry.name,
    "",
    ...rows.flatMap(([name, text]) =>
      wrap(text, Math.max(30, width - left)).map((line, index) =>
        `  ${(index === 0 ? name : "").padEnd(left - 2)}${line}`
      )
    ),
    "",
  ].join("\n");
}

/** What is different where the policy evicts from a cluster's HBM or stores. */
function servingRows(name: string): [string, string][] {
  const note = EVICTION_NOTES.find((note) => note.name === name);
  if (note === undefined) return [];
  return [["in clusters", `${note.departs} Strands tails: ${note.strands}. ${note.cost}.`]];
}

const INTRODUCTION = `# Policies

<!-- Written by \`deno task docs\` from report/policy_notes.ts. Change it there. -->

A policy orders the blocks of one tier. Names, defaults and tie rules are libCacheSim's, so that
numbers can be compared to the unit; where libCacheSim departs from the paper, the paper's rule is a
variant of its own. \`kvtier policies\` lists what the engine registers, \`kvtier explain NAME\`
shows one row.
`;

/** The content of `docs/policies.md`. */
export function policiesMarkdown(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const table = (kind: PolicyNote["kind"]) =>
    POLICY_NOTES.filter((note) => note.kind === kind).map((note) =>
      `| \`${note.name}\` | ${
        [note.idea, note.source, note.cost, note.loses].map(cell).join(" | ")
      } |`
    ).join("\n");
  const head = "| name | idea | source | cost | when it loses |\n| --- | --- | --- | --- | --- |";
  const departures = POLICY_NOTES.filter((note) => note.departs !== undefined)
    .map((note) => `- \`${note.name}\`: ${note.departs}`).join("\n");
  return [
    INTRODUCTION,
    `${MEASURED}\n`,
    `## Policies\n\n${head}\n${table("policy")}\n`,
    `## Bounds\n\n${head}\n${table("bound")}\n`,
    `## Oracles that are no bounds\n\n${head}\n${table("oracle")}\n`,
    `## Admission filters\n\n${head}\n${table("admission")}\n`,
    `## Prefetchers\n\n${PREFETCH_MEASURED}\n\n${head}\n${table("prefetch")}\n`,
    `## Where libCacheSim and the papers differ\n\n${departures}\n`,
  ].join("\n");
}
