/**
 * Options that say how to read a trace, shared by every command that opens one.
 *
 * @module
 */
import {
  openTrace,
  parseSynthName,
  parseTrace,
  synthesize,
  type Trace,
  type TraceOptions,
  UsageError,
} from "kvtier";
import type { Input, Option } from "./options.ts";
import type { Progress } from "./progress.ts";

/** See `kvtier trace --help` for what each format understands. */
export const TRACE_OPTIONS: readonly Option[] = [
  { name: "format", value: "NAME", text: "trace format; told from the content unless given" },
  { name: "limit", value: "N", text: "read only the first N requests" },
  { name: "block-tokens", value: "N", text: "tokens of a block, where the format does not say" },
  {
    name: "time-unit",
    value: "s|ms|us|ns",
    text: "unit of numeric times, where the format does not say",
  },
  {
    name: "columns",
    value: "k=name,…",
    text:
      "columns of a generic CSV or JSONL: time, input, output,\nsession, tenant, turn, blocks, kinds",
  },
  {
    name: "scope",
    value: "session|shared",
    text: "whether equal block ids of two sessions are one block",
  },
  { name: "keep-repeats", text: "keep sessions that the trace marks as repeats" },
  { name: "keep-failed", text: "keep requests that the trace marks as failed" },
  {
    name: "kinds",
    text: "label blocks for `kvtier curve --by kind`: tools and system prompt of WEKA sessions,\n" +
      "everything of synth: conversations, retrieval and agents",
  },
  { name: "drop-subagents", text: "leave out the requests of sub-agents" },
  { name: "sort", text: "sort requests by arrival instead of refusing a trace that goes back" },
];

/** The reader's options from the command line. */
export function traceOptions(input: Input): TraceOptions {
  const limit = input.whole("limit", 1);
  const blockTokens = input.whole("block-tokens", 1);
  const optional = {
    format: input.value("format"),
    timeUnit: input.value("time-unit"),
    scope: input.value("scope"),
    limit,
    blockTokens,
    columns: columnMap(input),
  };
  return {
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    dropRepeats: !input.has("keep-repeats"),
    dropFailed: !input.has("keep-failed"),
    kinds: input.has("kinds"),
    subAgents: input.has("drop-subagents") ? "drop" : "include",
    sort: input.has("sort"),
  };
}

const COLUMNS = ["time", "input", "output", "session", "tenant", "turn", "blocks", "kinds"];

function columnMap(input: Input): Record<string, string> | undefined {
  const pairs = input.list("columns");
  if (pairs === undefined) return undefined;
  return Object.fromEntries(pairs.map((pair) => {
    const [key, ...rest] = pair.split("=");
    if (COLUMNS.includes(key) && rest.length > 0) return [key, rest.join("=")];
    throw new UsageError({
      code: "usage/columns",
      message: "Cannot read --columns: a part is not key=name",
      found: `"${pair}"`,
      expected: `key=name with key one of ${COLUMNS.join(", ")}`,
    });
  }));
}

/** Opens a trace (`-` is stdin, `synth:chat?seed=1` a workload), showing how far it is. */
export async function openShown(
  path: string,
  input: Input,
  progress: Progress,
  defaults: TraceOptions = {},
): Promise<Trace> {
  const onProgress = (read: number, total: number | undefined) =>
    progress.update(read, total ?? 0, `reading ${path}`);
  const options = { ...defaults, ...traceOptions(input), onProgress };
  try {
    const workload = parseSynthName(path);
    if (workload !== undefined) {
      return await synthesize(input.has("kinds") ? { ...workload, kinds: "yes" } : workload);
    }
    return path === "-"
      ? await parseTrace(Deno.stdin.readable, "stdin", options)
      : await openTrace(path, options);
  } finally {
    progress.end();
  }
}
