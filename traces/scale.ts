/**
 * More load from a trace: arrivals closer together, and copies of it side by side.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { sealTrace } from "./canonical.ts";
import { Random } from "./synthetic/random.ts";
import { NO_PARENT, type Requests, type Trace } from "./trace.ts";

/** Columns of more rows would not fit beside a simulation of 4 GiB. */
const REQUESTS_MOST = 2 ** 26;
/** Blocks are numbered by 32 bits. */
const BLOCKS_MOST = 2 ** 32 - 1;

/** How to scale a trace. */
export interface ScaleOptions {
  /** Arrivals come so many times as fast; above 0, 1 when absent. */
  readonly rate?: number;
  /** The trace so many times, side by side; 1 when absent. */
  readonly copies?: number;
  /** Copies begin at random times below this, the first at 0. Nanoseconds; 0 when absent. */
  readonly staggerNs?: number;
  /** Seed of those times; 42 when absent. */
  readonly seed?: number;
}

/**
 * A trace with more load.
 *
 * Copies share nothing: each has blocks, sessions and parents of its own; tenants stay what they
 * are. Requests are in order of arrival, ties in order of the copies. The result is a trace like
 * any other: folded, its blocks numbered by first touch.
 *
 * @throws {UsageError} For more than 2^26 requests, or more blocks than 32 bits number.
 *
 * @example Two copies, twice as fast
 * ```ts
 * import { scaleTrace, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await new TraceBuilder()
 *   .add({ arrivalNs: 0, session: "a", runs: [[0, 3]] })
 *   .add({ arrivalNs: 8, session: "a", runs: [[0, 3], [9, 1]] })
 *   .build();
 * const scaled = await scaleTrace(trace, { rate: 2, copies: 2 });
 * assertEquals([...scaled.requests.arrivalNs!], [0, 0, 4, 4]);
 * assertEquals([...scaled.requests.session!], [0, 1, 0, 1]);
 * assertEquals([...scaled.extents.firstBlock], [0, 3, 0, 6, 3, 7]);
 * ```
 */
export async function scaleTrace(trace: Trace, options: ScaleOptions = {}): Promise<Trace> {
  const { rate = 1, copies = 1, staggerNs = 0, seed = 42 } = options;
  if (rate === 1 && copies === 1) return trace;
  checkSize(trace, copies);
  const arrivals = arrivalsOf(trace, rate);
  if (copies === 1) {
    return await resealed(trace, { requests: { ...trace.requests, arrivalNs: arrivals } });
  }
  const random = new Random(seed, "copies");
  const offsets = Float64Array.from(
    { length: copies },
    (_, copy) => copy === 0 ? 0 : Math.floor(random.unit() * staggerNs),
  );
  const order = mergedOrder(arrivals, offsets);
  const requests = copiedRequests(trace, order, copies);
  const arrivalNs = Float64Array.from(
    order.row,
    (row, at) => arrivals[row] + offsets[order.copy[at]],
  );
  const { firstExtent, ...extents } = copiedExtents(trace, order, copies);
  return await resealed(trace, {
    requestCount: order.row.length,
    accesses: trace.accesses * copies,
    uniqueBlocks: trace.uniqueBlocks * copies,
    requests: { ...requests, arrivalNs, firstExtent },
    extents,
    notes: [...trace.notes, `${copies} copies side by side`],
  });
}

function checkSize({ requestCount, uniqueBlocks }: Trace, copies: number): void {
  const most = Math.floor(
    Math.min(REQUESTS_MOST / requestCount, BLOCKS_MOST / Math.max(1, uniqueBlocks)),
  );
  if (copies <= Math.max(1, most)) return;
  throw new UsageError({
    code: "usage/copies",
    message: "Cannot copy the trace: it would be too large",
    found: `${copies} copies of ${requestCount} requests and ${uniqueBlocks} blocks`,
    expected: `${most} copies or fewer`,
    mend: ["take fewer copies, a lower load for each device, or fewer requests"],
  });
}

async function resealed(trace: Trace, parts: Partial<Trace>): Promise<Trace> {
  const { hash: _, ...rest } = trace;
  return await sealTrace({ ...rest, ...parts });
}

/** Arrivals at another rate; all at 0 where the trace has none. */
function arrivalsOf({ requests, requestCount }: Trace, rate: number): Float64Array {
  const { arrivalNs } = requests;
  if (arrivalNs === undefined) return new Float64Array(requestCount);
  return arrivalNs.map((ns) => Math.round(ns / rate));
}

/** Which row of which copy comes when. */
interface Order {
  readonly row: Uint32Array;
  readonly copy: Uint32Array;
}

/** Merges the copies by arrival, then by copy: a heap of the copies' next rows. */
function mergedOrder(arrivals: Float64Array, offsets: Float64Array): Order {
  const copies = offsets.length;
  const total = arrivals.length * copies;
  const row = new Uint32Array(total);
  const copy = new Uint32Array(total);
  const next = new Uint32Array(copies);
  const due = Float64Array.from(offsets, (offset) => offset + arrivals[0]);
  const heap = Uint32Array.from(due.keys()).sort((a, b) => due[a] - due[b] || a - b);
  const before = (a: number, b: number) => due[a] < due[b] || (due[a] === due[b] && a < b);
  const sink = () => {
    const top = heap[0];
    let at = 0;
    while (true) {
      let child = 2 * at + 1;
      if (child >= copies) break;
      if (child + 1 < copies && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], top)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = top;
  };
  for (let at = 0; at < total; at++) {
    const first = heap[0];
    copy[at] = first;
    row[at] = next[first]++;
    due[first] = next[first] < arrivals.length ? offsets[first] + arrivals[next[first]] : Infinity;
    sink();
  }
  return { row, copy };
}

/** All columns of requests but arrivals and extents. */
function copiedRequests({ requests }: Trace, { row, copy }: Order, copies: number) {
  const taken = <T extends Uint32Array | Uint16Array | Float64Array>(column: T | undefined) => {
    if (column === undefined) return undefined;
    const found = new (column.constructor as { new (length: number): T })(row.length);
    for (let at = 0; at < row.length; at++) found[at] = column[row[at]];
    return found;
  };
  const { session, parent } = requests;
  const columns: { [key in keyof Requests]?: Requests[key] } = {
    inputTokens: taken(requests.inputTokens),
    outputTokens: taken(requests.outputTokens),
    tenant: taken(requests.tenant),
    turn: taken(requests.turn),
    thinkNs: taken(requests.thinkNs),
    apiNs: taken(requests.apiNs),
    session: session === undefined ? undefined : copiedSessions(session, { row, copy }, copies),
    parent: parent === undefined ? undefined : copiedParents(parent, { row, copy }, copies),
  };
  const present = Object.entries(columns).filter(([, column]) => column !== undefined);
  return Object.fromEntries(present) as unknown as Requests;
}

/** Sessions of their own, numbered by first appearance. */
function copiedSessions(session: Uint32Array, { row, copy }: Order, copies: number): Uint32Array {
  const count = session.reduce((most, each) => Math.max(most, each + 1), 0);
  const numbers = new Uint32Array(count * copies).fill(NO_PARENT);
  let next = 0;
  return row.map((each, at) => {
    const key = copy[at] * count + session[each];
    if (numbers[key] === NO_PARENT) numbers[key] = next++;
    return numbers[key];
  });
}

function copiedParents(parent: Uint32Array, { row, copy }: Order, copies: number): Uint32Array {
  const places = new Uint32Array(parent.length * copies);
  for (let at = 0; at < row.length; at++) places[copy[at] * parent.length + row[at]] = at;
  return row.map((each, at) =>
    parent[each] === NO_PARENT ? NO_PARENT : places[copy[at] * parent.length + parent[each]]
  );
}

/** A stretch of blocks that one request touched first. */
interface Pieces {
  /** Offsets: the pieces of row `r` begin at `start[r]`. */
  readonly start: Uint32Array;
  /** The row that touched the piece first, and how many blocks that row had touched before it. */
  readonly origin: number[];
  readonly offset: number[];
  readonly count: number[];
  /** Label of the extent; 0 without labels. */
  readonly kind: number[];
  /** Blocks that each row touches first. */
  readonly fresh: Uint32Array;
}

/** Cuts extents where the row of first touch changes: each piece moves as one in every copy. */
function piecesOf({ requests, extents, requestCount }: Trace): Pieces {
  const { firstExtent } = requests;
  const { firstBlock, blockCount, kind: kinds } = extents;
  const before = new Uint32Array(requestCount + 1);
  const start = new Uint32Array(requestCount + 1);
  const [origin, offset, count, kind]: number[][] = [[], [], [], []];
  for (let row = 0; row < requestCount; row++) {
    let seen = before[row];
    for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
      seen = Math.max(seen, firstBlock[extent] + blockCount[extent]);
    }
    before[row + 1] = seen;
    for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
      const end = firstBlock[extent] + blockCount[extent];
      for (let block = firstBlock[extent]; block < end;) {
        const from = rowOf(before, block, row);
        const length = Math.min(end, before[from + 1]) - block;
        origin.push(from);
        offset.push(block - before[from]);
        count.push(length);
        kind.push(kinds?.[extent] ?? 0);
        block += length;
      }
    }
    start[row + 1] = origin.length;
  }
  const fresh = Uint32Array.from({ length: requestCount }, (_, r) => before[r + 1] - before[r]);
  return { start, origin, offset, count, kind, fresh };
}

/** The row that touched a block first: the last one before which fewer blocks were touched. */
function rowOf(before: Uint32Array, block: number, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before[middle + 1] > block) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Extents of all copies, blocks numbered by first touch; neighbours grow together again. */
function copiedExtents(trace: Trace, { row, copy }: Order, copies: number) {
  const pieces = piecesOf(trace);
  const rows = trace.requestCount;
  const room = pieces.origin.length * copies;
  const firstBlock = new Uint32Array(room);
  const blockCount = new Uint32Array(room);
  const kind = new Uint8Array(room);
  const firstExtent = new Uint32Array(row.length + 1);
  const base = new Uint32Array(rows * copies);
  let next = 0;
  let used = 0;
  for (let at = 0; at < row.length; at++) {
    const bases = copy[at] * rows;
    base[bases + row[at]] = next;
    next += pieces.fresh[row[at]];
    const begin = used;
    for (let piece = pieces.start[row[at]]; piece < pieces.start[row[at] + 1]; piece++) {
      const block = base[bases + pieces.origin[piece]] + pieces.offset[piece];
      const grows = used > begin && firstBlock[used - 1] + blockCount[used - 1] === block &&
        kind[used - 1] === pieces.kind[piece];
      if (grows) {
        blockCount[used - 1] += pieces.count[piece];
      } else {
        firstBlock[used] = block;
        kind[used] = pieces.kind[piece];
        blockCount[used++] = pieces.count[piece];
      }
    }
    firstExtent[at + 1] = used;
  }
  return {
    firstExtent,
    firstBlock: firstBlock.slice(0, used),
    blockCount: blockCount.slice(0, used),
    ...(trace.extents.kind === undefined ? {} : { kind: kind.slice(0, used) }),
  };
}
