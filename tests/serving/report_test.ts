/** Reports of real simulations: what must hold of every run, whatever its cluster. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  chromeTrace,
  fleetByRole,
  openTrace,
  type ReplicaSpec,
  serveTrace,
  servingDocument,
  servingHashes,
  servingLimits,
  servingMetric,
  servingRequestsCsv,
  type ServingRun,
  servingRun,
  servingSchema,
  type ServingSpec,
  singleEngine,
} from "kvtier";
import { departures } from "../e2e/json_schema.ts";
import { partsOf } from "../../report/serving/times.ts";

const stepModel = {
  stepNs: 4e6,
  sequenceNs: 0,
  tokenNs: 0,
  smoothness: 1.5,
  pairNs: 0.2,
  contextNs: 10,
  windowTokens: 0,
  windowPairNs: 0,
  windowContextNs: 0,
  allReduceNs: 0,
  allReduceNsPerToken: 0,
  products: [{ nsPerToken: 30_000, weightNs: 6e6, overheadNs: 0, activeShare: 1 }],
};
const engine = { blocks: 900, maxSequences: 64, tokenBudget: 2048 };
const base = (count: number) => singleEngine(stepModel, engine, count);
const trace = await openTrace("tests/data/conversation_trace.jsonl.gz", { limit: 1200 });

const KV = {
  blockBytes: 160 * 2 ** 20,
  layers: 80,
  stepLogRoom: 1 << 17,
  timelineColumns: 256,
};

/** Four prefill and four decode replicas, each with a NIC. */
function disaggregated(over: Partial<ServingSpec> = {}): ServingSpec {
  const spec = base(8);
  const nics = spec.replicas.flatMap((_, at) =>
    ["out", "in"].map((way) => ({
      name: `nic${at}-${way}`,
      latencyNs: 5000,
      bytesPerSecond: 25e9,
    }))
  );
  const replicas = spec.replicas.map((replica, at): ReplicaSpec => ({
    ...replica,
    role: at < 4 ? "prefill" : "decode",
    linkOut: 2 * at,
    linkIn: 2 * at + 1,
  }));
  return { ...spec, replicas, links: nics, ...KV, ...over };
}

/** Four replicas with host memory each and a store that all share. */
function tiered(): ServingSpec {
  const spec = base(4);
  const link = (name: string, bytesPerSecond: number) => ({
    name,
    latencyNs: 5000,
    bytesPerSecond,
  });
  const store = (name: string, tier: number, blocks: number, at: number) => ({
    name,
    tier,
    blocks,
    writeThrough: true,
    writeBack: false,
    linkRead: at,
    linkWrite: at + 1,
  });
  return {
    ...spec,
    replicas: spec.replicas.map((replica, at) => ({ ...replica, stores: [at, 4] })),
    links: [0, 1, 2, 3].flatMap((at) => [link(`h2d${at}`, 50e9), link(`d2h${at}`, 50e9)])
      .concat(link("ssd-read", 14e9), link("ssd-write", 7e9)),
    stores: [0, 1, 2, 3].map((at) => store(`dram${at}`, 0, 1000, 2 * at))
      .concat(store("ssd", 1, 50_000, 8)),
    ...KV,
  };
}

const FAULTS: ServingSpec["faults"] = [
  { timeNs: 50e9, kind: "replica-down", subject: 1 },
  { timeNs: 60e9, kind: "replica-down", subject: 6 },
  { timeNs: 150e9, kind: "replica-up", subject: 1 },
];

async function served(spec: ServingSpec): Promise<ServingRun> {
  const result = serveTrace(spec, trace);
  return servingRun(result, {
    name: "test",
    model: "llama-3.1-70b",
    spec,
    fleet: fleetByRole(spec, { gpu: "h100-sxm", gpusPerReplica: 8, dollarsPerGpuHour: 2 }),
    slo: { ttftNs: 2e9, tpotNs: 5e7 },
    trace: {
      path: trace.path,
      format: trace.format,
      requests: trace.requestCount,
      blockTokens: trace.blockTokens,
      arrivals: "measured",
      reuse: trace.reuse,
      notes: trace.notes,
    },
    hashes: await servingHashes(result, spec, trace),
  });
}

const RUNS: Readonly<Record<string, ServingRun>> = {
  "unified": await served({ ...base(4), stepLogRoom: 1 << 17, timelineColumns: 16 }),
  "overloaded": await served(base(1)),
  "tiered": await served(tiered()),
  "disaggregated": await served(disaggregated()),
  "pull": await served(disaggregated({ handover: "pull-on-demand", discipline: "fair-share" })),
  "broken": await served(disaggregated({ faults: FAULTS })),
};

for (const [name, run] of Object.entries(RUNS)) {
  const value = (metric: string) => servingMetric(metric).value(run)!;

  Deno.test(`${name}: the parts of each request sum to its E2E to the nanosecond`, () => {
    const { requests } = run.result;
    assert(run.times.rows.length > 1000);
    for (const row of run.times.rows) {
      const parts = Object.values(partsOf(requests, row));
      assert(parts.every((ns) => Number.isSafeInteger(ns) && ns >= 0), `request ${row}: ${parts}`);
      const sum = parts.reduce((sum, ns) => sum + ns, 0);
      assertEquals(sum, requests.finishNs[row] - requests.arrivalNs[row], `request ${row}`);
    }
    assertEquals(servingLimits(run).filter((limit) => limit.startsWith("The books")), []);
  });

  Deno.test(`${name}: shares of time and of room are never above 1`, () => {
    for (const metric of ["hbmOccupancyMean", "hbmOccupancyPeak", "busyRatio", "activeGpuRatio"]) {
      assert(value(metric) >= 0 && value(metric) <= 1, `${metric} is ${value(metric)}`);
    }
    run.kinds.links.forEach(({ name }, at) => {
      const most = servingMetric("linkBusyRatioMost", "link").value(run, at)!;
      assert(most <= 1, `${name} is ${most}`);
    });
    const { timeline } = run;
    for (const { busy, held } of timeline?.roles ?? []) {
      for (const share of [...busy, ...held]) assert(share >= 0 && share <= 1 + 1e-9, `${share}`);
    }
    for (const { mean, busiest, peak } of timeline?.links ?? []) {
      assert(peak <= 1 + 1e-9 && mean.every((share) => share <= peak), `${peak}`);
      assert(busiest!.share.every((share) => share <= peak));
    }
    run.kinds.stores.forEach((_, at) => {
      assert(servingMetric("storeOccupancyPeak", "store").value(run, at)! <= 1);
    });
  });

  Deno.test(`${name}: the document keeps to its schema`, () => {
    const document = servingDocument(run, { version: "0.1.0" });
    assertEquals(departures(JSON.parse(JSON.stringify(document)), servingSchema()), []);
  });

  Deno.test(`${name}: the trace of events is JSON, in order, with every request`, () => {
    const { traceEvents } = JSON.parse(chromeTrace(run));
    let last = 0;
    for (const { ts, ph } of traceEvents) {
      if (ph === "M") continue;
      assert(ts >= last);
      last = ts;
    }
    const names = traceEvents.map(({ name }: { name: string }) => name);
    const count = names.filter((name: string) => name.startsWith("request ")).length;
    assertEquals(count, run.times.rows.length);
  });

  Deno.test(`${name}: a line for each request`, () => {
    const lines = servingRequestsCsv(run).trimEnd().split("\r\n");
    assertEquals(lines.length, 1 + trace.requestCount);
  });

  Deno.test(`${name}: counted times between tokens have the mean of the exact ones`, () => {
    const { counts, perOctave } = run.result.intervals;
    let sum = 0;
    let count = 0;
    counts.forEach((times, at) => {
      sum += times * 2 ** ((at + 0.5) / perOctave);
      count += times;
    });
    assert(Math.abs(sum / count / run.times.intervalNsMean! - 1) < 0.02, `${sum / count}`);
  });
}

Deno.test("one engine for the load of four is saturated, four are not", () => {
  assertEquals(RUNS.overloaded.saturation.state, "saturated");
  assertEquals(RUNS.unified.saturation.state, "steady");
  // What arrives and is not kept is served: the rate while requests arrive.
  const { result, times, saturation } = RUNS.overloaded;
  const from = times.firstArrivalNs + (times.lastArrivalNs - times.firstArrivalNs) / 4;
  const within = (column: Float64Array) =>
    column.filter((ns) => ns >= from && ns <= times.lastArrivalNs).length;
  const kept = 1 - within(result.requests.scheduledNs) / within(result.requests.arrivalNs);
  assert(Math.abs(kept - saturation.queueGrowth!) < 0.05, `${kept}, ${saturation.queueGrowth}`);
});

Deno.test("each part shows where the cluster has what makes it", () => {
  const mean = (name: string, part: string) => servingMetric(`${part}NsMean`).value(RUNS[name])!;
  assertEquals(mean("unified", "transfer"), 0);
  assertEquals(mean("unified", "load"), 0);
  assert(mean("disaggregated", "transfer") > 0);
  assert(mean("tiered", "load") > 0);
  assert(servingMetric("retries").value(RUNS.broken)! > 0);
});

Deno.test("a fault after the last request is told of, one before it is not", async () => {
  const told = (run: ServingRun) => servingLimits(run).filter((limit) => /repairs/.test(limit));
  assertEquals(told(RUNS.broken), []);
  const faults = [...FAULTS, { timeNs: 1e14, kind: "replica-down", subject: 1 }] as const;
  const [late, ...more] = told(await served(disaggregated({ faults })));
  assert(late.startsWith(`1 of ${FAULTS.length + 1} faults`) && more.length === 0, late);
});

Deno.test("a timeline has the totals: of links, of time in steps, of blocks in use", () => {
  for (const name of ["tiered", "disaggregated", "pull", "broken"]) {
    const run = RUNS[name];
    const { startNs, lastsNs, roles, links } = run.timeline!;
    assert(startNs.length > 100, `${startNs.length} columns`);
    const total = (share: Float64Array) =>
      share.reduce((sum, part, at) => sum + part * lastsNs[at], 0);
    const near = (found: number, expected: number) =>
      assert(Math.abs(found - expected) <= 1e-9 * expected + 1e-6, `${found}, ${expected}`);
    links.forEach(({ mean }, at) => {
      const { indices, links } = run.kinds.links[at];
      const perNs = indices.reduce(
        (sum, link) => sum + run.context.spec.links[link].bytesPerSecond / 1e9,
        0,
      );
      near(total(mean) * perNs, links.reduce((sum, { carriedBytes }) => sum + carriedBytes, 0));
    });
    for (const { role, busy, replicas } of roles) {
      const own = run.result.replicas.filter((_, at) =>
        run.context.spec.replicas[at].role === role
      );
      near(total(busy) * replicas, own.reduce((sum, { busyNs }) => sum + busyNs, 0));
    }
  }
});

Deno.test("the log of steps adds up to the busy time, breaks included", () => {
  for (const name of ["unified", "disaggregated", "broken"]) {
    const { stepLog, replicas } = RUNS[name].result;
    const logged = new Float64Array(replicas.length);
    for (const { startNs, endNs, replica, heldBlocks } of stepLog) {
      logged[replica] += endNs - startNs;
      assert(heldBlocks <= replicas[replica].capacityBlocks);
    }
    assertEquals([...logged], replicas.map(({ busyNs }) => busyNs), name);
  }
});

Deno.test("the result hash is of numbers: names and the log change nothing, a seed or a link does", async () => {
  const hash = async (spec: ServingSpec) => (await served(spec)).context.hashes;
  const spec = disaggregated();
  const whole = RUNS.disaggregated.context.hashes;
  const renamed = spec.links.map((link) => ({ ...link, name: "x", kind: "y" }));
  const bare = { ...spec, links: renamed, stepLogRoom: 0, timelineColumns: 0 };
  assertEquals(await hash(bare), whole);
  const slow = spec.links.map((link) => ({ ...link, bytesPerSecond: 24e9 }));
  const slower = await hash({ ...spec, links: slow });
  assertNotEquals(slower.result, whole.result);
  assertNotEquals(slower.spec, whole.spec);
  assertEquals([slower.trace, slower.engine], [whole.trace, whole.engine]);
});
