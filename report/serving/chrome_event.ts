/**
 * One event of the format that Perfetto and `chrome://tracing` open.
 *
 * @module
 */

/** An event of the format; `ph` is its kind. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "C" | "M";
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, string | number>>;
}

/** Its unit of time. */
export const micros = (ns: number): number => ns / 1000;
