/**
 * The queue of a link against Mooncake's measured transfers (FAST 2025, figure 13b): mean time of a
 * transfer over what its bytes need, from 24 to 400 Gbit/s.
 *
 * The paper does not say how transfers came. Two things are chosen here so that the two slowest
 * links fit, and nothing for the other five: a load of 20.5 Gbit/s, and gaps between transfers that
 * are sums of two exponential ones (Erlang-2), steadier than Poisson's, as of an engine that
 * computes one prompt after the other. Exponential gaps miss the measurements, whatever the load.
 *
 * ```
 * Gbit/s      24    40    80    100   160   320   400
 * measured  2.38  1.21  1.07  1.05  1.04  1.02  1.02
 * here      2.39  1.19  1.04  1.03  1.01  1.00  1.00
 * ```
 */
import { assert } from "@std/assert";
import { serveTrace, type ServingSpec, singleEngine } from "kvtier";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { numbersFrom } from "../support/traces.ts";

/** Seconds of a transfer, from the figure: what was measured, and what the bytes need. */
const FIGURE_13B = [
  { gigabits: 24, measured: 3.649, ideal: 1.536 },
  { gigabits: 40, measured: 1.134, ideal: 0.936 },
  { gigabits: 80, measured: 0.510, ideal: 0.478 },
  { gigabits: 100, measured: 0.403, ideal: 0.383 },
  { gigabits: 160, measured: 0.251, ideal: 0.242 },
  { gigabits: 320, measured: 0.125, ideal: 0.123 },
  { gigabits: 400, measured: 0.102, ideal: 0.100 },
];

/** A thousandth of the paper's transfers, over links with a thousandth of the bandwidth. */
const TRANSFER_BYTES = 4_680_000;
const SCALE = 1_000;
const TRANSFERS = 20_000;
const LOAD_GIGABITS = 20.5;

/** Prompts that are computed at once and handed over whole, so that only their KV takes time. */
function transfers(loadGigabits: number, stages: number): Row[] {
  const next = numbersFrom(7);
  const exponential = () => -Math.log((next() + 1) / 2 ** 32);
  const gapNs = TRANSFER_BYTES * 8 * SCALE / loadGigabits;
  let now = 0;
  return Array.from({ length: TRANSFERS }, (_, r) => {
    for (let stage = 0; stage < stages; stage++) now += exponential() * gapNs / stages;
    return { arrivalNs: Math.round(now), blocks: [r], inputTokens: 1, outputTokens: 2 };
  });
}

/** Mean time of a transfer over the time that its bytes need. */
function congestion(gigabits: number, rows: readonly Row[]): number {
  const room = { blocks: 1 << 17, maxSequences: 1 << 16, tokenBudget: 1 << 16 };
  const base = singleEngine({ ...STEP, stepNs: 1, tokenNs: 0 }, room);
  const bytesPerSecond = gigabits * 1e9 / 8 / SCALE;
  const spec: ServingSpec = {
    ...base,
    blockBytes: TRANSFER_BYTES,
    closedLoop: false,
    discipline: "fifo",
    handover: "push",
    links: [{ name: "port", latencyNs: 0, bytesPerSecond }],
    replicas: [
      { ...base.replicas[0], node: 0, role: "prefill", linkOut: 0 },
      { ...base.replicas[0], node: 1, role: "decode" },
    ],
  };
  const { requests } = serveTrace(spec, loadOf(rows, 4_096));
  let sum = 0;
  for (let r = 0; r < rows.length; r++) sum += requests.decodeStartNs[r] - requests.firstTokenNs[r];
  return sum / rows.length / (TRANSFER_BYTES * 1e9 / bytesPerSecond);
}

/** The largest relative error over the figure. */
function worst(rows: readonly Row[]): number {
  const errors = FIGURE_13B.map(({ gigabits, measured, ideal }) =>
    Math.abs(congestion(gigabits, rows) / (measured / ideal) - 1)
  );
  return Math.max(...errors);
}

Deno.test("FAST'25 figure 13b: congestion of a link within 10 % from 24 to 400 Gbit/s", () => {
  const found = worst(transfers(LOAD_GIGABITS, 2));
  assert(found < 0.05, `${found}`);
});

Deno.test("figure 13b needs steadier arrivals than Poisson's, at any load", () => {
  for (const load of [13, 15, 17, 19]) {
    const found = worst(transfers(load, 1));
    assert(found > 0.1, `${load} Gbit/s: ${found}`);
  }
});
