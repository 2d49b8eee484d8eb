/**
 * Requests of a simulation, as `kvtier latency --requests` writes them, read as a log.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import type { MeasuredText } from "./input.ts";
import type { LoggedRequest } from "./request_log.ts";
import { readTable } from "./table.ts";

const COLUMNS = ["arrivalNs", "firstTokenNs", "finishNs", "promptTokens", "outputTokens"] as const;

/** Whether a text begins as such a table does. */
export function isRequestCsv(text: string): boolean {
  const [head] = text.split(/\r?\n/, 1);
  const names = head.split(",");
  return COLUMNS.every((name) => names.includes(name));
}

/**
 * Reads finished requests, in order of arrival; instants are counted from the first.
 *
 * @throws {CalibrationError} If a request that finished lacks a number, or goes back in time.
 */
export function readRequestCsv(measured: MeasuredText): LoggedRequest[] {
  const table = readTable(measured);
  const states = table.has("state") ? table.texts("state") : undefined;
  const columns = COLUMNS.map((name) => table.texts(name));
  const rows = [...columns[0].keys()]
    .filter((row) => states === undefined || states[row] === "finished")
    .map((row) => {
      const values = columns.map((texts) => texts[row] === "" ? NaN : Number(texts[row]));
      const [arrival, first, last, input, output] = values;
      const orderly = arrival <= first && first <= last && input >= 1 && output >= 1;
      if (orderly && last < Number.MAX_SAFE_INTEGER) {
        return { arrival, first, last, input, output };
      }
      throw new CalibrationError({
        code: "calibrate/bad-log-line",
        message: "Cannot read request log: a finished request has no orderly instants and tokens",
        place: { file: measured.file, line: table.lineOf(row) },
        found: COLUMNS.map((name, at) => `${name} ${columns[at][row] || "missing"}`).join(", "),
        expected: "arrival, then first token, then finish, and 1 or more tokens each",
      });
    })
    .sort((a, b) => a.arrival - b.arrival);
  return rows.map(({ arrival, first, last, input, output }) => ({
    arrivalNs: arrival - rows[0].arrival,
    firstTokenNs: first - rows[0].arrival,
    lastTokenNs: last - rows[0].arrival,
    inputTokens: input,
    outputTokens: output,
  }));
}
