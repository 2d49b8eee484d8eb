/**
 * Calibrations on measurements whose constants are known, since they were simulated, and on
 * measurements without meaning, since they were shuffled.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  calibrateRequests,
  calibrateVidur,
  CalibrationError,
  computable,
  type ComputeProfile,
  describe,
  EXAMPLE_SERVING,
  loadDevice,
  loadModel,
  loadProfile,
  measuredText,
  openTrace,
  readMeasured,
  readRequestLog,
  serveTrace,
  servingRequestsCsv,
  servingRun,
  singleEngine,
  stepModel,
} from "kvtier";
import { numbersFrom } from "../support/traces.ts";

const DATA = "tests/data/serving/";
/** So much KV that nobody is preempted: whom to admit after that is a matter of taste. */
const SETUP = { blocks: 32_000, tokenBudget: 2_048 };

async function target(known: ComputeProfile) {
  const { model, device } = known;
  return {
    modelName: model,
    model: computable(await loadModel(model)),
    deviceName: device,
    device: await loadDevice(device),
    known,
  };
}

/** The requests of a simulation of the measured load with a step constant, as their table. */
async function simulated(known: ComputeProfile, stepNs: number): Promise<string> {
  const { model, device } = await target(known);
  const step = stepModel(model, device, { efficiency: { ...known.efficiency, stepNs } });
  const log = readRequestLog(await readMeasured(`${DATA}rtx4090_llama8b_requests.jsonl.gz`));
  const prompts = await openTrace(`${DATA}sharegpt_llama8b_300.blk16.mooncake.jsonl.gz`);
  const trace = {
    ...prompts,
    requests: {
      ...prompts.requests,
      arrivalNs: Float64Array.from(log, ({ arrivalNs }) => arrivalNs),
      outputTokens: Uint32Array.from(log, ({ outputTokens }) => outputTokens),
    },
  };
  const result = serveTrace(singleEngine(step, { ...SETUP, maxSequences: 64 }), trace);
  return servingRequestsCsv(servingRun(result, EXAMPLE_SERVING.context));
}

Deno.test("the step constant of our own simulation comes back from its table of requests", async () => {
  const known = await loadProfile("rtx4090-llama-3.1-8b");
  const trace = await openTrace(`${DATA}sharegpt_llama8b_300.blk16.mooncake.jsonl.gz`);
  for (const stepNs of [1e6, 6e6]) {
    const text = await simulated(known, stepNs);
    const log = await measuredText(new TextEncoder().encode(text), "requests.csv");
    const { efficiency, requests, fits: [{ fit }] } = await calibrateRequests(
      log,
      await target(known),
      { ...SETUP, sequencesMax: 64, trace },
    );
    assertAlmostEquals(efficiency.stepNs! / stepNs, 1, 0.02);
    assert(fit.meanError < 0.01, `${fit.meanError}`);
    for (const { rows: [{ observedNs, predictedNs }] } of requests!.unseen) {
      assertAlmostEquals(predictedNs / observedNs, 1, 0.01);
    }
  }
});

Deno.test("a table of requests: unfinished ones are left out, disorder is refused", async () => {
  const head = "request,state,arrivalNs,firstTokenNs,finishNs,promptTokens,outputTokens\r\n";
  const read = async (rows: string) =>
    readRequestLog(await measuredText(new TextEncoder().encode(head + rows), "r.csv"));
  const rows = "0,refused,5,,,7,1\r\n1,finished,90,120,150,32,4\r\n2,finished,40,60,60,8,1\r\n";
  const [first, second] = await read(rows);
  assertEquals([first.arrivalNs, first.lastTokenNs, second.firstTokenNs], [0, 20, 80]);
  const error = await assertRejects(() => read("0,finished,9,8,10,1,1\r\n"), CalibrationError);
  for (const part of ["r.csv:2", "firstTokenNs 8"]) assertStringIncludes(describe(error), part);
  await assertRejects(() => read("0,finished,9,,10,1,1\r\n"), CalibrationError, "orderly");
});

/** A table whose columns of times are dealt anew to its rows, or multiplied. */
function changed(text: string, change: (values: string[]) => string[]): string {
  const [head, ...rows] = text.trim().split("\n").map((line) => line.split(","));
  const times = head.flatMap((name, at) => name.startsWith("time_stats") ? [at] : []);
  for (const at of times) {
    const values = change(rows.map((row) => row[at]));
    for (const [index, row] of rows.entries()) row[at] = values[index];
  }
  return [head, ...rows].map((row) => row.join(",")).join("\n");
}

/** One order for all columns, by a seeded Fisher–Yates. */
function dealt(values: string[]): string[] {
  const next = numbersFrom(11);
  const result = [...values];
  for (let last = result.length - 1; last > 0; last--) {
    const other = next() % (last + 1);
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

async function vidur(change: (values: string[]) => string[]): Promise<unknown> {
  const { text } = await readMeasured(`${DATA}vidur_a100_llama3_8b_mlp.csv.gz`);
  const bytes = new TextEncoder().encode(changed(text, change));
  return await calibrateVidur([await measuredText(bytes, "mlp.csv")], {
    modelName: "llama-3.1-8b",
    model: computable(await loadModel("llama-3.1-8b")),
    deviceName: "a100-sxm",
    device: await loadDevice("a100-sxm"),
  });
}

Deno.test("shuffled times, and times in another unit, are refused with the reason", async () => {
  await vidur((values) => values);
  const said = async (change: (values: string[]) => string[]) =>
    describe(await assertRejects(() => vidur(change), CalibrationError, "explains nothing"));
  const shuffled = await said(dealt);
  assertStringIncludes(shuffled, "R² -");
  assertEquals(shuffled.includes("unit"), false, shuffled);
  const seconds = await said((values) => values.map((ms) => `${Number(ms) / 1_000}`));
  assertStringIncludes(seconds, "times shorter than this device can take: check their unit");
  const micro = await said((values) => values.map((ms) => `${Number(ms) * 1_000}`));
  assertStringIncludes(micro, "times longer than this device can take: check their unit");
});
