import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { CalibrationError } from "../../errors/errors.ts";
import { loadModel } from "../../scenario/load.ts";
import { loadDevice } from "../device.ts";
import { loadProfile } from "../profile.ts";
import { stepModel } from "../step_constants.ts";
import { stepNs } from "../../engine/step_model.ts";
import { computable } from "../weights.ts";
import { checkScrapes, fitMetrics, latenciesIn, type MetricsWindow, windowsOf } from "./metrics.ts";
import { histogramIn, quantile, readScrape, type Scrape, valueIn } from "./prometheus.ts";

const scrape = (text: string, file = "metrics.txt"): Scrape => readScrape({ file, text, hash: "" });

const TEXT = `# HELP vllm:num_requests_running Requests
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="a \\"b\\", c"} 3
vllm:num_requests_running{engine="1",model_name="x"} 4 1700000000000
vllm:e2e_request_latency_seconds_bucket{le="1.0"} 2
vllm:e2e_request_latency_seconds_bucket{le="2.0"} 6
vllm:e2e_request_latency_seconds_bucket{le="+Inf"} 8
vllm:e2e_request_latency_seconds_sum 12.5
vllm:e2e_request_latency_seconds_count 8
vllm:nothing NaN
`;

Deno.test("a scrape is read as Prometheus writes it: labels, escapes, times, comments", () => {
  const read = scrape(TEXT);
  assertEquals(valueIn(read, "vllm:num_requests_running"), 7);
  assertEquals(read.samples[0].labels.model_name, 'a "b", c');
  assertEquals(valueIn(read, "vllm:nothing"), undefined);
  const histogram = histogramIn(read, "vllm:e2e_request_latency_seconds")!;
  assertEquals(histogram.bounds, [1, 2, Infinity]);
  assertEquals([histogram.sum, histogram.count], [12.5, 8]);
  assertEquals(quantile(histogram, 0.5), 1.5);
  // Beyond the last bound only that much is known.
  assertEquals(quantile(histogram, 0.99), 2);
  assertEquals(latenciesIn([read])[0].meanNs, 12.5e9 / 8);
});

Deno.test("a line that is no sample is refused with its place", () => {
  for (const line of ["vllm:x", "vllm:x{le=1} 2", 'vllm:x{le="1} 2', "vllm:x abc", "{} 1"]) {
    const error = assertThrows(() => scrape(`a 1\n${line}\n`), CalibrationError, "no sample");
    assertEquals(error.place.line, 2, line);
  }
});

/** Scrapes from a measured series: running, KV in use and tokens by the second. */
async function measured(every: number): Promise<Scrape[]> {
  const text = await Deno.readTextFile("tests/data/serving/rtx4090_llama8b_timeseries.csv");
  const rows = text.trim().split("\n").slice(1).map((line) => line.split(",").map(Number));
  let [generated, prompts, gaps] = [0, 0, 0];
  const scrapes = rows.map(([second, prompt, tokens, running, , used], row) => {
    [generated, prompts] = [generated + tokens, prompts + prompt];
    gaps += (running + (rows[row - 1]?.[3] ?? 0)) / 2;
    return scrape(
      [
        `vllm:num_requests_running ${running}`,
        `vllm:kv_cache_usage_perc ${used / 100}`,
        'vllm:cache_config_info{block_size="16",num_gpu_blocks="2588"} 1',
        `vllm:prompt_tokens_total ${prompts}`,
        `vllm:inter_token_latency_seconds_bucket{le="+Inf"} ${generated}`,
        `vllm:inter_token_latency_seconds_sum ${gaps}`,
        `vllm:inter_token_latency_seconds_count ${generated}`,
      ].join("\n"),
      `second ${second}`,
    );
  });
  return scrapes.filter((_, row) => row % every === 0);
}

async function stepOf(): Promise<(stepNs: number) => ReturnType<typeof stepModel>> {
  const { efficiency } = await loadProfile("rtx4090-llama-3.1-8b");
  const model = computable(await loadModel("llama-3.1-8b"));
  const device = await loadDevice("rtx-4090");
  return (stepNs) => stepModel(model, device, { efficiency: { ...efficiency, stepNs } });
}

Deno.test("a measured series tells times between tokens within 15 %, and the step constant", async () => {
  const windows = windowsOf(await measured(1));
  assert(windows.length > 150);
  const { constants: [step], meanError, r2, holdOut } = fitMetrics(windows, await stepOf());
  assert(meanError < 0.15 && r2 > 0.9 && holdOut!.meanError < 0.15, `${meanError} ${r2}`);
  // Above the 1.8 ms of the request log: what preempted requests compute again is in it.
  assert(step.value > 1.8e6 && step.value < 6e6, `${step.value}`);
});

Deno.test("made scrapes give the step constant back; a level load is refused", async () => {
  const of = await stepOf();
  const window = (running: number): MetricsWindow => {
    const contextTokens = running * 900;
    const work = { tokens: running, sequences: running, pairs: 0, contextTokens };
    const whole = { ...work, windowPairs: 0, windowContextTokens: 0 };
    return { label: "", running, interTokenNs: stepNs(of(3e6), whole), work: whole };
  };
  const { constants: [step] } = fitMetrics([1, 4, 9, 16, 25].map(window), of);
  assertAlmostEquals(step.value, 3e6, 3e4);
  assertThrows(
    () => fitMetrics([16, 17, 18, 17, 16].map(window), of),
    CalibrationError,
    "hardly vary",
  );
});

Deno.test("windows with preemptions are left out, a missing metric is named", async () => {
  const [first, second] = (await measured(30)).slice(0, 2);
  assertEquals(windowsOf([first, second]).length, 1);
  const preempted = { name: "vllm:num_preemptions_total", labels: {}, value: 3 };
  const after = { ...second, samples: [...second.samples, preempted] };
  assertEquals(windowsOf([first, after]).length, 0);
  const bare = scrape("vllm:num_requests_running 1", "bare.txt");
  const error = assertThrows(() => windowsOf([bare, bare]), CalibrationError);
  assertEquals([error.code, error.place.file], ["calibrate/missing-metric", "bare.txt"]);
  const few = assertThrows(() => checkScrapes([bare, bare, bare]), CalibrationError);
  assertEquals([few.code, few.place.file], ["calibrate/too-few-scrapes", "bare.txt"]);
  checkScrapes([bare, bare, bare, bare]);
});
