/**
 * `kvtier calibrate`: constants of a step's time from measurements, and how far to trust them.
 *
 * @module
 */
import {
  calibrateLayers,
  calibrateMetrics,
  calibratePrefill,
  calibrateRequests,
  calibrateVidur,
  calibrationHtml,
  type CalibrationResult,
  type CalibrationTarget,
  calibrationText,
  computable,
  kvRoom,
  loadDevice,
  loadModel,
  loadProfile,
  type MeasuredText,
  openTrace,
  profileOf,
  profileYaml,
  readMeasured,
  UsageError,
  VERSION,
  writeFileAtomic,
} from "kvtier";
import type { Command, Input, Option } from "./options.ts";
import { print, say, terminalColors, terminalColumns } from "./output.ts";
import { refuseDoubtful } from "./serving_options.ts";

const TARGET: readonly Option[] = [
  { name: "model", value: "NAME|FILE", text: "the model that was measured" },
  { name: "device", value: "NAME|FILE", text: "the device that it ran on" },
  { name: "tp", value: "N", text: "devices that share each layer (default 1)" },
];
const KNOWN: Option = {
  name: "known",
  value: "NAME|FILE",
  text: "a profile with what is known already; gives model, device and --tp, too",
};
const OUTPUT: readonly Option[] = [
  { name: "json", text: "write JSON" },
  { name: "html", value: "FILE", text: "also write an HTML report with the residuals" },
  {
    name: "out",
    value: "FILE",
    alias: "o",
    text: "write a profile (YAML), for --known and others",
  },
  { name: "name", value: "TEXT", text: "name of the profile (default: that of its file)" },
  { name: "date", value: "DAY", text: "day of the measurement, as 2026-01-31; --out needs it" },
  { name: "source", value: "TEXT", text: "who measured, on which machine; --out needs it" },
];

type Calibrate = (
  texts: readonly MeasuredText[],
  target: CalibrationTarget,
  input: Input,
) => Promise<CalibrationResult>;

function command(
  kind: string,
  usage: string,
  summary: string,
  [max, options]: readonly [number, readonly Option[]],
  examples: Command["examples"],
  calibrate: Calibrate,
): Command {
  return {
    name: `calibrate ${kind}`,
    usage,
    summary,
    arguments: [1, max],
    options: [...TARGET, KNOWN, ...options, ...OUTPUT],
    examples,
    run: (input) => run(kind, input, calibrate),
  };
}

const MANY = 10_000;
const ON_A100 = "--model llama-3.1-8b --device a100-sxm";

/** The commands, one for each kind of measurement. */
export const calibrateCommands: readonly Command[] = [
  command(
    "vidur",
    "FILE.csv… --model M --device D [options]",
    "Fits products, element-wise work and all-reduces on tables of Vidur.",
    [MANY, []],
    [[`kvtier calibrate vidur mlp.csv ${ON_A100}`, "how much of the peaks do products reach?"]],
    (texts, target) => calibrateVidur(texts, target),
  ),
  command(
    "layers",
    "FILE.csv… --model M --device D [options]",
    "Fits products, contexts and whole steps on tables of vLLM's layers.",
    [MANY, []],
    [[`kvtier calibrate layers dense.csv attention.csv ${ON_A100}`, "what does each layer take?"]],
    (texts, target) => calibrateLayers(texts, target),
  ),
  command(
    "requests",
    "LOG.jsonl [options]",
    "Fits the step constant on served requests, and tries it on those that it did not see.",
    [1, [
      { name: "trace", value: "TRACE", text: "the prompts of the log, for prefix hits" },
      { name: "kv-tokens", value: "N", text: "tokens of KV that fit (default: worked out)" },
      { name: "token-budget", value: "N", text: "tokens of a step at most (default 2048)" },
      { name: "sequences", value: "N", text: "requests that run at once at most (default 256)" },
      {
        name: "strict",
        text: "refuse a --trace that `kvtier trace validate --strict` refuses;\n" +
          "logs are refused at their first bad line anyway",
      },
      { name: "share", value: "PERCENT", text: "requests that the fit may see (default 33)" },
    ]],
    [[
      "kvtier calibrate requests log.jsonl --known profile.yaml",
      "does the model tell my server?",
    ]],
    requests,
  ),
  command(
    "metrics",
    "SCRAPE.txt… [options]",
    "Fits the step constant on scrapes of vLLM's metrics, in order of time.",
    [MANY, []],
    [[
      "kvtier calibrate metrics a.txt b.txt c.txt d.txt --known profile.yaml",
      "and from metrics?",
    ]],
    (texts, target) => calibrateMetrics(texts, target),
  ),
  command(
    "prefill",
    "FILE.csv --model M --device D [options]",
    "Fits prefills that ran alone, with and without a cached prefix.",
    [1, []],
    [[
      "kvtier calibrate prefill prefills.csv --model llama-3.1-70b --device a800-sxm --tp 8",
      "what do a token and a pair of tokens cost?",
    ]],
    ([text], target) => calibratePrefill(text, target),
  ),
];

async function requests(
  [text]: readonly MeasuredText[],
  target: CalibrationTarget,
  input: Input,
): Promise<CalibrationResult> {
  const trace = input.value("trace");
  if (trace !== undefined && input.has("strict")) await refuseDoubtful(input, trace, "calibrate");
  const tokenBudget = input.whole("token-budget", 1) ?? 2_048;
  const { tensorParallel = 1, model, device } = target;
  const tokens = input.whole("kv-tokens", 16) ??
    kvRoom(model, device, { tensorParallel, tokenBudget }).tokens;
  return await calibrateRequests(text, target, {
    ...(trace === undefined ? {} : { trace: await openTrace(trace) }),
    blocks: Math.floor(tokens / 16),
    tokenBudget,
    sequencesMax: input.whole("sequences", 1) ?? 256,
    share: Math.min(100, input.whole("share", 1) ?? 33) / 100,
  });
}

async function run(kind: string, input: Input, calibrate: Calibrate): Promise<number> {
  const provenance = provenanceOf(kind, input);
  const target = await targetOf(kind, input);
  const texts: MeasuredText[] = [];
  for (const file of input.args) texts.push(await readMeasured(file));
  const result = await calibrate(texts, target, input);
  if (input.has("json")) print(`${JSON.stringify(document(result), null, 2)}\n`);
  else print(calibrationText(result, { width: terminalColumns(), color: terminalColors() }));
  const html = input.value("html");
  if (html !== undefined) {
    const command = `kvtier calibrate ${kind} ${input.args.join(" ")}`;
    await writeFileAtomic(html, await calibrationHtml(result, { command }));
    say(`wrote ${html}`);
  }
  if (provenance !== undefined) {
    await writeFileAtomic(
      provenance.file,
      profileYaml(profileOf(result, provenance.name, provenance)),
    );
    say(`wrote ${provenance.file}`);
  }
  return 0;
}

function document(result: CalibrationResult) {
  return { command: "calibrate", version: VERSION, schema: 1, ...result };
}

async function targetOf(kind: string, input: Input): Promise<CalibrationTarget> {
  const knownName = input.value("known");
  const known = knownName === undefined ? undefined : await loadProfile(knownName);
  const need = (option: "model" | "device"): string => {
    const name = input.value(option) ?? known?.[option];
    if (name !== undefined) return name;
    throw new UsageError({
      code: "usage/missing-option",
      message: `Cannot run calibrate ${kind}: --${option} is missing`,
      expected: `--${option} NAME, or --known PROFILE`,
      mend: [`\`kvtier calibrate ${kind} --help\` shows examples`],
    });
  };
  const [modelName, deviceName] = [need("model"), need("device")];
  return {
    modelName,
    model: computable(await loadModel(modelName)),
    deviceName,
    device: await loadDevice(deviceName),
    tensorParallel: input.whole("tp", 1) ?? known?.tensorParallel ?? 1,
    ...(known === undefined ? {} : { known }),
  };
}

function provenanceOf(kind: string, input: Input) {
  const file = input.value("out");
  if (file === undefined) return undefined;
  const [date, source] = [input.value("date"), input.value("source")];
  if (date === undefined || source === undefined) {
    throw new UsageError({
      code: "usage/no-provenance",
      message: `Cannot run calibrate ${kind}: --out needs --date and --source`,
      expected: "--date 2026-01-31 --source 'who measured, on which machine'",
      mend: ["a profile without provenance cannot be trusted later"],
    });
  }
  const name = input.value("name") ?? file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
  return { file, date, source, name };
}
