/**
 * The curves of a trace: each policy by the cheapest way that is exact.
 *
 * @module
 */
import { ABI_VERSION } from "../assembly/abi.ts";
import { choosePolicies, resolveCapacities } from "../engine/choices.ts";
import { summarize } from "../engine/compare.ts";
import { FoldedReplayer } from "../engine/folded.ts";
import { registry } from "../engine/registry.ts";
import type { Touch } from "../engine/result.ts";
import type { ReuseRuns } from "../engine/reuse_runs.ts";
import { ENGINE_HASH } from "../engine/wasm.ts";
import { isPrefixTree } from "../traces/prefix_tree.ts";
import type { Trace } from "../traces/trace.ts";
import { type Curve, type CurvePoint, hitsAt, roundCapacities } from "./curve.ts";
import { curveHash } from "./curve_hash.ts";
import { curveGroups } from "./groups.ts";
import { lruCurve } from "./lru_curve.ts";
import { optimumCurve } from "./optimum_curve.ts";
import { parseGroupKey } from "./parts.ts";
import { replayedCurve } from "./policy_curve.ts";
import { type ReplayAll, replayInTurn, type ReplayJob } from "./replays.ts";
import type { CurveResult } from "./result.ts";
import { sampledCurve, type Sampling } from "./sampled_curve.ts";

/** Which curves to make; everything has a default. */
export interface CurveOptions {
  /** Policies as `compare` takes them. Default {@linkcode DEFAULT_CURVES}. */
  readonly policies?: readonly string[];
  /** Capacities to pick, as `compare` takes them; without it, whole curves. */
  readonly at?: readonly string[];
  /** Default `tail-first`. */
  readonly touch?: Touch;
  /** Seed of policies that draw random numbers, and of samples. Default 42. */
  readonly seed?: number;
  /** Bytes of one full block; needed when a capacity is given in bytes. */
  readonly blockBytes?: number;
  /** Also LRU's curve of each `tenant`, `turn`, `kind`, `session-length`, `window` or `window=12`. */
  readonly by?: string;
  /** LRU from samples of the blocks, for a trace whose reuse table is too large. */
  readonly sample?: Omit<Sampling, "seed">;
  /** Most replays for the optimum's curve; by the size of the trace unless told. */
  readonly replaysMax?: number;
  /** Replays policies that have no curve of their own; one after the other unless told. */
  readonly replayAll?: ReplayAll;
  /** Another build of the engine, such as `engine.check.wasm`. */
  readonly module?: WebAssembly.Module;
  /** Called after each replay; `total` is 0 where nobody knows. May throw to stop. */
  readonly onProgress?: (done: number, total: number, run: string) => void;
}

/** LRU, which serving engines run, and the bound. */
export const DEFAULT_CURVES: readonly string[] = ["lru", "optimal"];

/** Extents that replays of the optimum may pass, all together, unless told. */
const OPTIMUM_EXTENTS = 10_000_000;

/** Replays that the optimum gets however long the trace is. */
const OPTIMUM_REPLAYS_AT_LEAST = 24;

/** Policies that the folded engine replays. */
type FoldedPolicy = "fifo" | "optimal";

/**
 * Hits over capacities. LRU's curve is exact at every capacity; the optimum's too, unless it would
 * take too many replays, and then says how far off it may be; other policies are replayed at the
 * capacities of {@linkcode roundCapacities}.
 *
 * @throws {UsageError} For a name, parameter, capacity or part that makes no sense.
 * @throws {EngineError} If the trace does not fit in 4 GiB.
 *
 * @example How much memory does LRU need for what the optimum hits with four blocks?
 * ```ts
 * import { capacityFor, hitsAt, TraceBuilder, traceCurves } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 3]] }).add({ runs: [[9, 3]] });
 * const { curves: [lru, optimal] } = await traceCurves(await builder.build());
 * const hits = hitsAt(optimal.points, 4);
 * assertEquals([hits, capacityFor(lru.points, hits)], [8, 5]);
 * ```
 */
export async function traceCurves(
  trace: Trace,
  options: CurveOptions = {},
): Promise<CurveResult> {
  const { touch = "tail-first", seed = 42, blockBytes, by, sample } = options;
  const policies = choosePolicies(registry(), options.policies ?? DEFAULT_CURVES)
    .map(({ label }) => label);
  const at = options.at === undefined
    ? undefined
    : resolveCapacities(options.at, trace, blockBytes).sort((a, b) => a - b);
  const maker = new Maker(trace, { ...options, touch, seed }, at);
  const groups = by === undefined ? [] : maker.groups(by);
  const content = {
    trace: summarize(trace),
    engine: { hash: ENGINE_HASH, abiVersion: ABI_VERSION },
    ...(blockBytes === undefined ? {} : { blockBytes }),
    touch,
    seed,
    ceilingHits: trace.accesses - trace.uniqueBlocks,
    ...(at === undefined ? {} : { at }),
    ...(sample === undefined ? {} : { sampling: { ...sample, seed } }),
    curves: await maker.curves(policies),
    groups,
  };
  return { ...content, resultHash: await curveHash(content) };
}

class Maker {
  private readonly folded: FoldedReplayer;
  private reuseRuns: ReuseRuns | undefined;

  constructor(
    private readonly trace: Trace,
    private readonly options: CurveOptions & { readonly touch: Touch; readonly seed: number },
    private readonly at: readonly number[] | undefined,
  ) {
    this.folded = new FoldedReplayer(trace, options.module);
  }

  async curves(policies: readonly string[]): Promise<Curve[]> {
    const replayed = await this.replayed(policies.filter((each) => !isFolded(each)));
    return policies.map((policy) => {
      const found = replayed.get(policy);
      if (found !== undefined) return found;
      if (policy === "lru") return this.picked(this.lru());
      return policy === "optimal" ? this.optimum() : this.foldedCurve(policy as FoldedPolicy);
    });
  }

  groups(text: string) {
    const { by, windows } = parseGroupKey(text);
    return curveGroups(this.trace, this.reuse(), by, windows)
      .map((group) => ({ ...group, curve: this.picked(group.curve) }));
  }

  private reuse(): ReuseRuns {
    return this.reuseRuns ??= this.folded.reuse(this.options.touch);
  }

  private lru(): Curve {
    const { sample, seed, touch, module } = this.options;
    if (sample === undefined) return lruCurve(this.reuse());
    return sampledCurve(
      this.trace,
      { ...sample, seed },
      (part) => new FoldedReplayer(part, module).reuse(touch),
    );
  }

  private optimum(): Curve {
    if (this.at !== undefined) return this.foldedCurve("optimal");
    const { trace, options: { touch, onProgress } } = this;
    const budget = Math.floor(OPTIMUM_EXTENTS / Math.max(1, trace.extents.firstBlock.length));
    return optimumCurve((blocks) => this.folded.optimal(blocks, touch), {
      uniqueBlocks: trace.uniqueBlocks,
      ceilingHits: trace.accesses - trace.uniqueBlocks,
      isPrefixTree: isPrefixTree(trace),
      replaysMax: this.options.replaysMax ?? Math.max(OPTIMUM_REPLAYS_AT_LEAST, budget),
      onReplay: (made) => onProgress?.(made, 0, "optimal"),
    });
  }

  private foldedCurve(policy: FoldedPolicy): Curve {
    const capacities = this.capacities();
    const found = capacities.map((blocks, index) => {
      const hits = this.folded[policy](blocks, this.options.touch);
      this.options.onProgress?.(index + 1, capacities.length, policy);
      return hits;
    });
    return this.settled(replayedCurve(policy, capacities, found));
  }

  private async replayed(policies: readonly string[]): Promise<Map<string, Curve>> {
    const capacities = this.capacities();
    const jobs = policies.flatMap((policy) =>
      capacities.map((capacityBlocks): ReplayJob => ({ policy, capacityBlocks }))
    );
    if (jobs.length === 0) return new Map();
    const { onProgress, replayAll = replayInTurn(this.trace, this.options) } = this.options;
    const found = await replayAll(jobs, (done, { policy, capacityBlocks }) => {
      onProgress?.(done, jobs.length, `${policy} at ${capacityBlocks}`);
    });
    const each = capacities.length;
    return new Map(policies.map((policy, index) => {
      const hits = found.slice(index * each, (index + 1) * each);
      return [policy, this.settled(replayedCurve(policy, capacities, hits))];
    }));
  }

  private capacities(): readonly number[] {
    return this.at ?? roundCapacities(this.trace.uniqueBlocks);
  }

  /** A curve at the picked capacities, where some were. */
  private picked(curve: Curve): Curve {
    const { at } = this;
    if (at === undefined) return curve;
    const pick = (points: readonly CurvePoint[]) =>
      at.map((blocks): CurvePoint => [blocks, Math.round(hitsAt(points, blocks))]);
    return { ...curve, points: pick(curve.points), prefixPoints: pick(curve.prefixPoints) };
  }

  /** Picked points are exact, and nothing is said of what is between them. */
  private settled(curve: Curve): Curve {
    return this.at === undefined ? curve : { ...curve, exact: true, errorHits: 0 };
  }
}

function isFolded(policy: string): boolean {
  return ["lru", "fifo", "optimal"].includes(policy);
}
