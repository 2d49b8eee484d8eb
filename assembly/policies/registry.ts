/**
 * Every policy by name, one line each. The order carries no meaning: names cross the boundary.
 */
import { Trait } from "../abi";
import { Engine } from "../engine";
import { enterAll, Stage } from "../hierarchy/stage";
import { KernelInput } from "../kernels/kernel";
import { ArcKernel } from "../kernels/arc";
import { ClockKernel } from "../kernels/clock";
import { FifoKernel } from "../kernels/fifo";
import { GdsfKernel } from "../kernels/gdsf";
import { LfuKernel } from "../kernels/lfu";
import { LruKernel } from "../kernels/lru";
import { OptimalKernel } from "../kernels/optimal";
import { OptimalDemandKernel } from "../kernels/optimal_demand";
import { S3FifoKernel } from "../kernels/s3_fifo";
import { SieveKernel } from "../kernels/sieve";
import { Arc } from "./arc";
import { Cacheus } from "./cacheus";
import { Clock } from "./clock";
import { CostAware } from "./cost_aware";
import { Fifo } from "./fifo";
import { Gdsf } from "./gdsf";
import { furthestNextUse, NextUses } from "./furthest_next_use";
import { FadingCounts, heavyHitter } from "./heavy_hitter";
import { Hyperbolic } from "./hyperbolic";
import { learned, Touches } from "./learned";
import { Importance } from "./importance";
import { lab, LabRule, LabState } from "./lab";
import { Lecar } from "./lecar";
import { LengthAware } from "./length_aware";
import { Lfu } from "./lfu";
import { LfuDa, LfuDaPaper } from "./lfu_da";
import { Lhd } from "./lhd";
import { Lirs } from "./lirs";
import { Lru } from "./lru";
import { Mru } from "./mru";
import { Env, Policy } from "./policy";
import { Qdlp } from "./qdlp";
import { RandomVictim } from "./random";
import { regretAware, Regrets } from "./regret_aware";
import { S3Fifo } from "./s3_fifo";
import { S3FifoPaper } from "./s3_fifo_paper";
import { Shared } from "./shared";
import { Sieve } from "./sieve";
import { SizeAwareLru } from "./size_aware_lru";
import { SlidingWindow } from "./sliding_window";
import { Slru } from "./slru";
import { SlruPaper } from "./slru_paper";
import { TwoQueue } from "./two_queue";
import { Window, windowedRecency } from "./windowed_recency";
import { WTinyLfu } from "./w_tinylfu";
import { WTinyLfuPaper } from "./w_tinylfu_paper";

/** Which columns of the trace a kernel reads besides the blocks. */
export enum Columns {
  None = 0,
  /** `previous` and `next` in the touch order of the run. */
  Uses = 1,
  /** `next` in root-first order, whatever the touch order: what an oracle needs. */
  Oracle = 2,
}

@final export class PolicyEntry {
  make: ((env: Env) => Policy) | null = null;
  kernel: ((input: KernelInput) => Engine) | null = null;
  shared: ((env: Env) => Shared) | null = null;
  /** How blocks that wait enter a tier of the policy. */
  enterAll: (stage: Stage, accepted: bool) => void = (stage, accepted) =>
    enterAll<Policy>(stage, accepted);
  columns: Columns = Columns.None;
  extra: u32 = 0;

  /** @param parameters Space-separated `name=default` pairs, at most eight. */
  constructor(readonly name: string, readonly parameters: string) {}

  /** The general engine and hierarchies run it by this policy. */
  policy(make: (env: Env) => Policy): PolicyEntry {
    this.make = make;
    return this;
  }

  /** Hierarchies have code for the policy's class `P` alone; its methods should be inlined. */
  staged<P extends Policy>(): PolicyEntry {
    this.enterAll = (stage: Stage, accepted: bool): void => enterAll<P>(stage, accepted);
    return this;
  }

  /** An exact specialisation for one tier of equal blocks and no admission filter. */
  fast(kernel: (input: KernelInput) => Engine, columns: Columns = Columns.None): PolicyEntry {
    this.kernel = kernel;
    this.columns = columns;
    return this;
  }

  /** What its instances in the tiers of a hierarchy know together. */
  sharing(make: (env: Env) => Shared): PolicyEntry {
    this.shared = make;
    return this;
  }

  trait(trait: Trait): PolicyEntry {
    this.extra |= trait;
    return this;
  }

  /** Whether the general engine runs it with the next uses of the trace. */
  foresees(): bool {
    return this.make != null && (this.extra & Trait.Oracle) != 0;
  }

  traits(): u32 {
    let traits = this.extra;
    if (this.make != null) traits |= Trait.General;
    if (this.kernel != null) traits |= Trait.Kernel;
    return traits;
  }
}

function entry(name: string, parameters: string = ""): PolicyEntry {
  return new PolicyEntry(name, parameters);
}

export const policies: PolicyEntry[] = [
  entry("fifo").policy((env) => new Fifo(env)).staged<Fifo>()
    .fast((input) => new FifoKernel(input)),
  entry("lru").policy((env) => new Lru(env)).staged<Lru>()
    .fast((input) => new LruKernel(input), Columns.Uses),
  entry("random").policy((env) => new RandomVictim(env)).trait(Trait.Seeded),
  entry("mru").policy((env) => new Mru(env)).staged<Mru>(),
  entry("clock", "bits=1:1:7").policy((env) => new Clock(env)).staged<Clock>()
    .fast((input) => new ClockKernel(input)),
  entry("lfu").policy((env) => new Lfu(env)).staged<Lfu>().fast((input) => new LfuKernel(input)),
  entry("lfu-da").policy((env) => new LfuDa(env)),
  entry("lfu-da-paper").policy((env) => new LfuDaPaper(env)).trait(Trait.Variant),
  entry("slru", "segments=4:1:16").policy((env) => new Slru(env)).staged<Slru>(),
  entry("slru-paper", "protected=0.8:0:1").policy((env) => new SlruPaper(env)).trait(Trait.Variant),
  entry("2q", "in=0.25:0:1 out=0.5:0:10").policy((env) => new TwoQueue(env)).staged<TwoQueue>(),
  entry("arc").policy((env) => new Arc(env)).staged<Arc>()
    .fast((input) => new ArcKernel(input), Columns.Uses),
  entry("lirs", "hir=0.01:0:1 stack=2:1:1000").policy((env) => new Lirs(env, false)),
  entry("lirs-paper", "hir=0.01:0:1").policy((env) => new Lirs(env, true)).trait(Trait.Variant),
  entry("s3-fifo", "small=0.1:0:1 ghost=0.9:0:10 threshold=2:1:3")
    .policy((env) => new S3Fifo(env)).staged<S3Fifo>().fast((input) => new S3FifoKernel(input)),
  entry("s3-fifo-paper", "small=0.1:0:1").policy((env) => new S3FifoPaper(env))
    .trait(Trait.Variant),
  entry("sieve").policy((env) => new Sieve(env)).staged<Sieve>()
    .fast((input) => new SieveKernel(input)),
  entry("qdlp", "small=0.1:0:1 ghost=0.9:0:10 threshold=1:1:100").policy((env) => new Qdlp(env)),
  entry("gdsf").policy((env) => new Gdsf(env)).fast((input) => new GdsfKernel(input)),
  entry("w-tinylfu", "window=0.01:0:1").policy((env) => new WTinyLfu(env)),
  entry("w-tinylfu-paper", "window=0.01:0:1 protected=0.8:0:1")
    .policy((env) => new WTinyLfuPaper(env)).trait(Trait.Variant),
  entry("hyperbolic", "sample=64:1:4096").policy((env) => new Hyperbolic(env, false))
    .trait(Trait.Seeded),
  entry("hyperbolic-paper", "sample=64:1:4096").policy((env) => new Hyperbolic(env, true))
    .trait(Trait.Seeded).trait(Trait.Variant),
  entry("lhd", "sample=32:1:4096 period=1048576:1024:1073741824").policy((env) => new Lhd(env))
    .trait(Trait.Seeded),
  entry("lecar", "rate=0.45:0:10 discount=0.005:0:1").policy((env) => new Lecar(env))
    .trait(Trait.Seeded),
  entry("cacheus", "rate=0:0:1").policy((env) => new Cacheus(env, false)).trait(Trait.Seeded),
  entry("cacheus-paper", "rate=0:0:1").policy((env) => new Cacheus(env, true))
    .trait(Trait.Seeded).trait(Trait.Variant),
  entry("length-aware").policy((env) => new LengthAware(env)),
  entry("size-aware-lru").policy((env) => new SizeAwareLru(env)),
  entry("learned").policy((env) => learned(env)).sharing((env) => new Touches(env)),
  entry("windowed-recency", "window=4:0.01:16").policy((env) => windowedRecency(env))
    .sharing((env) => new Window(env)),
  entry("heavy-hitter", "halfLife=1:0.001:1000").policy((env) => heavyHitter(env))
    .sharing((env) => new FadingCounts(env)),
  entry("cost-aware", "attention=0.0096:0:1000").policy((env) => new CostAware(env)),
  entry(
    "regret-aware",
    "horizon=1:0.001:1000 weight=1:0:1000 frequency=1:0:1000 recency=1:0:1 decay=0.5:0:1",
  ).policy((env) => regretAware(env)).sharing((env) => new Regrets(env)),
  entry("importance", "pin=0:0:4294967295 recency=1:0:1000 frequency=1:0:1000 depth=2:0:1000")
    .policy((env) => new Importance(env)),
  entry("sliding-window", "landmarks=8:0:4294967295 window=16:0:4294967295")
    .policy((env) => new SlidingWindow(env)),
  entry("lab-lru").policy((env) => lab(env, LabRule.Lru))
    .sharing((env) => new LabState(env, LabRule.Lru)).trait(Trait.Variant),
  entry("lab-windowed-recency", "window=32:1:1048576")
    .policy((env) => lab(env, LabRule.WindowedRecency))
    .sharing((env) => new LabState(env, LabRule.WindowedRecency)).trait(Trait.Variant),
  entry("lab-heavy-hitter").policy((env) => lab(env, LabRule.HeavyHitter))
    .sharing((env) => new LabState(env, LabRule.HeavyHitter)).trait(Trait.Variant),
  entry("lab-cost-aware", "frequency=2:0:1000 recency=1:0:1000 size=0.4:0:1000")
    .policy((env) => lab(env, LabRule.CostAware))
    .sharing((env) => new LabState(env, LabRule.CostAware)).trait(Trait.Variant),
  entry("lab-predictive").policy((env) => lab(env, LabRule.Predictive))
    .sharing((env) => new LabState(env, LabRule.Predictive)).trait(Trait.Variant),
  entry(
    "lab-regret-aware",
    "horizon=24:1:1000000 weight=6:0:1000 frequency=1.5:0:1000 recency=1:0:1000 decay=0.98:0:1",
  ).policy((env) => lab(env, LabRule.RegretAware))
    .sharing((env) => new LabState(env, LabRule.RegretAware)).trait(Trait.Variant),
  entry("furthest-next-use").policy((env) => furthestNextUse(env))
    .sharing((env) => new NextUses(env)).trait(Trait.Oracle).trait(Trait.Heuristic),
  entry("optimal").trait(Trait.Oracle).fast((input) => new OptimalKernel(input), Columns.Oracle),
  entry("optimal-demand").trait(Trait.Oracle)
    .fast((input) => new OptimalDemandKernel(input), Columns.Oracle),
];
