/**
 * Several policies at several capacities on one trace, each beside the exact optimum.
 *
 * @module
 */
import { ABI_VERSION } from "../assembly/abi.ts";
import { UsageError } from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";
import { freeStart } from "./free_start.ts";
import type { LearnedWindow } from "./learn_report.ts";
import { choosePolicies, resolveCapacities } from "./choices.ts";
import { LEARNED, type PackedModel } from "./model.ts";
import type { Choice } from "./registry.ts";
import { type Counters, Replayer, type RunSpec } from "./replayer.ts";
import type { Comparison, RunResult, Touch, TraceSummary } from "./result.ts";
import { resultHash } from "./result_hash.ts";
import { ENGINE_HASH } from "./wasm.ts";

/** Trained models of a comparison. */
export interface LearnedModels {
  readonly window: LearnedWindow;
  /** By capacity in blocks. */
  readonly models: ReadonlyMap<number, PackedModel>;
}

/** What to compare; everything has a default. */
export interface CompareOptions {
  /**
   * Policies by name, with parameters as `s3-fifo(small=0.2)`. `all` takes every one but the
   * variants, `variants` takes those. Default: {@linkcode DEFAULT_POLICIES}.
   */
  readonly policies?: readonly string[];
  /** Blocks (`"1000"`), shares of the unique blocks (`"5%"`), bytes (`"64GiB"`). */
  readonly capacities?: readonly string[];
  /** Default `tail-first`, as serving engines do; libCacheSim's order is `root-first`. */
  readonly touch?: Touch;
  /** Admitter by name, for all but the bounds, which admit everything. Default `always`. */
  readonly admission?: string;
  /** Seed of every random stream; a non-negative safe integer. Default 42. */
  readonly seed?: number;
  /** Bytes of one full block; needed when a capacity is given in bytes. */
  readonly blockBytes?: number;
  /**
   * What the policy `learned` goes by; without one it is LRU. The replay is of the whole trace: for
   * a model that was trained on a part of it, ask `compareLearned`.
   */
  readonly model?: PackedModel;
  /**
   * Models of `learned` by capacity, and what they were trained on: a warm-up for every policy, and
   * not counted. The bounds may then hold at the start whatever they like of what was seen. Made by
   * `compareWithLearned`.
   */
  readonly learned?: LearnedModels;
  /** Another build of the engine, such as `engine.check.wasm`. */
  readonly module?: WebAssembly.Module;
  /** `general` replays everything without kernels; the result must not differ. */
  readonly engine?: "auto" | "general";
  /** Called between slices with work done and work in all, both in accesses; may throw to stop. */
  readonly onProgress?: (done: number, total: number, run: string) => void;
}

/** Seven policies that a serving engineer will ask for first, and the bound. */
export const DEFAULT_POLICIES: readonly string[] = [
  "fifo",
  "lru",
  "clock",
  "lfu",
  "arc",
  "s3-fifo",
  "sieve",
  "optimal",
];

/** From a hundredth of the distinct blocks to half of them. */
export const DEFAULT_CAPACITIES: readonly string[] = ["1%", "5%", "10%", "25%", "50%"];

/**
 * Replays a trace under every policy at every capacity.
 *
 * @returns Results capacity by capacity, policies in the order asked for; the optimum and LRU at
 * each capacity stand in every row, whether asked for or not.
 * @throws {UsageError} For a name, parameter or capacity that makes no sense.
 * @throws {EngineError} If a tier cannot hold one block, or the trace does not fit in 4 GiB.
 *
 * @example The 600-block loop over 500 slots: LRU never hits, the optimum keeps most of it
 * ```ts
 * import { compare, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 10; round++) builder.add({ runs: [[0, 600]] });
 * const { results } = await compare(await builder.build(), {
 *   policies: ["lru", "optimal-demand"],
 *   capacities: ["500"],
 *   touch: "root-first",
 * });
 * assertEquals(results.map((result) => result.hits), [0, 4500]);
 * ```
 */
export async function compare(trace: Trace, options: CompareOptions = {}): Promise<Comparison> {
  const replayer = new Replayer(trace, options.module);
  const policies = choosePolicies(replayer.registry, options.policies ?? DEFAULT_POLICIES);
  const blocks = resolveCapacities(
    options.capacities ?? DEFAULT_CAPACITIES,
    trace,
    options.blockBytes,
  );
  const seed = options.seed ?? 42;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError({
      code: "usage/seed",
      message: "Cannot compare: the seed is not a whole number",
      found: String(seed),
      expected: "a whole number from 0 to 9007199254740991",
    });
  }
  const admission = replayer.registry.admitter(options.admission ?? "always");
  const session = new Session(replayer, trace, options, blocks.length * (policies.length + 2));
  const results = blocks.flatMap((capacityBlocks) => {
    const model = options.learned?.models.get(capacityBlocks) ?? options.model;
    const common = { capacityBlocks, touch: options.touch ?? "tail-first", seed } as const;
    const optimal = session.bound("optimal", common);
    const lru = session.bound("lru", common);
    return policies.map((policy) => {
      const spec: RunSpec = {
        ...common,
        policy,
        admission: policy.entry.oracle ? replayer.registry.admitter("always") : admission,
        engine: options.engine ?? "auto",
        model,
      };
      return toResult(spec, session.run(spec), optimal, lru);
    });
  });
  const content = {
    trace: summarize(trace),
    engine: { hash: ENGINE_HASH, abiVersion: ABI_VERSION },
    ...(options.blockBytes === undefined ? {} : { blockBytes: options.blockBytes }),
    ...(options.model === undefined ? {} : { modelHash: options.model.hash }),
    ...(options.learned === undefined ? {} : { learned: options.learned.window }),
    results,
  };
  return { ...content, resultHash: await resultHash(content) };
}

/** The runs of one comparison, each made once, with progress over all of them. */
class Session {
  private readonly made = new Map<string, Counters>();
  private done = 0;
  /** For oracles, when counting begins late. */
  private free: Replayer | undefined;

  constructor(
    private readonly replayer: Replayer,
    private readonly trace: Trace,
    private readonly options: CompareOptions,
    private readonly runs: number,
  ) {}

  run(spec: RunSpec): Counters {
    const { policy, admission, capacityBlocks } = spec;
    const engine = policy.entry.general ? spec.engine ?? "auto" : "auto";
    const run = `${policy.label} ${admission.label} ${capacityBlocks}`;
    const key = `${run} ${engine}`;
    let counters = this.made.get(key);
    if (counters === undefined) {
      const total = this.trace.accesses * this.runs;
      const { onProgress } = this.options;
      const { replayer, warmupRequests } = this.replayerFor(policy);
      counters = replayer.run(
        { ...spec, engine, warmupRequests },
        onProgress && ((done) => onProgress(this.done + done, total, run)),
      );
      this.made.set(key, counters);
    }
    this.done += this.trace.accesses;
    return counters;
  }

  /** Oracles count what no other policy can exceed; everybody else warms up first. */
  private replayerFor({ entry }: Choice): { replayer: Replayer; warmupRequests: number } {
    const learnRequests = this.options.learned?.window.learnRequests ?? 0;
    if (!entry.oracle || learnRequests === 0) {
      return { replayer: this.replayer, warmupRequests: learnRequests };
    }
    this.free ??= new Replayer(freeStart(this.trace, learnRequests), this.options.module);
    return { replayer: this.free, warmupRequests: 1 };
  }

  /** The optimum and LRU admit everything: a filter must not lower the bar it is measured by. */
  bound(name: string, common: Pick<RunSpec, "capacityBlocks" | "touch" | "seed">): Counters {
    const { registry } = this.replayer;
    const admission = registry.admitter("always");
    return this.run({ ...common, policy: registry.policy(name), admission });
  }
}

function toResult(
  spec: RunSpec,
  counters: Counters,
  optimal: Counters,
  lru: Counters,
): RunResult {
  const { entry, values } = spec.policy;
  return {
    policy: entry.name,
    parameters: Object.fromEntries(entry.parameters.map(({ name }, i) => [name, values[i]])),
    capacityBlocks: spec.capacityBlocks,
    touch: spec.touch,
    admission: spec.admission.label,
    seed: spec.seed,
    seeded: entry.seeded,
    ...counters,
    misses: counters.accesses - counters.hits,
    optimalHits: optimal.hits,
    optimalPrefixHits: optimal.prefixHits,
    lruHits: lru.hits,
    lruPrefixHits: lru.prefixHits,
    ...(entry.name === LEARNED && spec.model !== undefined ? { modelHash: spec.model.hash } : {}),
  };
}

/** The facts of a trace that results repeat. */
export function summarize(trace: Trace): TraceSummary {
  return {
    path: trace.path,
    format: trace.format,
    requests: trace.requestCount,
    accesses: trace.accesses,
    uniqueBlocks: trace.uniqueBlocks,
    blockTokens: trace.blockTokens,
    extents: trace.extents.firstBlock.length,
    reuse: trace.reuse,
    hash: trace.hash,
    notes: trace.notes,
  };
}
