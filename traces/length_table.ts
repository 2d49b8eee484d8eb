/**
 * Tables of times and lengths: no format of this kind says anything about reuse.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import { DEFAULT_BLOCK_TOKENS } from "./block_size.ts";
import type { ReadContext } from "./context.ts";
import { type CsvColumn, CsvRow, readCsvRows } from "./csv.ts";
import type { TimeUnit } from "./options.ts";
import { emptyRow, TraceTable } from "./table.ts";
import { toNs } from "./time.ts";
import type { Trace } from "./trace.ts";

/** Names of the columns of a format. */
export interface LengthColumns {
  readonly time: string;
  readonly input: string;
  readonly output: string;
  readonly session?: string;
  readonly tenant?: string;
  /** Time that the service took, in the unit of the times. */
  readonly api?: string;
}

/** How a format's table is read. */
export interface LengthFormat {
  readonly format: string;
  readonly columns: LengthColumns;
  readonly timeUnit: TimeUnit;
  /** Whether rows without generated tokens are requests that failed. */
  readonly zeroOutputFails?: boolean;
}

enum Slot {
  Time,
  Input,
  Output,
  Session,
  Tenant,
  Api,
}

/** Reads a table of times and lengths; each request gets blocks of its own. */
export async function readLengths(
  context: ReadContext,
  { format, columns, timeUnit, zeroOutputFails = false }: LengthFormat,
): Promise<Trace | undefined> {
  const table = new TraceTable(context, {
    format,
    mode: "lengths",
    blockTokens: DEFAULT_BLOCK_TOKENS,
    rounding: "any",
    timeKey: columns.time,
    blocksKey: columns.input,
  });
  const unit = context.options.timeUnit ?? timeUnit;
  const dropFailed = zeroOutputFails && context.options.dropFailed !== false;
  const csv = new CsvRow(context, slotColumns(columns));
  const row = emptyRow();
  let failed = 0;
  await readCsvRows(csv, () => {
    row.line = csv.line;
    csv.time(Slot.Time, unit, row);
    row.inputTokens = csv.count(Slot.Input);
    row.outputTokens = csv.count(Slot.Output);
    row.session = csv.name(Slot.Session);
    row.tenant = csv.name(Slot.Tenant);
    row.apiNs = toNs(csv.amount(Slot.Api), unit);
    if (csv.bad) return true;
    if (dropFailed && row.outputTokens === 0) failed++;
    else table.add(row, 0);
    return !table.full;
  });
  if (failed > 0) {
    context.notes.push(`${failed} failed requests (no generated tokens) were left out`);
  }
  context.notes.push("no reuse evidence: each request has blocks of its own");
  return await assemble(table);
}

function slotColumns(columns: LengthColumns): CsvColumn[] {
  const optional = (name: string | undefined): CsvColumn => ({
    names: name === undefined ? [] : [name],
    optional: true,
  });
  return [
    { names: [columns.time] },
    { names: [columns.input] },
    { names: [columns.output] },
    optional(columns.session),
    optional(columns.tenant),
    optional(columns.api),
  ];
}
