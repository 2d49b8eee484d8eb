/**
 * The usual names of columns in files that follow no published format.
 *
 * @module
 */

import type { FileHead } from "./context.ts";
import { normalName } from "./head.ts";
import type { ColumnMap, TimeUnit } from "./options.ts";

/** Columns of the generic formats, in the order of their slots. */
export const GENERIC_COLUMNS = [
  "time",
  "input",
  "output",
  "session",
  "tenant",
  "turn",
  "blocks",
  "kinds",
] as const satisfies readonly (keyof ColumnMap)[];

/** Units that names of times end with. */
const UNIT_ENDINGS = ["", "s", "ms", "us", "ns", "seconds"];

/** Usual names per column, without case and marks. */
export const USUAL_NAMES: Readonly<Record<keyof ColumnMap, readonly string[]>> = {
  time: [
    "timestamp",
    "time",
    "arrivaltimestamp",
    "arrivaltime",
    "arrivedat",
    "arrival",
    "requesttime",
    "createdtime",
  ].flatMap((name) => UNIT_ENDINGS.map((ending) => name + ending)),
  input: [
    "inputtokens",
    "inputlength",
    "prompttokens",
    "promptlength",
    "promptsize",
    "contexttokens",
    "requesttokens",
    "numprefilltokens",
    "inputtoks",
    "seqlen",
  ],
  output: [
    "outputtokens",
    "outputlength",
    "completiontokens",
    "responsetokens",
    "generatedtokens",
    "numdecodetokens",
    "outputtoks",
    "tokensize",
  ],
  session: ["sessionid", "session", "conversationid", "chatid"],
  tenant: ["tenant", "tenantid", "user", "userid", "model", "modelname"],
  turn: ["turn", "roundindex"],
  blocks: ["hashids", "blockhashes", "blocks", "blockids"],
  kinds: ["kinds", "blockkinds"],
};

/** Keys of a file that stand for a column: the mapped one, or all with a usual name. */
export function namesFor(
  column: keyof ColumnMap,
  map: ColumnMap,
  keys: Iterable<string>,
): readonly string[] {
  const mapped = map[column];
  if (mapped !== undefined) return [mapped];
  const present = [...keys];
  const found = USUAL_NAMES[column].flatMap((usual) =>
    present.filter((key) => normalName(key) === usual)
  );
  return found.length > 0 ? found : [USUAL_NAMES[column][0]];
}

/**
 * Whether a file has a column for prompt lengths under a usual name, and one for times or outputs.
 */
export function detectGeneric({ keys, header }: FileHead): boolean {
  const names = keys === undefined ? header : [...keys].map(normalName);
  const has = (column: keyof ColumnMap) =>
    USUAL_NAMES[column].some((name) => names?.includes(name) === true);
  return has("input") && (has("time") || has("output"));
}

const SUFFIXES: readonly (readonly [RegExp, TimeUnit])[] = [
  [/(_ns|Ns|nanos(econds)?)$/, "ns"],
  [/(_us|Us|micros(econds)?)$/, "us"],
  [/(_ms|Ms|millis(econds)?)$/, "ms"],
  [/(_s|_sec|seconds)$/, "s"],
];

/** From this on, a number cannot be seconds (milliseconds, microseconds) since 1970. */
const EPOCH_LIMITS: readonly (readonly [number, TimeUnit])[] = [
  [1e17, "ns"],
  [1e14, "us"],
  [1e11, "ms"],
];

/**
 * The unit that a column's name tells, or a value that can only be a date since 1970; or seconds.
 */
export function inferTimeUnit(name: string, value: number): TimeUnit {
  const bySuffix = SUFFIXES.find(([pattern]) => pattern.test(name));
  if (bySuffix !== undefined) return bySuffix[1];
  return EPOCH_LIMITS.find(([limit]) => value >= limit)?.[1] ?? "s";
}
