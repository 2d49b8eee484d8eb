/**
 * Logs of served requests with observed instants: a JSON object a line, or the table of requests
 * that a simulation writes.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import { didYouMean } from "../../errors/nearest.ts";
import type { MeasuredText } from "./input.ts";
import { isRequestCsv, readRequestCsv } from "./request_csv.ts";

/** One served request; instants in nanoseconds from the first arrival. */
export interface LoggedRequest {
  readonly arrivalNs: number;
  readonly firstTokenNs: number;
  readonly lastTokenNs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Names of each number, the main one first: those of vLLM's bench, and of OpenTelemetry. */
const FIELDS = {
  arrival: ["queued_ts", "arrival_ts", "arrival_time", "arrivalSeconds"],
  first: ["first_token_ts", "firstTokenSeconds"],
  last: ["last_token_ts", "finished_ts", "lastTokenSeconds"],
  input: ["input_toks", "input_tokens", "inputTokens", "prompt_tokens"],
  output: ["output_toks", "output_tokens", "outputTokens", "completion_tokens"],
} as const;

/**
 * Reads a log; times are seconds of any clock, the same for all three instants.
 *
 * @throws {CalibrationError} With the line, if one is no JSON, lacks a number, or goes back in
 * time.
 */
export function readRequestLog(measured: MeasuredText): LoggedRequest[] {
  const { file, text } = measured;
  if (isRequestCsv(text)) return readRequestCsv(measured);
  const rows = text.split("\n").flatMap((line, index) =>
    line.trim() === "" ? [] : [readRow(line, index + 1, file)]
  );
  if (rows.length === 0) {
    throw new CalibrationError({
      code: "calibrate/empty-log",
      message: "Cannot read request log: it has no requests",
      place: { file },
      expected: "a JSON object a line",
    });
  }
  rows.sort((a, b) => a.arrival - b.arrival);
  const ns = (seconds: number) => Math.round((seconds - rows[0].arrival) * 1e9);
  return rows.map(({ arrival, first, last, input, output }) => ({
    arrivalNs: ns(arrival),
    firstTokenNs: ns(first),
    lastTokenNs: ns(last),
    inputTokens: input,
    outputTokens: output,
  }));
}

type Row = Readonly<Record<keyof typeof FIELDS, number>>;

function readRow(line: string, number: number, file: string): Row {
  const refuse = (message: string, more: { found?: string; expected: string; mend?: string[] }) =>
    new CalibrationError({
      code: "calibrate/bad-log-line",
      message: `Cannot read request log: ${message}`,
      place: { file, line: number },
      ...more,
    });
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line);
  } catch {
    throw refuse("a line is not JSON", { found: line.slice(0, 60), expected: "one JSON object" });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse("a line is no object", { found: line.slice(0, 60), expected: "one JSON object" });
  }
  const read = (field: keyof typeof FIELDS): number => {
    const name = FIELDS[field].find((name) => Object.hasOwn(value, name));
    const found = name === undefined ? undefined : value[name];
    const counts = field === "input" || field === "output";
    const least = counts ? 1 : -Infinity;
    if (typeof found === "number" && found >= least && Math.abs(found) < 2 ** 53) return found;
    const hint = didYouMean(FIELDS[field][0], Object.keys(value));
    throw refuse(`${FIELDS[field][0]} is ${name === undefined ? "missing" : "not a number"}`, {
      ...(name === undefined ? {} : { found: JSON.stringify(found) }),
      expected: `one of ${FIELDS[field].join(", ")}${counts ? ", 1 or more" : ", in seconds"}`,
      mend: hint !== undefined ? [hint] : counts ? [] : [
        "a trace without timings cannot be fitted on: log when each request arrived, gave its " +
        "first token and its last",
      ],
    });
  };
  const row = {
    arrival: read("arrival"),
    first: read("first"),
    last: read("last"),
    input: read("input"),
    output: read("output"),
  };
  if (row.arrival <= row.first && row.first <= row.last) return row;
  throw refuse("instants go back in time", {
    found: `${row.arrival}, ${row.first}, ${row.last}`,
    expected: "arrival, then first token, then last token",
  });
}
