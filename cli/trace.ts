/**
 * `kvtier trace …`: what is in a trace, whether it can be trusted, and a faster form of it.
 *
 * @module
 */
import {
  findingText,
  formatCounted,
  traceHead,
  traceHeadText,
  traceInfo,
  traceInfoText,
  UsageError,
  validateTrace,
  VERSION,
  writeKvt,
} from "kvtier";
import type { Command, Input, Option } from "./options.ts";
import { print, say, terminalColors, terminalColumns } from "./output.ts";
import { Progress } from "./progress.ts";
import { openShown, TRACE_OPTIONS, traceOptions } from "./trace_options.ts";

const JSON_OPTION: Option = { name: "json", text: "write JSON" };

function layout(): { width: number; color: boolean } {
  return { width: terminalColumns(), color: terminalColors() };
}

function printJson(command: string, content: object): void {
  print(`${JSON.stringify({ command, version: VERSION, schema: 1, ...content }, null, 2)}\n`);
}

export const infoCommand: Command = {
  name: "trace info",
  usage: "FILE [options]",
  summary: "Statistics of a trace: lengths, reuse, folding, and the ceiling of every hit ratio.",
  arguments: [1, 1],
  options: [...TRACE_OPTIONS, JSON_OPTION],
  examples: [
    ["kvtier trace info trace.jsonl.gz", "is this traffic worth caching at all?"],
    ["kvtier trace info requests.csv --columns time=ts,input=prompt", "a CSV of your own"],
  ],
  async run(input) {
    const trace = await openShown(input.args[0], input, new Progress("bytes"));
    const info = traceInfo(trace);
    if (input.has("json")) {
      // The names of `compare --json`.
      const { requestCount: requests, extentCount: extents, ...rest } = info;
      printJson("trace info", { trace: { ...rest, requests, extents } });
    } else print(traceInfoText(info, layout()));
    return 0;
  },
};

export const headCommand: Command = {
  name: "trace head",
  usage: "FILE [options]",
  summary: "The first requests of a trace, as the engine sees them.",
  arguments: [1, 1],
  options: [
    { name: "rows", value: "N", alias: "n", text: "requests to show (default 10)" },
    ...TRACE_OPTIONS,
    JSON_OPTION,
  ],
  examples: [["kvtier trace head trace.jsonl -n 5", "was it read as I meant it?"]],
  async run(input) {
    const trace = await openShown(input.args[0], input, new Progress("bytes"));
    const rows = traceHead(trace, input.whole("rows", 1) ?? 10);
    if (input.has("json")) printJson("trace head", { rows });
    else print(traceHeadText(rows, layout()));
    return 0;
  },
};

export const convertCommand: Command = {
  name: "trace convert",
  usage: "FILE --out FILE.kvt [options]",
  summary: "Writes a trace as folded .kvt, which opens at once.",
  arguments: [1, 1],
  options: [
    { name: "out", value: "FILE.kvt", alias: "o", text: "where to write; whole or not at all" },
    ...TRACE_OPTIONS,
  ],
  examples: [["kvtier trace convert trace.jsonl.gz --out trace.kvt", "parse once, replay often"]],
  run: convert,
};

async function convert(input: Input): Promise<number> {
  const out = input.value("out");
  if (out === undefined) {
    throw new UsageError({
      code: "usage/missing-option",
      message: "Cannot convert: --out is missing",
      expected: "--out FILE.kvt",
    });
  }
  const trace = await openShown(input.args[0], input, new Progress("bytes"));
  await writeKvt(out, trace);
  const extents = formatCounted(trace.extents.firstBlock.length, "extent");
  say(`wrote ${out}: ${formatCounted(trace.requestCount, "request")}, ${extents}`);
  return 0;
}

export const validateCommand: Command = {
  name: "trace validate",
  usage: "FILE [options]",
  summary: "Checks a whole trace and lists what is wrong, doubtful or remarkable, with places.",
  arguments: [1, 1],
  options: [
    { name: "strict", text: "fail on warnings too" },
    ...TRACE_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    ["kvtier trace validate trace.jsonl --strict", "may conclusions be drawn from this file?"],
  ],
  run: validate,
};

async function validate(input: Input): Promise<number> {
  const strict = input.has("strict");
  const progress = new Progress("bytes");
  const validation = await validateTrace(input.args[0], {
    ...traceOptions(input),
    strict,
    onProgress: (read, total) => progress.update(read, total ?? 0, "validating"),
  });
  progress.end();
  if (input.has("json")) {
    printJson("trace validate", { strict, ...validation });
  } else {
    const { isValid, errorCount, warningCount, infoCount } = validation;
    for (const finding of validation.findings) print(`${findingText(finding)}\n`);
    const counts = [
      formatCounted(errorCount, "error"),
      formatCounted(warningCount, "warning"),
      formatCounted(infoCount, "remark"),
    ].join(", ");
    print(`${input.args[0]}: ${isValid ? "valid" : "not valid"}; ${counts}\n`);
  }
  return validation.isValid ? 0 : 1;
}
