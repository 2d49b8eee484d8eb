/**
 * WEKA Claude Code sessions: one JSON object per session, alone in a file or one in a line.
 *
 * A session holds its requests with times in seconds from its beginning. Blocks (64 tokens, full
 * ones only) are listed as `hash_ids` or, range-encoded, as `hash_rle` = [[first, count], …]; ids
 * are local to a session or global, as `hash_id_scope` says. Entries of type `subagent` hold
 * requests of their own, with times from the start of the sub-agent; they become sessions of their
 * own whose `parent` is the request before. Sessions run side by side: requests are merged by time,
 * while blocks are numbered session by session.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import type { ReadContext } from "./context.ts";
import { showValue } from "./exact_json.ts";
import { JsonRow } from "./json_row.ts";
import { readJsonRows } from "./json_rows.ts";
import { BLOCK_TOKENS_MAX } from "./options.ts";
import { emptyRow, TraceTable } from "./table.ts";
import { splitTime, toNs } from "./time.ts";
import { NO_PARENT, type Trace } from "./trace.ts";
import { type Fields, WekaFields } from "./weka_fields.ts";

/** Sub-agents may start sub-agents, but no real trace goes this deep. */
const DEPTH_MAX = 8;
const U32_MAX = 0xffffffff;

export async function readWeka(context: ReadContext): Promise<Trace | undefined> {
  const reader = new WekaReader(context);
  const row = new JsonRow(context, [], -1);
  await readJsonRows(row, () => {
    reader.session(row.object, row.line);
    return true;
  }, []);
  return await reader.finish();
}

/** A list of requests that belongs to one session, or to one sub-agent of it. */
interface RequestList {
  readonly requests: unknown;
  /** Key path of the list, for places. */
  readonly path: string;
  readonly startSeconds: number;
  readonly scope: number;
  readonly parent: number;
  readonly depth: number;
}

class WekaReader {
  #table: TraceTable | undefined;
  readonly #row = emptyRow();
  readonly #fields: WekaFields;
  #sessions = 0;
  #repeats = 0;
  #subAgentsDropped = 0;

  constructor(readonly context: ReadContext) {
    this.#fields = new WekaFields(context);
  }

  session(session: Fields, line: number): void {
    this.#fields.line = line;
    const { dropRepeats = true } = this.context.options;
    if (dropRepeats && session.dup_of !== undefined && session.dup_of !== null) {
      this.#repeats++;
      return;
    }
    const blockTokens = this.#fields.count(session, "block_size", "block_size", BLOCK_TOKENS_MAX);
    if (Number.isNaN(blockTokens) || !this.#fitsBlockSize(blockTokens)) return;
    const said = session.hash_id_scope === "global" ? "shared" : "session";
    const isShared = (this.context.options.scope ?? said) === "shared";
    const scope = isShared ? 0 : line;
    const { requests } = session;
    this.#list({ requests, path: "requests", startSeconds: 0, scope, parent: NO_PARENT, depth: 0 });
  }

  async finish(): Promise<Trace | undefined> {
    const { notes } = this.context;
    if (this.#repeats > 0) {
      notes.push(
        this.#repeats === 1
          ? "1 session that repeats another was left out"
          : `${this.#repeats} sessions that repeat another were left out`,
      );
    }
    if (this.#subAgentsDropped > 0) {
      notes.push(`${this.#subAgentsDropped} sub-agents were left out`);
    }
    notes.push("sessions run side by side, each from time 0; ids of full blocks only");
    return await assemble(this.#table ?? this.#newTable(64));
  }

  #newTable(blockTokens: number): TraceTable {
    return new TraceTable(this.context, {
      format: "weka",
      mode: "runs",
      blockTokens,
      rounding: "any",
      timeKey: "t",
      blocksKey: "hash_ids",
      merge: true,
    });
  }

  /** A trace has one block size, so sessions must agree. */
  #fitsBlockSize(blockTokens: number): boolean {
    this.#table ??= this.#newTable(blockTokens);
    if (this.#table.traits.blockTokens === blockTokens) return true;
    this.#fields.report("block_size", {
      name: "block-size-changes",
      message: "sessions have different block sizes",
      found: String(blockTokens),
      expected: `${this.#table.traits.blockTokens}, as in the session before`,
    });
    return false;
  }

  #list(list: RequestList): void {
    const { requests, path, depth } = list;
    if (!Array.isArray(requests) || depth > DEPTH_MAX) {
      this.#fields.report(path, {
        name: "bad-requests",
        message: depth > DEPTH_MAX
          ? "sub-agents are nested too deep"
          : "there is no list of requests",
        found: depth > DEPTH_MAX ? `more than ${DEPTH_MAX} levels` : showValue(requests),
        expected: "an array of requests",
      });
      return;
    }
    const session = this.#sessions++;
    let last = 0;
    let parent = list.parent;
    requests.forEach((request, index) => {
      const place = `${path}[${index}]`;
      if (typeof request !== "object" || request === null) {
        return this.#fields.report(place, {
          name: "not-an-object",
          message: "a request is no JSON object",
          found: showValue(request),
          expected: "an object",
        });
      }
      const time = this.#fields.amount(request, "t", place);
      if (Number.isNaN(time)) return;
      if (time < last && this.context.options.sort !== true) {
        this.#reportBackwards(place, time, last);
      }
      last = time;
      const startSeconds = list.startSeconds + time;
      if (request.type === "subagent") {
        this.#subAgent({
          ...list,
          requests: request.requests,
          path: `${place}.requests`,
          startSeconds,
          parent,
          depth: depth + 1,
        });
      } else {
        const row = this.#request(request, place, { list, session, startSeconds });
        if (row !== undefined) parent = row;
      }
    });
  }

  #subAgent(list: RequestList): void {
    if (this.context.options.subAgents === "drop") this.#subAgentsDropped++;
    else this.#list(list);
  }

  /** Adds a request and gives its row, or reports it. */
  #request(
    request: Fields,
    place: string,
    { list, session, startSeconds }: { list: RequestList; session: number; startSeconds: number },
  ): number | undefined {
    const table = this.#table!;
    const row = this.#row;
    const errors = this.context.findings.errorCount;
    row.line = this.#fields.line;
    splitTime(startSeconds, "s", row);
    row.session = session;
    row.tenant = typeof request.model === "string" ? request.model : undefined;
    row.inputTokens = this.#fields.count(request, "in", place);
    row.outputTokens = this.#fields.count(request, "out", place);
    row.thinkNs = toNs(this.#fields.amount(request, "think_time", place, true), "s");
    row.apiNs = toNs(this.#fields.amount(request, "api_time", place, true), "s");
    row.parent = list.parent;
    const mark = table.runFirst.length;
    const blocks = request.hash_rle === undefined
      ? this.#ids(request.hash_ids, `${place}.hash_ids`)
      : this.#ranges(request.hash_rle, `${place}.hash_rle`);
    if (this.context.findings.errorCount > errors) {
      table.runFirst.length = mark;
      table.runCount.length = mark;
      return undefined;
    }
    this.#checkBlockCount(place, row.inputTokens, blocks);
    table.add(row, table.runFirst.length - mark, list.scope);
    return table.rows - 1;
  }

  #checkBlockCount(place: string, inputTokens: number, blocks: number): void {
    const { blockTokens } = this.#table!.traits;
    const expected = Math.floor(inputTokens / blockTokens);
    if (blocks === expected) return;
    this.context.findings.add({
      name: "hash-count",
      severity: "warning",
      message: "the number of hashes does not fit the prompt length",
      place: this.#fields.place(place),
      found: `${blocks} hashes for ${inputTokens} tokens`,
      expected: `${expected}, which is ${inputTokens} / ${blockTokens} rounded down`,
    });
  }

  /** Ranges of ids, joined where they continue. */
  #ranges(ranges: unknown, place: string): number {
    let blocks = 0;
    const list = Array.isArray(ranges) ? ranges : [undefined];
    const mark = this.#table!.runFirst.length;
    for (let index = 0; index < list.length; index++) {
      const [first, count] = Array.isArray(list[index]) ? list[index] : [];
      const isGood = isId(first) && Number.isInteger(count) && count > 0 && count <= U32_MAX;
      if (!isGood) {
        this.#fields.report(Array.isArray(ranges) ? `${place}[${index}]` : place, {
          name: "bad-hash",
          message: "a range of block ids makes no sense",
          found: showValue(Array.isArray(ranges) ? list[index] : ranges),
          expected: "[first id, count], two whole numbers",
        });
        return 0;
      }
      this.#run(first, count, mark);
      blocks += count;
    }
    return blocks;
  }

  #ids(ids: unknown, place: string): number {
    if (!Array.isArray(ids)) {
      this.#fields.report(place, {
        name: "missing-key",
        message: "hash_ids is missing",
        found: showValue(ids),
        expected: "an array of block ids under hash_ids, or of ranges under hash_rle",
      });
      return 0;
    }
    const mark = this.#table!.runFirst.length;
    for (let index = 0; index < ids.length; index++) {
      if (isId(ids[index])) this.#run(ids[index], 1, mark);
      else {
        this.#fields.report(`${place}[${index}]`, {
          name: "bad-hash",
          message: "a block id is no whole number",
          found: showValue(ids[index]),
          expected: "a whole number from 0 to 2^53 - 1",
        });
        return 0;
      }
    }
    return ids.length;
  }

  #run(first: number, count: number, mark: number): void {
    const { runFirst, runCount } = this.#table!;
    const last = runFirst.length - 1;
    const continues = last >= mark && runFirst.data[last] + runCount.data[last] === first &&
      runCount.data[last] + count <= U32_MAX;
    if (continues) runCount.data[last] += count;
    else {
      runFirst.push(first);
      runCount.push(count);
    }
  }

  #reportBackwards(place: string, time: number, last: number): void {
    this.#fields.report(`${place}.t`, {
      name: "arrival-backwards",
      message: "arrival goes back",
      found: `${time} after ${last}`,
      expected: "times that do not decrease",
      mend: ["sort the session, or pass --sort to sort the requests in memory"],
    });
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
