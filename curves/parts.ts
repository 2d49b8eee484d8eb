/**
 * What a trace can be split by, and which part each request or extent belongs to.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import type { Trace } from "../traces/trace.ts";
import type { CurveGroup } from "./curve.ts";

/** What a trace can be split by. */
export type GroupKey = Exclude<CurveGroup["by"], "all">;

/** All of {@linkcode GroupKey}. */
export const GROUP_KEYS: readonly GroupKey[] = [
  "tenant",
  "turn",
  "kind",
  "session-length",
  "window",
];

/** Each request's or each extent's part. */
export interface Parts {
  readonly of: "requests" | "extents";
  /** By row of the table, an index into `names`. */
  readonly column: Uint16Array;
  readonly names: readonly string[];
}

/** Tenants and kinds beyond these, by references, share a part. */
const NAMED_AT_MOST = 12;

/** Lowest turns, and least requests of a session, of the classes. */
const CLASSES = [1, 2, 3, 5, 9, 17, 33, 65, 129, 257];

/**
 * Splits a trace.
 *
 * @param windows Used for `window`: 1 to 1000.
 * @throws {UsageError} If the trace does not have what it is to be split by.
 */
export function partsOf(trace: Trace, by: GroupKey, windows: number): Parts {
  switch (by) {
    case "tenant":
      return namedParts("requests", present(trace.requests.tenant, by), "tenant", trace);
    case "kind":
      return namedParts("extents", present(trace.extents.kind, by), "kind", trace);
    case "turn":
      return classParts(present(trace.requests.turn, by), "turn", "turns");
    case "session-length": {
      const lengths = sessionLengths(present(trace.requests.session, by));
      return classParts(lengths, "session of 1 request", "sessions of", " requests");
    }
    case "window":
      return windowParts(trace, windows);
  }
}

/**
 * Reads `tenant`, `turn`, `kind`, `session-length`, `window` or `window=12`.
 *
 * @throws {UsageError} For anything else.
 */
export function parseGroupKey(text: string): { readonly by: GroupKey; readonly windows?: number } {
  const [name, count] = text.split("=");
  const by = GROUP_KEYS.find((key) => key === name);
  if (by !== undefined && count === undefined) return { by };
  const windows = Number(count);
  if (by === "window" && Number.isInteger(windows) && windows >= 1 && windows <= 1000) {
    return { by, windows };
  }
  const hint = by === undefined ? didYouMean(name, GROUP_KEYS) : undefined;
  throw new UsageError({
    code: "usage/group-key",
    message: "Cannot split the trace: --by names no part of it",
    found: `"${text}"`,
    expected: `${GROUP_KEYS.join(", ")}, or window=N with N from 1 to 1000`,
    mend: hint === undefined ? [] : [hint],
  });
}

function present<Column>(column: Column | undefined, by: GroupKey): Column {
  if (column !== undefined) return column;
  const lacking = by === "session-length" ? "session" : by;
  throw new UsageError({
    code: "usage/no-column",
    message: `Cannot split the trace by ${by}: its source has no ${lacking} column`,
    mend: ["--by window splits any trace; `kvtier trace info` shows what a trace has"],
  });
}

/** The parts with the most references by name, in the order of their numbers; the rest together. */
function namedParts(
  of: Parts["of"],
  numbers: Uint32Array | Uint8Array,
  noun: string,
  trace: Trace,
): Parts {
  const weights = new Map<number, number>();
  for (let row = 0; row < numbers.length; row++) {
    const weight = of === "extents" ? trace.extents.blockCount[row] : blocksOf(trace, row);
    weights.set(numbers[row], (weights.get(numbers[row]) ?? 0) + weight);
  }
  const named = [...weights].sort(([a, x], [b, y]) => y - x || a - b).slice(0, NAMED_AT_MOST)
    .map(([number]) => number).sort((a, b) => a - b);
  const places = new Map(named.map((number, index) => [number, index]));
  const names = named.map((number) => `${noun} ${number}`);
  if (weights.size > named.length) names.push(`${weights.size - named.length} others`);
  const column = Uint16Array.from(numbers, (number) => places.get(number) ?? named.length);
  return { of, column, names };
}

function blocksOf({ requests: { firstExtent }, extents: { blockCount } }: Trace, row: number) {
  let blocks = 0;
  for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
    blocks += blockCount[extent];
  }
  return blocks;
}

/** Classes that double in width: 1, 2, 3–4, 5–8, … */
function classParts(
  numbers: Uint16Array | Uint32Array,
  first: string,
  several: string,
  unit = "",
): Parts {
  const names = CLASSES.map((least, index) => {
    const next = CLASSES[index + 1];
    if (index === 0 && unit !== "") return first;
    if (next === undefined) return `${several} ${least} or more${unit}`;
    if (next === least + 1) return unit === "" ? `${first} ${least}` : `${several} ${least}${unit}`;
    return `${several} ${least}–${next - 1}${unit}`;
  });
  const classOf = (number: number) =>
    Math.max(0, CLASSES.findLastIndex((least) => least <= number));
  return { of: "requests", column: Uint16Array.from(numbers, classOf), names };
}

/** For each request, how many requests its session has. */
function sessionLengths(sessions: Uint32Array): Uint32Array {
  const counts = new Map<number, number>();
  for (const session of sessions) counts.set(session, (counts.get(session) ?? 0) + 1);
  return sessions.map((session) => counts.get(session) ?? 0);
}

/** Equal spans of arrival time; of requests where there are no times, or only one. */
function windowParts({ requests: { arrivalNs }, requestCount }: Trace, windows: number): Parts {
  const spanNs = arrivalNs?.[requestCount - 1] ?? 0;
  const timed = arrivalNs !== undefined && spanNs > 0;
  const place = (row: number) => timed ? arrivalNs[row] / spanNs : row / requestCount;
  const column = Uint16Array.from(
    { length: requestCount },
    (_, row) => Math.min(windows - 1, Math.floor(place(row) * windows)),
  );
  const whole = timed ? spanNs / 1e9 : requestCount;
  const unit = timed ? " s" : "";
  const digits = timed && whole < 10 * windows ? 1 : 0;
  const edge = (index: number) => ((whole * index) / windows).toFixed(digits);
  const noun = timed ? "" : "requests ";
  const names = Array.from(
    { length: windows },
    (_, index) => `${noun}${edge(index)}–${edge(index + 1)}${unit}`,
  );
  return { of: "requests", column, names };
}
