/**
 * Tables and JSON Lines of no published format, read by a map of columns or by usual names.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import { DEFAULT_BLOCK_TOKENS } from "./block_size.ts";
import type { ReadContext } from "./context.ts";
import type { FieldReader } from "./fields.ts";
import { GENERIC_COLUMNS, inferTimeUnit, namesFor, USUAL_NAMES } from "./generic_columns.ts";
import { normalName } from "./head.ts";
import { JsonRow } from "./json_row.ts";
import { KINDS_EXPECTED, type KindShares, kindShares, kindSharesOfText } from "./kinds.ts";
import { readJsonRows } from "./json_rows.ts";
import type { TimeUnit } from "./options.ts";
import { emptyRow, type Row, TraceTable } from "./table.ts";
import type { Trace } from "./trace.ts";

const TURN_MAX = 0xffff;

enum Slot {
  Time,
  Input,
  Output,
  Session,
  Tenant,
  Turn,
  Blocks,
  Kinds,
}

/** Reads JSON Lines; with block hashes if there is a column of them. */
export async function readGenericJsonl(context: ReadContext): Promise<Trace | undefined> {
  const { options: { columns = {} }, head } = context;
  const slots = GENERIC_COLUMNS.map((column) => namesFor(column, columns, head.keys ?? []));
  const hasBlocks = columns.blocks !== undefined ||
    slots[Slot.Blocks].some((name) => head.keys?.has(name));
  const table = newTable(context, "generic-jsonl", hasBlocks, {
    time: slots[Slot.Time][0],
    blocks: slots[Slot.Blocks][0],
    kinds: slots[Slot.Kinds][0],
  });
  const json = new JsonRow(context, slots, hasBlocks ? Slot.Blocks : -1);
  json.scanner.words = table.words;
  const filler = new RowFiller(
    context,
    json,
    slots[Slot.Time].some((name) => head.keys?.has(name)),
  );
  await readJsonRows(json, () => {
    const row = filler.fill();
    row.kinds = jsonKinds(json);
    if (hasBlocks) json.hashes();
    if (!json.bad) table.add(row, hasBlocks ? json.hashCount : 0);
    return !table.full;
  });
  noteReuse(context, hasBlocks);
  return await assemble(table);
}

/** Reads a table of times and lengths. */
export async function readGenericCsv(context: ReadContext): Promise<Trace | undefined> {
  const { CsvRow, readCsvRows } = await import("./csv.ts");
  const { options: { columns = {} } } = context;
  const csv = new CsvRow(
    context,
    GENERIC_COLUMNS.map((column) => ({
      names: columns[column] === undefined ? USUAL_NAMES[column] : [columns[column]],
      optional: column !== "input" && columns[column] === undefined,
    })),
  );
  const header = new Set((context.head.header ?? []).map(normalName));
  const hasBlocks = columns.blocks !== undefined ||
    USUAL_NAMES.blocks.some((name) => header.has(normalName(name)));
  const blocks = columns.blocks ?? (hasBlocks ? "blocks" : columns.input ?? "input");
  const names = {
    time: columns.time ?? "timestamp",
    blocks,
    kinds: columns.kinds ?? "kinds",
  };
  const table = newTable(context, "generic-csv", hasBlocks, names);
  const filler = new RowFiller(context, csv, columns.time !== undefined);
  await readCsvRows(csv, () => {
    const row = filler.fill();
    row.kinds = csv.read(Slot.Kinds, kindSharesOfText, KINDS_CELL);
    const mark = table.words.length;
    const count = hasBlocks ? csv.ids(Slot.Blocks, table.words) : 0;
    if (csv.bad) table.words.length = mark;
    else table.add(row, count);
    return !table.full;
  });
  noteReuse(context, hasBlocks);
  return await assemble(table);
}

function newTable(
  context: ReadContext,
  format: string,
  hasBlocks: boolean,
  names: { time: string; blocks: string; kinds: string },
): TraceTable {
  return new TraceTable(context, {
    format,
    mode: hasBlocks ? "hashes" : "lengths",
    blockTokens: DEFAULT_BLOCK_TOKENS,
    inferBlockTokens: hasBlocks,
    rounding: "either",
    timeKey: names.time,
    blocksKey: names.blocks,
    kindsKey: names.kinds,
  });
}

/** How a cell names kinds, for findings. */
const KINDS_CELL = {
  name: "bad-kinds",
  what: "is no list of kinds",
  expected: "names with numbers of blocks, such as system:12;question:3",
};

function jsonKinds(json: JsonRow): KindShares | undefined {
  if (!json.has(Slot.Kinds)) return undefined;
  const kinds = kindShares(json.object[json.keyOf(Slot.Kinds)!]);
  if (kinds === undefined) {
    json.report(Slot.Kinds, {
      name: "bad-kinds",
      message: `${json.slots[Slot.Kinds][0]} is no list of kinds`,
      expected: KINDS_EXPECTED,
    });
  }
  return kinds;
}

function noteReuse(context: ReadContext, hasBlocks: boolean): void {
  if (hasBlocks) return;
  context.notes.push("no reuse evidence: each request has blocks of its own");
}

/** Fills rows, and settles the unit of times at the first one. */
class RowFiller {
  readonly #row = emptyRow();
  #unit: TimeUnit | undefined;

  constructor(
    readonly context: ReadContext,
    readonly fields: FieldReader,
    readonly needsTime: boolean,
  ) {
    this.#unit = context.options.timeUnit;
  }

  fill(): Row {
    const row = this.#row;
    const { fields } = this;
    this.#unit ??= this.#inferUnit();
    row.line = fields.line;
    fields.time(Slot.Time, this.#unit, row, !this.needsTime);
    row.inputTokens = fields.count(Slot.Input);
    row.outputTokens = fields.count(Slot.Output, { optional: true });
    row.session = fields.name(Slot.Session);
    row.tenant = fields.name(Slot.Tenant);
    row.turn = fields.count(Slot.Turn, { optional: true, least: 1, most: TURN_MAX });
    return row;
  }

  #inferUnit(): TimeUnit {
    const value = this.fields.number(Slot.Time);
    if (Number.isNaN(value)) return "s";
    const name = this.fields.keyOf(Slot.Time) ?? "";
    const unit = inferTimeUnit(name, value);
    this.context.notes.push(`times in "${name}" are taken to be in ${unit}`);
    return unit;
  }
}
