/**
 * Traces made in memory, for tests, generators and programs that embed kvtier.
 *
 * @module
 */

import { TraceError } from "../errors/errors.ts";
import { assemble } from "./assemble.ts";
import type { ReadContext } from "./context.ts";
import { Findings } from "./findings.ts";
import { KINDS_EXPECTED, type KindShares, kindShares } from "./kinds.ts";
import { BLOCK_TOKENS_MAX } from "./options.ts";
import { emptyRow, TraceTable } from "./table.ts";
import { splitTime } from "./time.ts";
import { NO_PARENT, type Trace } from "./trace.ts";

/** One request for {@linkcode TraceBuilder.add}. */
export interface BuilderRequest {
  /** Arrival in whole nanoseconds; all requests have one, or none. */
  readonly arrivalNs?: number;
  readonly session?: string | number;
  readonly tenant?: string | number;
  /** Prompt length in tokens; without it the blocks are taken to be full. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Turn within the session, from 1. */
  readonly turn?: number;
  readonly thinkNs?: number;
  readonly apiNs?: number;
  /** Number of the request that started this one, in the order of adding, from 0. */
  readonly parent?: number;
  /** Ids of the prompt's blocks, root first: whole numbers from 0 to 2^53 - 1. */
  readonly blocks?: Iterable<number>;
  /** The same as runs of consecutive ids: first id and count. */
  readonly runs?: Iterable<readonly [first: number, count: number]>;
  /** What the blocks hold, root first: names with counts that add up to the blocks. */
  readonly kinds?: readonly (readonly [name: string, blocks: number])[];
}

/** What is common to all requests of a {@linkcode TraceBuilder}. */
export interface BuilderOptions {
  /** Tokens of one block. Default 16. */
  readonly blockTokens?: number;
  /** The trace's `path`. Default `"memory"`. */
  readonly path?: string;
  /** The trace's `format`. Default `"memory"`. */
  readonly format?: string;
  readonly notes?: readonly string[];
  /** Whether requests may be added in any order; else their arrival must not go back. */
  readonly sort?: boolean;
}

/**
 * Collects requests and folds them into a {@linkcode Trace}.
 *
 * Block ids are names: equal ids are one block. In the trace they are numbered from 0 in the order
 * of their first touch.
 *
 * @throws {TraceError} From `add`, if a value is out of range; from `build`, if the requests make
 * no sense together, such as arrivals that go back.
 *
 * @example
 * ```ts
 * import { TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await new TraceBuilder({ blockTokens: 16 })
 *   .add({ arrivalNs: 0, session: "a", runs: [[100, 3]], outputTokens: 4 })
 *   .add({ arrivalNs: 5, session: "a", runs: [[100, 3], [7, 1]], outputTokens: 9 })
 *   .build();
 * assertEquals([...trace.extents.firstBlock], [0, 0]);
 * assertEquals([...trace.extents.blockCount], [3, 4]);
 * ```
 */
export class TraceBuilder {
  readonly #options: BuilderOptions;
  readonly #table: TraceTable;
  readonly #row = emptyRow();

  constructor(options: BuilderOptions = {}) {
    const { blockTokens = 16, path = "memory", format = "memory", notes = [] } = options;
    checkRange("blockTokens", blockTokens, 1, BLOCK_TOKENS_MAX);
    this.#options = { ...options, blockTokens };
    const context: ReadContext = {
      file: path,
      options: { sort: options.sort },
      findings: new Findings(path),
      notes: [...notes],
      chunks: (async function* () {})(),
      head: { bytes: new Uint8Array(0), whole: true },
      placeKind: "row",
      rows: 0,
    };
    this.#table = new TraceTable(context, {
      format,
      mode: "runs",
      blockTokens,
      rounding: "any",
      timeKey: "arrivalNs",
      blocksKey: "blocks",
    });
  }

  /** Requests so far. */
  get requestCount(): number {
    return this.#table.rows;
  }

  /** Adds a request; requests come in order of arrival unless the builder sorts. */
  add(request: BuilderRequest): this {
    const { runFirst, runCount } = this.#table;
    const mark = runFirst.length;
    try {
      this.#addRow(request, mark);
    } catch (error) {
      // A refused request leaves nothing behind.
      runFirst.length = mark;
      runCount.length = mark;
      throw error;
    }
    return this;
  }

  #addRow(request: BuilderRequest, mark: number): void {
    const table = this.#table;
    const { blockTokens = 16 } = this.#options;
    const blocks = this.#addBlocks(request);
    const row = this.#row;
    row.line = table.rows + 1;
    row.inputTokens = checkRange("inputTokens", request.inputTokens ?? blocks * blockTokens);
    row.outputTokens = optional("outputTokens", request.outputTokens, 0xffffffff);
    row.turn = optional("turn", request.turn, 0xffff);
    row.thinkNs = optional("thinkNs", request.thinkNs, Number.MAX_SAFE_INTEGER);
    row.apiNs = optional("apiNs", request.apiNs, Number.MAX_SAFE_INTEGER);
    row.parent = request.parent === undefined
      ? NO_PARENT
      : checkRange("parent", request.parent, 0, table.rows - 1);
    row.kinds = checkKinds(request.kinds);
    row.session = request.session;
    row.tenant = request.tenant;
    row.seconds = NaN;
    if (request.arrivalNs !== undefined) {
      splitTime(checkRange("arrivalNs", request.arrivalNs, 0, Number.MAX_SAFE_INTEGER), "ns", row);
    }
    table.add(row, table.runFirst.length - mark);
  }

  #addBlocks({ blocks, runs }: BuilderRequest): number {
    let count = 0;
    for (const id of blocks ?? []) count += this.#addRun(id, 1, count === 0);
    for (const [first, length] of runs ?? []) count += this.#addRun(first, length, count === 0);
    return count;
  }

  #addRun(first: number, count: number, isFirst: boolean): number {
    const { runFirst, runCount } = this.#table;
    checkRange("blocks", first, 0, Number.MAX_SAFE_INTEGER);
    checkRange("blocks", count, 1, 0xffffffff);
    const last = runFirst.length - 1;
    const continues = !isFirst && runFirst.data[last] + runCount.data[last] === first &&
      runCount.data[last] + count <= 0xffffffff;
    if (continues) {
      runCount.data[last] += count;
    } else {
      runFirst.push(first);
      runCount.push(count);
    }
    return count;
  }

  /** Folds the requests. The builder cannot be used afterwards. */
  async build(): Promise<Trace> {
    const trace = await assemble(this.#table);
    const { findings } = this.#table.context;
    if (trace === undefined) throw findings.toError();
    return trace;
  }
}

function optional(key: string, value: number | undefined, most: number): number {
  return value === undefined ? NaN : checkRange(key, value, key === "turn" ? 1 : 0, most);
}

function checkKinds(kinds: KindShares | undefined): KindShares | undefined {
  if (kinds === undefined || kindShares(kinds) !== undefined) return kinds;
  throw new TraceError({
    code: "trace/bad-kinds",
    message: "Cannot build trace: kinds make no sense",
    place: { key: "kinds" },
    found: JSON.stringify(kinds)?.slice(0, 60),
    expected: KINDS_EXPECTED,
  });
}

function checkRange(key: string, value: number, least = 0, most = 0xffffffff): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TraceError({
    code: "trace/out-of-range",
    message: `Cannot build trace: ${key} is out of range`,
    place: { key },
    found: String(value),
    expected: `a whole number from ${least} to ${most}`,
  });
}
