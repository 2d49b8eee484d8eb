/**
 * The engine in Wasm beside its twin that is written to be read, and beside measured runs of vLLM.
 */
import { assert } from "@std/assert";
import {
  computable,
  loadDevice,
  loadModel,
  loadProfile,
  openTrace,
  serveReference,
  serveTrace,
  singleEngine,
  stepModel,
} from "kvtier";
import { compareLatencies } from "../../serving/fit/latencies.ts";
import { readMeasured } from "../../serving/fit/input.ts";
import { readRequestLog } from "../../serving/fit/request_log.ts";
import { engineRequests } from "../../serving/reference/requests.ts";

const DATA = "tests/data/serving/";

for (
  const [prefix, profile, blocks, maxSequences] of [
    ["rtx4090", "rtx4090-llama-3.1-8b", 2_588, 256],
    ["rtxpro6000", "rtxpro6000-llama-3.1-8b", 32_000, 128],
  ] as const
) {
  Deno.test(`${profile}: the Wasm engine serves as measured, and as its twin does`, async () => {
    const log = readRequestLog(await readMeasured(`${DATA}${prefix}_llama8b_requests.jsonl.gz`));
    const prompts = await openTrace(`${DATA}sharegpt_llama8b_300.blk16.mooncake.jsonl.gz`);
    const { model, device, efficiency } = await loadProfile(profile);
    const shape = computable(await loadModel(model));
    const step = stepModel(shape, await loadDevice(device), { efficiency });
    const trace = {
      ...prompts,
      requests: {
        ...prompts.requests,
        arrivalNs: Float64Array.from(log, ({ arrivalNs }) => arrivalNs),
        outputTokens: Uint32Array.from(log, ({ outputTokens }) => outputTokens),
      },
    };
    const engine = { blocks, maxSequences, tokenBudget: 2_048 };
    const { requests } = serveTrace(singleEngine(step, engine), trace);
    const served = log.map(({ arrivalNs }, row) => ({
      arrivalNs,
      firstTokenNs: requests.firstTokenNs[row],
      lastTokenNs: requests.finishNs[row],
    }));
    for (const { name, rows: [{ observedNs, predictedNs }] } of compareLatencies(log, served)) {
      const off = predictedNs / observedNs - 1;
      assert(Math.abs(off) < 0.07, `${name} ${off}`);
    }
    const twin = serveReference(engineRequests(log, 16, prompts, prefix), {
      step,
      blocks,
      sequencesMax: maxSequences,
      tokenBudget: 2_048,
    });
    const asLogged = twin.requests.map((each, row) => ({ ...log[row], ...each }));
    const preempts = twin.requests.some(({ preemptions }) => preemptions > 0);
    for (const { name, rows } of compareLatencies(asLogged, served)) {
      for (const { statistic, observedNs, predictedNs } of rows) {
        const off = predictedNs / observedNs - 1;
        // Without preemptions the two do the same; whom to admit after one is a matter of taste.
        assert(Math.abs(off) < (preempts ? 0.01 : 1e-5), `${name} ${statistic} ${off}`);
      }
    }
  });
}
