/**
 * CPU time, so that other processes on the machine count less.
 *
 * @module
 */
import process from "node:process";

/** CPU seconds of this process in `body`, and what it returned. */
export function cpuSeconds<T>(body: () => T): { seconds: number; value: T } {
  const before = process.cpuUsage();
  const value = body();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, value };
}

/** Resident memory of the process, in MiB. */
export function residentMiB(): number {
  return process.memoryUsage().rss / 2 ** 20;
}

/** A table in plain text; the first columns of `left` are set flush left. */
export function textTable(rows: readonly (readonly string[])[], left = 1): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, column) =>
      column < left ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
    ).join("  ")
  ).join("\n");
}
