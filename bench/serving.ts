/**
 * The serving simulation: events per second, and 10,240 GPUs for an hour.
 *
 * ```sh
 * deno run --allow-all bench/serving.ts [--smoke] [--fleets=70b,8b] [--copies=120] [--router=…]
 * ```
 *
 * A fleet serves an hour of Mooncake's conversation traffic, copied until its GPUs are busy. Wall
 * and CPU time are of the simulation alone: placing the trace, simulating, reading the result.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import process from "node:process";
import { serveTrace } from "../engine/serving.ts";
import type { ServingResult } from "../engine/serving_result.ts";
import { type ServingSpec, singleEngine } from "../engine/serving_spec.ts";
import { loadModel } from "../scenario/load.ts";
import { bytesPerToken } from "../scenario/models.ts";
import { loadDevice } from "../serving/device.ts";
import { kvRoom } from "../serving/kv_room.ts";
import { stepModel } from "../serving/step_constants.ts";
import { computable } from "../serving/weights.ts";
import { textTable } from "./clock.ts";
import { fleetLoad } from "./fleet.ts";
import { mooncake } from "./traces.ts";

const HOUR_NS = 3_600e9;
const GPUS = 10_240;
/** kvcache-sim, 10,240 GPUs, 8,000 requests in 39 simulated seconds: CPU seconds, and active GPUs. */
const SEED = { cpuSeconds: 589, requests: 8_000, activeGpus: 908 };

interface Fleet {
  readonly name: string;
  readonly model: string;
  readonly gpusPerReplica: number;
  /** Copies of the trace that keep it busy. */
  readonly copies: number;
}
const FLEETS: readonly Fleet[] = [
  { name: "70b", model: "llama-3.1-70b", gpusPerReplica: 8, copies: 160 },
  { name: "8b", model: "llama-3.1-8b", gpusPerReplica: 1, copies: 400 },
];

async function specOf(fleet: Fleet, replicas: number, router: string): Promise<ServingSpec> {
  const model = computable(await loadModel(fleet.model));
  const device = await loadDevice("h100-sxm");
  const tensorParallel = fleet.gpusPerReplica;
  const step = stepModel(model, device, { tensorParallel });
  const room = kvRoom(model, device, { tensorParallel });
  const engine = { blocks: Math.floor(room.tokens / 512), maxSequences: 256, tokenBudget: 8_192 };
  return {
    ...singleEngine(step, engine, replicas),
    router,
    blockBytes: Math.ceil(512 * bytesPerToken(model)),
  };
}

interface Timed {
  readonly result: ServingResult;
  readonly wall: number;
  readonly cpu: number;
}

function timed(body: () => ServingResult): Timed {
  const before = process.cpuUsage();
  const start = performance.now();
  const result = body();
  const wall = (performance.now() - start) / 1e3;
  const { user, system } = process.cpuUsage(before);
  return { result, wall, cpu: (user + system) / 1e6 };
}

function rowsOf(fleet: Fleet, { result, wall, cpu }: Timed): string[][] {
  const busy = result.replicas.reduce((sum, { busyNs }) => sum + busyNs, 0);
  const active = result.replicas.filter(({ requests }) => requests > 0).length;
  const { requests } = result;
  const ttft = requests.firstTokenNs.map((ns, r) => ns - requests.arrivalNs[r]).sort();
  const share = (part: number) => `${(part * 100).toFixed(1)} %`;
  return [
    ["GPUs", String(result.replicas.length * fleet.gpusPerReplica)],
    ["replicas", String(result.replicas.length)],
    ["requests", String(requests.state.length)],
    ["finished", String(result.finished)],
    ["replicas that served", share(active / result.replicas.length)],
    ["replicas busy, mean over time", share(busy / result.replicas.length / result.endNs)],
    ["simulated seconds", (result.endNs / 1e9).toFixed(0)],
    ["median TTFT, ms", (ttft[ttft.length >> 1] / 1e6).toFixed(0)],
    ["events", String(result.events)],
    ["steps", String(result.steps)],
    ["wall seconds", wall.toFixed(1)],
    ["CPU seconds", cpu.toFixed(1)],
    ["events per CPU second", (result.events / cpu / 1e6).toFixed(2) + " M"],
    ["steps per CPU second", (result.steps / cpu / 1e6).toFixed(1) + " M"],
    ["times real time", (result.endNs / 1e9 / wall).toFixed(0)],
    ["engine memory, MiB", (result.memoryBytes / 2 ** 20).toFixed(0)],
    ["process memory, MiB", (process.memoryUsage().rss / 2 ** 20).toFixed(0)],
    ["CPU ms per request", (cpu / requests.state.length * 1e3).toFixed(3)],
  ];
}

if (import.meta.main) {
  const options = parseArgs(Deno.args, {
    string: ["fleets", "copies", "router"],
    boolean: ["smoke"],
  });
  const names = String(options.fleets ?? "70b,8b").split(",");
  const trace = await mooncake("conversation_trace.jsonl.gz");
  for (const fleet of FLEETS.filter(({ name }) => names.includes(name))) {
    const replicas = options.smoke ? 8 : GPUS / fleet.gpusPerReplica;
    const copies = options.smoke ? 1 : Number(options.copies ?? fleet.copies);
    const spec = await specOf(fleet, replicas, String(options.router ?? "round-robin"));
    const load = fleetLoad(trace, copies, HOUR_NS);
    const run = timed(() => serveTrace(spec, load));
    console.log(`${fleet.model}, ${fleet.gpusPerReplica} GPUs a replica, router ${spec.router}`);
    console.log(textTable(rowsOf(fleet, run)));
    if (run.result.finished + run.result.refused !== load.requestCount) Deno.exit(1);
  }
  const each = SEED.cpuSeconds / SEED.requests * 1e3;
  console.log(
    `kvcache-sim (pinned, ${SEED.activeGpus} GPUs active): ${SEED.cpuSeconds} CPU seconds for ` +
      `${SEED.requests} requests, ${each.toFixed(1)} CPU ms per request`,
  );
}
