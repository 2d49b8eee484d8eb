/**
 * From the rows of a file to a trace: order, fold, check, seal.
 *
 * @module
 */

import type { Folded } from "../engine/fold.ts";
import { plural } from "../errors/plural.ts";
import { inferBlockTokens } from "./block_size.ts";
import { sealTrace } from "./canonical.ts";
import { checkBlocks } from "./checks.ts";
import { foldRows } from "./fold_rows.ts";
import { NO_NAME, reorder, type TraceTable } from "./table.ts";
import { NO_PARENT, type Requests, type Trace } from "./trace.ts";

/**
 * Makes the trace of a finished table.
 *
 * @returns The trace, or `undefined` when the findings hold errors.
 */
export async function assemble(table: TraceTable): Promise<Trace | undefined> {
  const { context, traits } = table;
  if (table.rows === 0) {
    if (context.findings.errorCount === 0) reportEmpty(table);
    return undefined;
  }
  checkPresence(table);
  if (context.findings.errorCount > 0 && traits.mode !== "hashes") return undefined;
  const order = orderOf(table);
  const blockTokens = context.options.blockTokens ?? inferBlockTokens(table);
  const folded = foldRows(table, order, blockTokens);
  if (folded === undefined) return undefined;
  const requests = requestColumns(table, order, folded);
  if (traits.mode !== "lengths") checkBlocks({ table, order, blockTokens, folded });
  if (context.findings.errorCount > 0) return undefined;
  return await sealTrace({
    path: context.file,
    format: traits.format,
    blockTokens,
    requestCount: requests.inputTokens.length,
    accesses: folded.accesses,
    uniqueBlocks: folded.uniqueBlocks,
    reuse: traits.mode === "lengths" ? "none" : "hashes",
    requests,
    extents: { firstBlock: folded.firstBlock, blockCount: folded.blockCount },
    notes: [...context.notes, ...warningNotes(table)],
  });
}

function reportEmpty(table: TraceTable): void {
  table.context.findings.add({
    name: "no-requests",
    severity: "error",
    message: "there is no request in it",
    expected: `at least one request in ${table.traits.format} format`,
    mend: table.context.notes,
  });
}

/**
 * A column that some rows have and others lack is a fault, where zero would be taken for a value.
 */
function checkPresence(table: TraceTable): void {
  const { arrival, output } = table.present;
  for (
    const [count, key] of [[arrival, table.traits.timeKey], [output, "output tokens"]] as const
  ) {
    if (count === 0 || count === table.rows) continue;
    table.context.findings.add({
      name: "column-with-gaps",
      severity: "error",
      message: "only some requests have a value",
      place: { key },
      found: `${count} of ${table.rows} requests`,
      expected: "all or none",
    });
  }
}

/** Rows by arrival, equal times in file order; `undefined` when they are so already. */
function orderOf(table: TraceTable): Uint32Array | undefined {
  const { context: { options, notes }, traits } = table;
  const count = Math.min(table.rows, options.limit ?? Infinity);
  if (options.sort !== true && traits.merge !== true) return undefined;
  const arrival = table.arrivalNs.data;
  const order = new Uint32Array(table.rows).map((_, index) => index);
  let backwards = 0;
  for (let row = 1; row < table.rows; row++) if (arrival[row] < arrival[row - 1]) backwards++;
  if (backwards > 0) order.sort((a, b) => arrival[a] - arrival[b] || a - b);
  if (backwards > 0 && traits.merge !== true) {
    notes.push(
      `requests were sorted by arrival (it went back ${backwards} ${plural(backwards, "time")})`,
    );
  }
  return count < order.length ? order.slice(0, count) : order;
}

function requestColumns(
  table: TraceTable,
  order: Uint32Array | undefined,
  folded: Folded,
): Requests {
  const { present } = table;
  const requests: { -readonly [Key in keyof Requests]: Requests[Key] } = {
    inputTokens: reorder(table.inputTokens, order),
    firstExtent: folded.firstExtent,
  };
  if (present.arrival > 0) requests.arrivalNs = fromZero(reorder(table.arrivalNs, order));
  if (present.session > 0) requests.session = dense(reorder(table.session, order), true);
  const turn = present.turn === table.rows
    ? Uint16Array.from(reorder(table.turn, order))
    : countTurns(table, requests.session);
  if (turn !== undefined) requests.turn = turn;
  if (present.tenant > 0) requests.tenant = dense(reorder(table.tenant, order), false);
  if (present.output > 0) requests.outputTokens = reorder(table.outputTokens, order);
  if (present.think > 0) requests.thinkNs = reorder(table.thinkNs, order);
  if (present.api > 0) requests.apiNs = reorder(table.apiNs, order);
  if (present.parent > 0) {
    requests.parent = newRows(reorder(table.parent, order), order, table.rows);
  }
  return requests;
}

/**
 * Numbers of first appearance in the new order. Rows without a session are sessions of their own;
 * rows without a tenant have one in common.
 */
function dense(column: Uint32Array, isSession: boolean): Uint32Array {
  const numbers = new Map<number, number>();
  let next = 0;
  return column.map((value) => {
    let number = numbers.get(value);
    if (number === undefined || (isSession && value === NO_NAME)) {
      numbers.set(value, number = next++);
    }
    return number;
  });
}

function fromZero(arrival: Float64Array): Float64Array {
  const first = arrival[0];
  return first === 0 ? arrival : arrival.map((ns) => ns - first);
}

/** Turns counted within each session, when the file does not give them. */
function countTurns(table: TraceTable, session?: Uint32Array): Uint16Array | undefined {
  if (session === undefined) return undefined;
  const turns = new Map<number, number>();
  const column = new Uint16Array(session.length);
  for (let row = 0; row < session.length; row++) {
    const turn = (turns.get(session[row]) ?? 0) + 1;
    if (turn > 0xffff) {
      table.context.notes.push("a session has more than 65,535 turns, so turns were not counted");
      return undefined;
    }
    turns.set(session[row], turn);
    column[row] = turn;
  }
  return column;
}

function newRows(
  parents: Uint32Array,
  order: Uint32Array | undefined,
  rowCount: number,
): Uint32Array {
  if (order === undefined) return parents;
  const newRow = new Uint32Array(rowCount).fill(NO_PARENT);
  order.forEach((row, index) => newRow[row] = index);
  return parents.map((row) => row === NO_PARENT ? NO_PARENT : newRow[row]);
}

function warningNotes({ context: { findings } }: TraceTable): string[] {
  const notes: string[] = [];
  const told = new Set<string>();
  for (const { name, severity, message, place } of findings.list) {
    if (severity !== "warning" || told.has(name)) continue;
    told.add(name);
    const kind = place?.line === undefined ? "row" : "line";
    const number = place?.line ?? place?.row;
    const where = number === undefined ? "" : `, first in ${kind} ${number}`;
    notes.push(`${findings.counts.get(name)} × ${message}${where}`);
  }
  return notes;
}
