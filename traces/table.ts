/**
 * The rows of a trace while it is read: columns that grow, checked as they grow.
 *
 * @module
 */

import type { Place } from "../errors/errors.ts";
import { Folder } from "../engine/fold.ts";
import { type Column, f64Column, Numbering, u32Column } from "./columns.ts";
import type { ReadContext } from "./context.ts";
import { type KindShares, KindTable } from "./kinds.ts";
import { NO_PARENT, UNKNOWN_NS } from "./trace.ts";

/** One request as a reader hands it over; reused for all rows. `NaN` and `undefined` are absent. */
export interface Row {
  /** Line (text) or record number (binary), from 1. */
  line: number;
  /** Arrival: whole seconds and nanoseconds after them. */
  seconds: number;
  nanos: number;
  session: string | number | undefined;
  tenant: string | number | undefined;
  inputTokens: number;
  outputTokens: number;
  turn: number;
  thinkNs: number;
  apiNs: number;
  parent: number;
  /** What its blocks hold. */
  kinds: KindShares | undefined;
}

/** A row in which everything is absent. */
export function emptyRow(): Row {
  return {
    line: 0,
    seconds: NaN,
    nanos: 0,
    session: undefined,
    tenant: undefined,
    inputTokens: 0,
    outputTokens: NaN,
    turn: NaN,
    thinkNs: NaN,
    apiNs: NaN,
    parent: NO_PARENT,
    kinds: undefined,
  };
}

/**
 * How the blocks of a request are given: as 64-bit hashes (two words each), as runs of consecutive
 * ids, or not at all, when each request gets blocks of its own.
 */
export type BlockMode = "hashes" | "runs" | "lengths";

/** What a format knows about its blocks and times. */
export interface TableTraits {
  readonly format: string;
  readonly mode: BlockMode;
  /** Tokens of a block as the file or the format says. */
  readonly blockTokens: number;
  /** Whether other block sizes than `blockTokens` may be inferred from the lengths. */
  readonly inferBlockTokens?: boolean;
  /** How many hashes a prompt has: its blocks rounded up, or either way, or any number. */
  readonly rounding: "up" | "either" | "any";
  /** Names in the file, for findings. */
  readonly timeKey: string;
  readonly blocksKey: string;
  /** The same of kinds; `kinds` when absent. */
  readonly kindsKey?: string;
  /**
   * Whether rows are merged by arrival in any case, as when sessions follow each other in a file.
   */
  readonly merge?: boolean;
}

/** In the session and tenant columns of a table: the row names none. */
export const NO_NAME = 0xffffffff;

/** Hash words held before they are folded. */
const FOLD_BATCH_WORDS = 1 << 18;

/** Collects the rows of one file. {@linkcode assemble} makes the trace of it. */
export class TraceTable {
  readonly arrivalNs = f64Column();
  readonly session = u32Column();
  readonly tenant = u32Column();
  readonly inputTokens = u32Column();
  readonly outputTokens = u32Column();
  readonly turn = u32Column();
  readonly thinkNs = f64Column();
  readonly apiNs = f64Column();
  readonly parent = u32Column();
  /** Line of each row, for findings that come later. */
  readonly lines = u32Column();
  /** Blocks (hash and length modes) or runs (run mode) of each row. */
  readonly lengths = u32Column();
  /** Hashes that are not folded yet: low and high words. */
  readonly words = u32Column(1 << 16);
  /** Runs: first source id, ids, and per row the scope of its ids. */
  readonly runFirst = f64Column();
  readonly runCount = u32Column();
  readonly scopes = u32Column();
  /** What the blocks of each row hold. */
  readonly kinds = new KindTable();

  /** How many rows had a value, per optional column. */
  readonly present = {
    arrival: 0,
    session: 0,
    tenant: 0,
    output: 0,
    turn: 0,
    think: 0,
    api: 0,
    parent: 0,
  };
  /** Whether hashes must stay in memory, because the rows will be sorted before folding. */
  readonly keepsHashes: boolean;
  readonly #sessions = new Numbering();
  readonly #tenants = new Numbering();
  readonly #limit: number;
  readonly #ordered: boolean;
  /** Tokens of a block; a reader may set it when the file says it late. */
  blockTokens: number;
  #folder: Folder | undefined;
  #foldedRows = 0;
  #originSeconds = 0;
  #originNanos = 0;
  #lastNs = -Infinity;

  constructor(readonly context: ReadContext, readonly traits: TableTraits) {
    const { sort = false, limit } = context.options;
    this.blockTokens = traits.blockTokens;
    this.keepsHashes = sort;
    this.#ordered = !sort && traits.merge !== true;
    this.#limit = limit !== undefined && this.#ordered ? limit : Infinity;
  }

  get rows(): number {
    return this.inputTokens.length;
  }

  /** Whether the limit of the caller is reached, so that reading can stop. */
  get full(): boolean {
    return this.rows >= this.#limit;
  }

  /**
   * Adds a row whose blocks were pushed to `words` (or `runFirst` and `runCount`) just before.
   *
   * @param blocks Number of blocks (hash and length modes) or runs (run mode) of this row.
   */
  add(row: Row, blocks: number, scope = 0): void {
    this.lines.push(row.line);
    this.lengths.push(blocks);
    if (this.traits.mode === "runs") this.scopes.push(scope);
    this.#addArrival(row);
    this.#addNames(row);
    this.inputTokens.push(row.inputTokens);
    this.outputTokens.push(this.#optional("output", row.outputTokens, 0));
    this.turn.push(this.#optional("turn", row.turn, 0));
    this.thinkNs.push(this.#optional("think", row.thinkNs, UNKNOWN_NS));
    this.apiNs.push(this.#optional("api", row.apiNs, UNKNOWN_NS));
    if (row.parent !== NO_PARENT) this.present.parent++;
    this.parent.push(row.parent);
    this.kinds.add(row.kinds);
    this.context.rows = this.rows;
    if (this.words.length >= FOLD_BATCH_WORDS && !this.keepsHashes) this.#foldBatch();
  }

  #optional(name: "output" | "turn" | "think" | "api", value: number, absent: number): number {
    if (Number.isNaN(value)) return absent;
    this.present[name]++;
    return value;
  }

  #addNames(row: Row): void {
    let session = NO_NAME;
    let tenant = NO_NAME;
    if (row.session !== undefined) {
      session = this.#sessions.of(row.session);
      this.present.session++;
    }
    if (row.tenant !== undefined) {
      tenant = this.#tenants.of(row.tenant);
      this.present.tenant++;
    }
    this.session.push(session);
    this.tenant.push(tenant);
  }

  #addArrival(row: Row): void {
    if (Number.isNaN(row.seconds)) {
      this.arrivalNs.push(0);
      return;
    }
    if (this.present.arrival++ === 0) {
      this.#originSeconds = row.seconds;
      this.#originNanos = row.nanos;
    }
    const ns = (row.seconds - this.#originSeconds) * 1e9 + (row.nanos - this.#originNanos);
    if (ns < this.#lastNs && this.#ordered) this.#reportBackwards(row.line, ns);
    if (!Number.isSafeInteger(ns)) this.#reportSpan(row.line, ns);
    this.#lastNs = ns;
    this.arrivalNs.push(ns);
  }

  #reportBackwards(line: number, ns: number): void {
    this.context.findings.add({
      name: "arrival-backwards",
      severity: "error",
      message: "arrival goes back",
      place: this.place(line, this.traits.timeKey),
      found: `${ns / 1e9} s after the first request, following ${this.#lastNs / 1e9} s`,
      expected: "times that do not decrease",
      mend: ["sort the file, or pass --sort to sort the requests in memory"],
    });
  }

  #reportSpan(line: number, ns: number): void {
    this.context.findings.add({
      name: "arrival-span",
      severity: "error",
      message: "arrival is too far from the first request",
      place: this.place(line, this.traits.timeKey),
      found: `${ns / 86_400e9} days`,
      expected: "at most 104 days, so that nanoseconds stay exact",
      mend: ["check the unit of the timestamps (--time-unit), or cut the file"],
    });
  }

  /** A place in this file, for findings. */
  place(line: number, key?: string): Place {
    return this.context.placeKind === "line" ? { line, key } : { row: line, key };
  }

  #foldBatch(): void {
    this.#folder ??= new Folder();
    const lengths = this.lengths.data.subarray(this.#foldedRows, this.lengths.length);
    this.#folder.add(lengths, this.words.view());
    this.#foldedRows = this.lengths.length;
    this.words.length = 0;
  }

  /** Folds what is left and gives the folder, for rows in file order. */
  finishFolder(): Folder {
    this.#foldBatch();
    return this.#folder!;
  }
}

/** The values of a column in another order: `column[order[i]]` at `i`. */
export function reorder<T extends Float64Array | Uint32Array>(
  column: Column<T>,
  order: Uint32Array | undefined,
): T {
  if (order === undefined) return column.take();
  const { data } = column;
  const result = data.slice(0, order.length) as T;
  for (let index = 0; index < order.length; index++) result[index] = data[order[index]];
  return result;
}
