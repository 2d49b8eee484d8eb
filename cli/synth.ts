/**
 * `kvtier trace synth`: traces from a seed.
 *
 * @module
 */
import {
  formatCounted,
  loadWorkload,
  parseSynthName,
  SYNTH_PRESETS,
  synthesize,
  synthKinds,
  type SynthSpec,
  UsageError,
  writeKvt,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { print, say } from "./output.ts";

export const synthCommand: Command = {
  name: "trace synth",
  usage: "KIND --out FILE.kvt [options]",
  summary: "Makes a trace from a seed: conversations, retrieval, agents, and test streams.",
  arguments: [0, 1],
  options: [
    { name: "out", value: "FILE.kvt", alias: "o", text: "where to write; whole or not at all" },
    { name: "seed", value: "N", text: "seed of all random streams" },
    { name: "set", value: "KEY=VALUE,…", text: "parameters of the kind, with units" },
    { name: "list", text: "list the kinds and presets, or the parameters of KIND" },
  ],
  examples: [
    ["kvtier trace synth --list", "what can be made?"],
    ["kvtier trace synth chat --list", "which parameters have conversations?"],
    [
      'kvtier trace synth chat --out chat.kvt --set sessions=200,rate="1 session/s"',
      "200 conversations that begin one a second",
    ],
    ["kvtier trace synth configs/workloads/rag_pressure.yaml --out rag.kvt", "from a file"],
  ],
  run: synth,
};

async function synth(input: Input): Promise<number> {
  const [kind] = input.args;
  if (input.has("list")) {
    print(kind === undefined ? listKinds() : listParameters(kind));
    return 0;
  }
  if (kind === undefined) throw missing("KIND", "a kind; `kvtier trace synth --list` shows them");
  const out = input.value("out");
  if (out === undefined) throw missing("--out", "--out FILE.kvt");
  const spec = await specOf(kind, input);
  const trace = await synthesize(spec);
  await writeKvt(out, trace);
  const { requestCount, extents } = trace;
  say(
    [
      `wrote ${out}: ${formatCounted(requestCount, "request")}`,
      formatCounted(extents.firstBlock.length, "extent"),
      trace.path,
    ].join(", "),
  );
  return 0;
}

async function specOf(kind: string, input: Input): Promise<SynthSpec> {
  const isFile = /\.ya?ml$/.test(kind);
  const base = isFile ? await loadWorkload(kind) : parseSynthName(kind) ?? { kind };
  const own: Record<string, string> = {};
  for (const pair of input.list("set") ?? []) {
    const at = pair.indexOf("=");
    if (at < 1 || pair.slice(at + 1).trim() === "") {
      throw new UsageError({
        code: "usage/set",
        message: "Cannot read --set: a part is not key=value",
        found: `"${pair}"`,
        expected: 'key=value, such as rate="3 req/s"',
      });
    }
    own[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
  }
  const seed = input.whole("seed", 0);
  return { ...base, ...own, kind: base.kind, ...(seed === undefined ? {} : { seed }) };
}

function missing(what: string, expected: string): UsageError {
  return new UsageError({
    code: "usage/missing-option",
    message: `Cannot make trace: ${what} is missing`,
    expected,
  });
}

function listKinds(): string {
  const kinds = synthKinds();
  const rows = [...kinds, ...SYNTH_PRESETS];
  const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
  const line = ({ name, summary }: { name: string; summary: string }) =>
    `  ${name.padEnd(width)}${summary}\n`;
  return [
    "Kinds:\n",
    ...kinds.map(line),
    "\nPresets:\n",
    ...SYNTH_PRESETS.map(line),
    "\nkvtier trace synth KIND --list shows the parameters of one.\n",
  ].join("");
}

function listParameters(name: string): string {
  const preset = SYNTH_PRESETS.find((preset) => preset.name === name);
  const kind = synthKinds().find((kind) => kind.name === (preset?.kind ?? name));
  if (kind === undefined) {
    throw new UsageError({
      code: "usage/unknown-workload",
      message: `Cannot list: "${name}" is not a kind of workload`,
      mend: ["`kvtier trace synth --list` shows them all"],
    });
  }
  const lines = [`${name}: ${preset?.summary ?? kind.summary}`, ""];
  for (const { name, default: normal, text, expected } of kind.parameters) {
    const value = preset?.set[name] ?? normal;
    lines.push(`  ${name} = ${value}`, `      ${text}`, `      ${expected}`);
  }
  lines.push(`  seed = ${kind.defaultSeed}`, "      seed of all random streams", "");
  return lines.join("\n");
}
