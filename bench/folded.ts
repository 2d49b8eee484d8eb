/**
 * The folded engine: the whole LRU curve of a large trace beside single replays by the kernels, and
 * how its cost grows with extents and not with blocks.
 *
 * ```sh
 * deno run --allow-read --allow-sys bench/folded.ts [--rounds=5] [--smoke]
 * ```
 *
 * CPU time, best of the rounds, in turns. The kernels need about 1 GB for the large trace; every
 * count of theirs is compared, and one that differs ends the run with exit code 1. `--smoke` asks
 * only that, on a small trace.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import process from "node:process";
import { hitsAt, lruCurve } from "../curves/lru_curve.ts";
import { FoldedReplayer } from "../engine/folded.ts";
import { type Counters, Replayer } from "../engine/replayer.ts";
import type { Touch } from "../engine/result.ts";
import { parseTrace } from "../traces/open.ts";
import { encodeKvt } from "../traces/kvt.ts";
import type { Trace } from "../traces/trace.ts";
import { cpuSeconds, textTable } from "./clock.ts";
import { copies, mooncake } from "./traces.ts";

const LARGE = "weka_claude_code_rle.jsonl.gz";
const SMALL = "conversation_trace.jsonl.gz";
/** Shares of the distinct blocks at which all engines are compared. */
const SHARES = [0.01, 0.1, 0.5];
const LENGTHS = [1, 2, 5, 10, 20, 50, 100];
const BAR_COLUMNS = 40;

/** Best CPU milliseconds of each piece of work, by name. */
class Best {
  readonly ms = new Map<string, number>();

  measure<T>(name: string, work: () => T): T {
    const { seconds, value } = cpuSeconds(work);
    this.ms.set(name, Math.min(this.ms.get(name) ?? Infinity, seconds * 1000));
    return value;
  }
}

let isWrong = false;

function expectSame(what: string, found: readonly number[], expected: readonly number[]): void {
  if (found.every((value, i) => value === expected[i])) return;
  isWrong = true;
  console.error(`${what}: the folded engine counts ${found}, the block engine ${expected}`);
}

function replay(replayer: Replayer, policy: string, capacityBlocks: number, touch: Touch) {
  return replayer.run({
    policy: replayer.registry.policy(policy),
    admission: replayer.registry.admitter("always"),
    capacityBlocks,
    touch,
    seed: 1,
  });
}

const pair = ({ hits, prefixHits }: { hits: number; prefixHits: number }) => [hits, prefixHits];

/** Compares every count, and takes the time of both engines. */
function compareEngines(trace: Trace, touch: Touch, rounds: number): Best {
  const best = new Best();
  const tenth = Math.floor(trace.uniqueBlocks / 10);
  const block = new Replayer(trace);
  const first = best.measure("lru kernel, first", () => replay(block, "lru", tenth, touch));
  const folded = new FoldedReplayer(trace);
  const curve = lruCurve(folded.reuse(touch));
  const both = (counters: Counters) => pair(counters);
  for (const share of SHARES) {
    const at = Math.floor(trace.uniqueBlocks * share);
    const place = `${touch}, ${at} blocks`;
    const lru = share === 0.1 ? first : replay(block, "lru", at, touch);
    const read = [hitsAt(curve.points, at), hitsAt(curve.prefixPoints, at)];
    expectSame(`lru curve, ${place}`, read, both(lru));
    expectSame(`lru, ${place}`, pair(folded.lru(at, touch)), both(lru));
    expectSame(
      `fifo, ${place}`,
      pair(folded.fifo(at, touch)),
      both(replay(block, "fifo", at, touch)),
    );
    const optimal = both(replay(block, "optimal", at, touch));
    expectSame(`optimal, ${place}`, pair(folded.optimal(at, touch)), optimal);
  }
  for (let round = 0; round < rounds; round++) {
    for (const policy of ["lru", "fifo", "optimal"] as const) {
      best.measure(`${policy} kernel, again`, () => replay(block, policy, tenth, touch));
      best.measure(`${policy} folded, again`, () => folded[policy](tenth, touch));
    }
    const fresh = best.measure("fresh reuse", () => new FoldedReplayer(trace).reuse(touch));
    best.measure("curve", () => lruCurve(fresh));
    best.measure("reuse again", () => folded.reuse(touch));
  }
  return best;
}

function engineMiB(replayer: FoldedReplayer): number {
  return replayer["instance"]["exports"].memory.buffer.byteLength / 2 ** 20;
}

function showEngines(best: Best): void {
  const ms = (name: string) => best.ms.get(name)!;
  const whole = ms("fresh reuse") + ms("curve");
  const warm = ms("reuse again") + ms("curve");
  const rows = [
    ["", "ms", "÷ whole LRU curve"],
    ["whole LRU curve of an opened trace: link, distances, curve", whole, whole],
    ["whole LRU curve again: distances, curve", warm, warm],
    ["lru kernel, one capacity, of an opened trace: expand, link, replay", 0, whole],
    ["lru kernel, one capacity, again", 0, warm],
    ["lru folded, one capacity, again", 0, warm],
    ["fifo kernel, one capacity, again", 0, warm],
    ["fifo folded, one capacity, again", 0, warm],
    ["optimal kernel, one capacity, again", 0, warm],
    ["optimal folded, one capacity, again", 0, warm],
  ].map((row) => row.map(String));
  const names = [
    "lru kernel, first",
    ...["lru", "fifo", "optimal"].flatMap((policy) => [
      `${policy} kernel, again`,
      `${policy} folded, again`,
    ]),
  ];
  names.forEach((name, i) => rows[i + 3][1] = String(ms(name)));
  for (const row of rows.slice(1)) {
    row[2] = `${(Number(row[1]) / Number(row[2])).toFixed(1)}×`;
    row[1] = Number(row[1]).toFixed(1);
  }
  console.log(textTable(rows));
}

/** The same requests with every block drawn out to so many: as many extents, more blocks. */
function drawnOut(trace: Trace, factor: number): Trace {
  const times = (column: Uint32Array) => column.map((value) => value * factor);
  return {
    ...trace,
    accesses: trace.accesses * factor,
    uniqueBlocks: trace.uniqueBlocks * factor,
    extents: {
      firstBlock: times(trace.extents.firstBlock),
      blockCount: times(trace.extents.blockCount),
    },
  };
}

/** What the whole table of a trace costs, fresh each round. */
function costOf(name: string, trace: Trace, rounds: number): (string | number)[] {
  const best = new Best();
  let mib = 0;
  for (let round = 0; round < rounds; round++) {
    best.measure("all", () => {
      const replayer = new FoldedReplayer(trace);
      replayer.reuse("tail-first");
      mib = engineMiB(replayer);
    });
  }
  const extents = trace.extents.firstBlock.length;
  return [name, trace.accesses, trace.uniqueBlocks, extents, best.ms.get("all")!, mib];
}

function showCosts(rows: (string | number)[][]): void {
  const most = Math.max(...rows.map((row) => Number(row[4])));
  const cells = rows.map(([name, accesses, blocks, extents, ms, mib]) => [
    String(name),
    String(accesses),
    String(blocks),
    String(extents),
    Number(ms).toFixed(1),
    (Number(ms) * 1e6 / Number(extents)).toFixed(0),
    (Number(ms) * 1e6 / Number(accesses)).toFixed(2),
    Number(mib).toFixed(0),
    `  ${"▇".repeat(Math.max(1, Math.round(BAR_COLUMNS * Number(ms) / most)))}`.padEnd(BAR_COLUMNS),
  ]);
  const head = [
    "trace",
    "accesses",
    "blocks",
    "extents",
    "ms",
    "ns/extent",
    "ns/access",
    "MiB",
    "",
  ];
  console.log(textTable([head, ...cells]));
}

const args = parseArgs(Deno.args, { boolean: ["smoke"], string: ["rounds"] });
const rounds = Number(args.rounds ?? (args.smoke ? 1 : 5));
const file = args.smoke ? SMALL : LARGE;
const packed = Deno.readFileSync(new URL(`../tests/data/${file}`, import.meta.url));
// Through a .kvt, as a user would keep it.
const kvt = await encodeKvt(await parseTrace(packed, file));
const trace = await parseTrace(kvt, file);
const extents = trace.extents.firstBlock.length;
console.log(
  `${file}: ${trace.accesses} accesses, ${trace.uniqueBlocks} blocks, ${extents} extents`,
);
for (const touch of ["root-first", "tail-first"] as const) {
  console.log(`\n${touch}, one capacity is 10 % of the blocks`);
  showEngines(compareEngines(trace, touch, rounds));
}
if (!args.smoke) {
  const conversation = await mooncake(SMALL);
  console.log("\nThe reuse table, tail-first, of an opened trace: more extents");
  showCosts([
    ...LENGTHS.map((n) => costOf(`conversation × ${n}`, copies(conversation, n), rounds)),
    costOf("weka", trace, rounds),
  ]);
  console.log("\nAs many extents, each block drawn out");
  showCosts(LENGTHS.map((n) => costOf(`blocks × ${n}`, drawnOut(conversation, n), rounds)));
}
if (isWrong) process.exit(1);
