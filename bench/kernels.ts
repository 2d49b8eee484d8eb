/**
 * Kernels against their plain-JavaScript twins, and against libCacheSim's pinned figures.
 *
 * ```sh
 * deno task bench [--quick|--smoke] [--rounds=5] [--c] [--only=lru,arc] [--traces=zipf-1]
 * ```
 *
 * Kernel and twin take turns; CPU time, best of the rounds. The kernel's time is the whole replay:
 * opening the run, clearing its tables, and measuring every hit ratio.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Counters, Replayer } from "../engine/replayer.ts";
import type { Trace } from "../traces/trace.ts";
import { runC } from "./c/run.ts";
import { cpuSeconds, textTable } from "./clock.ts";
import { benchTrace, expand, TRACE_NAMES, type TraceName } from "./traces.ts";
import { arc, optimal, optimalDemand } from "./twins/bitsets.ts";
import { gdsf, lfu } from "./twins/frequency.ts";
import { clock, fifo, lru, sieve } from "./twins/queues.ts";
import { s3Fifo } from "./twins/s3_fifo.ts";
import { type Twin, type TwinColumns, twinColumns } from "./twins/twin.ts";

const TWINS: Readonly<Record<string, Twin>> = {
  "lru": lru,
  "fifo": fifo,
  "clock": clock,
  "sieve": sieve,
  "s3-fifo": s3Fifo,
  "lfu": lfu,
  "arc": arc,
  "gdsf": gdsf,
  "optimal": optimal,
  "optimal-demand": optimalDemand,
};

/** A round replays at least so many accesses, so that the clock's grain does not show. */
const ROUND_ACCESSES = 4_000_000;
const CAPACITY_PART = 0.1;

interface Options {
  readonly quick: boolean;
  readonly rounds: number;
  readonly policies: readonly string[];
  readonly traces: readonly TraceName[];
  readonly c: boolean;
}

interface Row {
  readonly trace: TraceName;
  readonly policy: string;
  readonly hits: number;
  readonly nsKernel: number;
  readonly nsTwin: number;
  readonly nsC?: number;
  /** The better of libCacheSim's pinned figures, M accesses per CPU-second. */
  readonly pinned?: number;
}

function options(): Options {
  const args = parseArgs(Deno.args, {
    boolean: ["quick", "smoke", "c"],
    string: ["only", "traces", "rounds"],
  });
  const chosen = <T extends string>(list: unknown, all: readonly T[]) =>
    list === undefined ? all : all.filter((name) => String(list).split(",").includes(name));
  // A smoke run asks whether the answers agree, and looks at no number.
  const smoke = args.smoke === true;
  return {
    quick: args.quick === true,
    c: args.c === true,
    rounds: Number(args.rounds ?? (smoke ? 1 : args.quick === true ? 3 : 5)),
    policies: chosen(args.only, Object.keys(TWINS)),
    traces: chosen(args.traces ?? (smoke ? "conversation,synthetic" : undefined), TRACE_NAMES),
  };
}

/** `trace,policy` to the better of the two pinned columns. */
function pinnedFigures(): Map<string, number> {
  const file = new URL("libcachesim_figures.csv", import.meta.url);
  const lines = Deno.readTextFileSync(file).split("\n").filter((line) => !line.startsWith("#"));
  return new Map(
    lines.slice(1).filter((line) => line !== "").map((line) => {
      const [trace, policy, cli, tuned] = line.split(",");
      return [`${trace},${policy}`, Math.max(Number(cli), Number(tuned))];
    }),
  );
}

/** One trace, in Wasm and in JavaScript. */
class Contest {
  private readonly replayer: Replayer;
  private readonly columns: TwinColumns;
  private readonly out: Uint8Array;
  private readonly repeats: number;
  readonly capacityBlocks: number;

  constructor(private readonly trace: Trace) {
    this.replayer = new Replayer(trace);
    this.columns = twinColumns(expand(trace).block, trace.uniqueBlocks);
    this.out = new Uint8Array(trace.accesses);
    this.repeats = Math.ceil(ROUND_ACCESSES / trace.accesses);
    this.capacityBlocks = Math.floor(trace.uniqueBlocks * CAPACITY_PART);
  }

  kernel(policy: string): Counters {
    return this.replayer.run({
      policy: this.replayer.registry.policy(policy),
      admission: this.replayer.registry.admitter("always"),
      capacityBlocks: this.capacityBlocks,
      touch: "root-first",
      seed: 1,
      engine: "kernel",
    });
  }

  twin(policy: string): number {
    return TWINS[policy](this.columns, this.capacityBlocks, this.out);
  }

  /** Best nanoseconds per access of each, taking turns. */
  compare(policy: string, rounds: number): { hits: number; nsKernel: number; nsTwin: number } {
    const { hits } = this.kernel(policy);
    if (this.twin(policy) !== hits) {
      console.error(`${policy} on ${this.trace.path}: kernel ${hits} hits, twin another number`);
      Deno.exit(1);
    }
    let nsKernel = Infinity;
    let nsTwin = Infinity;
    for (let round = 0; round < rounds; round++) {
      nsKernel = Math.min(nsKernel, this.time(() => this.kernel(policy)));
      nsTwin = Math.min(nsTwin, this.time(() => this.twin(policy)));
    }
    return { hits, nsKernel, nsTwin };
  }

  private time(body: () => unknown): number {
    const { seconds } = cpuSeconds(() => {
      for (let i = 0; i < this.repeats; i++) body();
    });
    return seconds * 1e9 / (this.repeats * this.trace.accesses);
  }

  /** Nanoseconds per access of the flat C twin, where there is one and a compiler. */
  async c(policy: string, hits: number): Promise<number | undefined> {
    const found = await runC(policy, this.columns, this.capacityBlocks, this.repeats);
    if (found !== undefined && found.hits !== hits) {
      console.error(`${policy} on ${this.trace.path}: kernel ${hits} hits, C ${found.hits}`);
      Deno.exit(1);
    }
    return found?.ns;
  }
}

function report(rows: readonly Row[]): string {
  const ratio = (value: number | undefined) => value === undefined ? "" : value.toFixed(2);
  const head = ["trace", "policy", "hits", "ns", "M/s", "× JS twin", "× C twin", "× lCS pinned"];
  const body = rows.map((row) => {
    const rate = 1000 / row.nsKernel;
    return [
      row.trace,
      row.policy,
      String(row.hits),
      row.nsKernel.toFixed(2),
      rate.toFixed(0),
      ratio(row.nsTwin / row.nsKernel),
      ratio(row.nsC === undefined ? undefined : row.nsC / row.nsKernel),
      row.pinned === undefined ? "" : (rate / row.pinned).toFixed(1),
    ];
  });
  return textTable([head, ...body], 2);
}

/** A hash of every hit count: two benchmarks that print the same did the same work. */
async function answerHash(rows: readonly Row[]): Promise<string> {
  const text = rows.map((row) => `${row.trace},${row.policy},${row.hits}`).join("\n");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(
    new Uint8Array(digest).subarray(0, 8),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

const { quick, rounds, policies, traces, c } = options();
const pinned = pinnedFigures();
const rows: Row[] = [];
for (const name of traces) {
  const contest = new Contest(await benchTrace(name, quick));
  for (const policy of policies) {
    const found = contest.compare(policy, rounds);
    // The optimum with bypass is measured by the nearest thing that libCacheSim has.
    const rival = policy === "optimal" ? "optimal-demand" : policy;
    const nsC = c ? await contest.c(policy, found.hits) : undefined;
    rows.push({ trace: name, policy, ...found, nsC, pinned: pinned.get(`${name},${rival}`) });
    console.error(`${name} ${policy}: ${found.nsKernel.toFixed(2)} ns`);
  }
}
console.log(report(rows));
console.log(`\nanswers ${await answerHash(rows)}; CPU time, best of ${rounds} interleaved rounds`);
console.log("lCS pinned: figures of libCacheSim from another run and machine, not re-run here");
