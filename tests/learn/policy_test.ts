/** The learned policy in the engine: exact, equal in training and serving, blind to the future. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { compare } from "../../engine/compare.ts";
import { Replayer, type RunSpec } from "../../engine/replayer.ts";
import type { Touch } from "../../engine/result.ts";
import { EngineError } from "../../errors/errors.ts";
import { Stage } from "../../learn/beginning.ts";
import { FEATURE_NAMES, packModel } from "../../learn/features.ts";
import { scoreOf } from "../../learn/forest.ts";
import { firstRequestOf, NEVER, nextUses, requestOffsets } from "../../learn/labels.ts";
import type { Trace } from "../../traces/trace.ts";
import { checkingModule, looseRequests, numbersFrom, traceOf } from "../support/traces.ts";
import { treeRequests } from "../support/traces.ts";
import { naiveLearned, randomForest } from "./naive_learned.ts";

const checking = checkingModule();
const TOUCHES: readonly Touch[] = ["root-first", "tail-first"];

function spec(replayer: Replayer, policy: string, capacityBlocks: number, touch: Touch): RunSpec {
  const admission = replayer.registry.admitter("always");
  return { policy: replayer.registry.policy(policy), admission, capacityBlocks, touch, seed: 1 };
}

/** Requests as block numbers of the folded trace. */
function numbered(trace: Trace): number[][] {
  const { firstExtent } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  return Array.from({ length: trace.requestCount }, (_, request) => {
    const blocks: number[] = [];
    for (let e = firstExtent[request]; e < firstExtent[request + 1]; e++) {
      for (let b = 0; b < blockCount[e]; b++) blocks.push(firstBlock[e] + b);
    }
    return blocks;
  });
}

const tree = traceOf(treeRequests(5, 400));
const loose = traceOf(looseRequests(6, 500));

Deno.test("without a model, learned is LRU in every counter", () => {
  for (const trace of [tree, loose]) {
    const replayer = new Replayer(trace, checking);
    for (const touch of TOUCHES) {
      for (const capacity of [1, 2, 3, 7, 30, 64, 200, 5000]) {
        const lru = replayer.run({ ...spec(replayer, "lru", capacity, touch), engine: "general" });
        assertEquals(replayer.run(spec(replayer, "learned", capacity, touch)), lru);
      }
    }
  }
});

Deno.test("every eviction takes the block that a fresh look at all of them would take", async () => {
  for (let seed = 0; seed < 8; seed++) {
    const requests = seed % 3 === 0 ? looseRequests(seed, 400, 60) : treeRequests(seed, 250);
    const trace = traceOf(requests);
    const forest = randomForest(seed, FEATURE_NAMES);
    const model = await packModel(forest);
    for (const module of [checking, undefined]) {
      const replayer = new Replayer(trace, module);
      for (const touch of TOUCHES) {
        for (const capacity of [1, 3, 20, 60, 150]) {
          const naive = naiveLearned(numbered(trace), forest, capacity, touch === "tail-first");
          const run = { ...spec(replayer, "learned", capacity, touch), model };
          assertEquals(replayer.run(run).hits, naive.hits, `${seed} ${touch} ${capacity}`);
        }
      }
    }
  }
});

Deno.test("a model changes what stays: the naive replay is no LRU", async () => {
  const replayer = new Replayer(tree);
  const model = await packModel(randomForest(3, FEATURE_NAMES));
  const run = spec(replayer, "learned", 20, "tail-first");
  assert(replayer.run({ ...run, model }).hits !== replayer.run(run).hits);
  // The model does not outlive the run that asked for it.
  const lru = replayer.run({ ...spec(replayer, "lru", 20, "tail-first"), engine: "general" });
  assertEquals(replayer.run(run), lru);
});

Deno.test("recorded rows are the definition's, touch by touch", () => {
  for (const touch of TOUCHES) {
    const stage = new Stage(tree, { touch, rows: 1e6, module: checking });
    const rows = stage.record();
    const { rows: expected } = naiveLearned(
      numbered(tree),
      randomForest(0, FEATURE_NAMES, 0),
      1e9,
      touch === "tail-first",
    );
    let touches = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows.features.subarray(i * 16, i * 16 + 13);
      if (row[0] !== 0) continue;
      assertEquals([...row], expected[touches], `touch ${touches}`);
      assertEquals(rows.now[i], touches++);
    }
    assertEquals(touches, tree.accesses);
    assertEquals(rows.offered, rows.length);
    assert(rows.features.some((value, i) => i % 16 === 0 && value > 0), "no row of an older block");
  }
});

Deno.test("training and serving see the same rows, and host and engine the same scores", async () => {
  const forest = randomForest(4, FEATURE_NAMES, 20);
  const model = await packModel(forest);
  for (const touch of TOUCHES) {
    const training = new Stage(tree, { touch, rows: 1e6 }).record();
    const known = new Map<string, string>();
    const key = (rows: typeof training, i: number) =>
      `${rows.block[i]} ${rows.now[i]} ${rows.features[i * 16]}`;
    const text = (rows: typeof training, i: number) =>
      rows.features.subarray(i * 16, i * 16 + 16).join();
    for (let i = 0; i < training.length; i++) known.set(key(training, i), text(training, i));
    const replayer = new Replayer(tree, checking);
    const run = { ...spec(replayer, "learned", 40, touch), model };
    const serving = replayer.record(run, 1e6, 1);
    assert(serving.length > tree.accesses, "no block was scored again");
    for (let i = 0; i < serving.length; i++) {
      assertEquals(known.get(key(serving, i)), text(serving, i), key(serving, i));
      assertEquals(serving.score[i], scoreOf(forest, serving.features, i * 16));
    }
  }
});

Deno.test("rows do not change when the future does", () => {
  const past = treeRequests(8, 120);
  const next = numbersFrom(9);
  const future = treeRequests(10, 120);
  const shuffled = future.map((request) => ({ request, key: next() }))
    .sort((a, b) => a.key - b.key).map(({ request }) => request);
  const count = past.reduce((sum, request) => sum + request.length, 0);
  const rowsOf = (requests: readonly (readonly number[])[]) => {
    const rows = new Stage(traceOf(requests), { touch: "tail-first", rows: 1e6 }).record();
    const length = rows.now.findIndex((now) => now >= count);
    const end = length < 0 ? rows.length : length;
    return [[...rows.now.subarray(0, end)], [...rows.features.subarray(0, end * 16)]];
  };
  const expected = rowsOf([...past, ...future]);
  assertEquals(rowsOf([...past, ...shuffled]), expected);
  assertEquals(rowsOf(past), expected);
  // The canary: another past gives other rows.
  assert(JSON.stringify(rowsOf([...past.toReversed(), ...future])) !== JSON.stringify(expected));
});

Deno.test("next uses and first requests are those of a plain search", () => {
  for (const touch of TOUCHES) {
    const rows = new Stage(loose, { touch, rows: 1e6 }).record();
    const order = numbered(loose).flatMap((request) =>
      touch === "tail-first" ? request.toReversed() : request
    );
    const next = nextUses(loose, rows, touch);
    for (let i = 0; i < rows.length; i += 7) {
      const found = order.indexOf(rows.block[i], rows.now[i] + 1);
      assertEquals(next[i], found < 0 ? NEVER : found);
    }
  }
  const requests = numbered(loose);
  const first = firstRequestOf(loose);
  for (let block = 0; block < loose.uniqueBlocks; block++) {
    assertEquals(first[block], requests.findIndex((request) => request.includes(block)));
  }
  assertEquals(requestOffsets(loose)[loose.requestCount], loose.accesses);
});

Deno.test("a warm-up counts nothing and changes nothing after it", () => {
  for (const trace of [tree, loose]) {
    const replayer = new Replayer(trace, checking);
    for (const name of ["lru", "fifo", "arc", "s3-fifo", "learned", "lhd"]) {
      for (const touch of TOUCHES) {
        const run = spec(replayer, name, 25, touch);
        const whole = replayer.run(run);
        const prefix = new Replayer(traceOf(numbered(trace).slice(0, 170)), checking);
        const before = prefix.run(spec(prefix, name, 25, touch));
        const after = replayer.run({ ...run, warmupRequests: 170 });
        const fields = ["requests", "accesses", "hits", "prefixHits", "insertions", "evictions"];
        for (const field of [...fields, "bypasses", "compulsoryMisses", "inputTokens"] as const) {
          const key = field as "hits";
          assertEquals(after[key], whole[key] - before[key], `${name} ${touch} ${field}`);
        }
        assertEquals(after.residentBlocks, whole.residentBlocks);
        const everything = replayer.run({ ...run, warmupRequests: trace.requestCount });
        assertEquals([everything.accesses, everything.hits, everything.insertions], [0, 0, 0]);
      }
    }
  }
});

Deno.test("a broken model is refused, and the instance goes on without one", async () => {
  const good = await packModel(randomForest(2, FEATURE_NAMES));
  const replayer = new Replayer(tree, checking);
  const run = spec(replayer, "learned", 20, "tail-first");
  const lru = replayer.run(run);
  const first = 16 + Math.ceil(5 / 2) * 8;
  const damages: [string, (view: DataView) => void][] = [
    ["more trees than there are", (view) => view.setUint32(0, 4_000_000_000, true)],
    ["a root beyond the nodes", (view) => view.setUint32(16, 1000, true)],
    ["a child that is its own parent", (view) => view.setUint32(first + 4, 0, true)],
    ["a child beyond the end", (view) => view.setUint32(first + 4, 34, true)],
    ["an unknown feature", (view) => view.setUint8(first, 13)],
    ["a base that is no number", (view) => view.setFloat64(8, NaN, true)],
  ];
  for (const [what, damage] of damages) {
    const bytes = good.bytes.slice();
    damage(new DataView(bytes.buffer));
    const model = { bytes, hash: what };
    assertThrows(() => replayer.run({ ...run, model }), EngineError, "the model is broken");
    assertEquals(replayer.run(run), lru, what);
  }
});

Deno.test("compare takes a model: only learned goes by it, and the result says which", async () => {
  const model = await packModel(randomForest(3, FEATURE_NAMES));
  const options = { policies: ["learned", "fifo"], capacities: ["20"] };
  const plain = await compare(tree, options);
  const withModel = await compare(tree, { ...options, model });
  assertEquals(withModel.modelHash, model.hash);
  assertEquals("modelHash" in plain, false);
  assert(withModel.resultHash !== plain.resultHash);
  assertEquals(withModel.results[1], plain.results[1]);
  assertEquals(plain.results[0].hits, plain.results[0].lruHits);
  const forest = randomForest(3, FEATURE_NAMES);
  assertEquals(withModel.results[0].hits, naiveLearned(numbered(tree), forest, 20, true).hits);
});
