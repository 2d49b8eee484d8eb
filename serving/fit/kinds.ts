/**
 * What kind of measurement a file looks like, to tell people who give it to the wrong command.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import type { MeasuredText } from "./input.ts";

/** The kinds of measurements, each with a command of its own. */
export type MeasurementKind = "vidur" | "layers" | "requests" | "metrics" | "prefill";

const LOOKS: readonly (readonly [MeasurementKind, string, RegExp])[] = [
  ["vidur", "a table of Vidur", /^[^\n]*time_stats\./],
  ["layers", "a table of layers, attention or steps", /^[^\n]*\b(time_us|step_us)\b/],
  ["prefill", "a table of prefills", /^[^\n]*\bcachedTokens\b[^\n]*\bseconds\b/],
  ["requests", "a log of served requests", /^\s*\{[^\n]*"(first_token_ts|firstTokenSeconds)"/],
  ["requests", "a log of served requests", /^[^\n]*\barrivalNs\b[^\n]*\bfirstTokenNs\b/],
  [
    "metrics",
    "a scrape of metrics",
    /^(#\s*(HELP|TYPE)\s|[a-zA-Z_:][\w:]*(\{[^\n]*\})?\s+[-+\d.])/,
  ],
];

/**
 * Refuses a file that is empty, or that looks like another kind of measurement.
 *
 * @throws {CalibrationError} With the command that reads it.
 */
export function checkKind({ file, text }: MeasuredText, kind: MeasurementKind): void {
  const start = text.slice(0, 10_000).replace(/^\uFEFF/, "").trimStart();
  if (start === "") {
    throw new CalibrationError({
      code: "calibrate/empty-file",
      message: "Cannot calibrate: the file is empty",
      place: { file },
      expected: EXPECTED[kind],
      mend: [`\`kvtier calibrate ${kind} --help\` shows examples`],
    });
  }
  const looks = LOOKS.filter(([, , pattern]) => pattern.test(start));
  if (looks.length === 0 || looks.some(([looked]) => looked === kind)) return;
  const [[other, what]] = looks;
  throw new CalibrationError({
    code: "calibrate/other-kind",
    message: `Cannot calibrate: this looks like ${what}`,
    place: { file, line: 1 },
    found: JSON.stringify(start.slice(0, start.search(/\n|$/)).slice(0, 60)),
    expected: EXPECTED[kind],
    mend: [`\`kvtier calibrate ${other} ${file}\` reads it`],
  });
}

const EXPECTED: Readonly<Record<MeasurementKind, string>> = {
  vidur: "mlp.csv or all_reduce.csv of Vidur: a header with time_stats columns, a row a size",
  layers: "columns layer, tokens, time_us; or n_decode, kv_decode, time_us; or step_us",
  requests: "a JSON object a line with queued_ts, first_token_ts, last_token_ts in seconds",
  metrics: 'lines such as name{label="value"} number, as /metrics gives them',
  prefill: "columns promptTokens, cachedTokens, seconds",
};
