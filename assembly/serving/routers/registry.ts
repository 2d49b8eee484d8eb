/** Every router by name, one line each. */
import { Trait } from "../../abi";
import { ConsistentHash, SessionRouter } from "./affinity";
import { LeastLoaded, PowerOfTwo, RandomRouter } from "./loads";
import { LongestPrefix } from "./longest_prefix";
import { Aibrix, ProductionStackPrefix, SglangCacheAware } from "./own_trees";
import { RoundRobin } from "./round_robin";
import { Router, Town } from "./router";
import { KvtierMs, TtftGreedy } from "./times";
import { Dynamo, LlmD, ProductionStackKv } from "./weighing";

@final export class RouterEntry {
  /** @param parameters Space-separated `name=default:min:max` entries, at most eight. */
  constructor(
    readonly name: string,
    readonly parameters: string,
    readonly make: (town: Town) => Router,
    /** Bits of `Trait`. */
    readonly traits: u32 = 0,
  ) {}
}

/** The first entry is the default. Candidates are drawn, or looked at from a random start. */
export const routers: RouterEntry[] = [
  new RouterEntry("round-robin", "", (town) => new RoundRobin(town)),
  new RouterEntry("random", "", (town) => new RandomRouter(town), Trait.Seeded),
  new RouterEntry("least-loaded", "own=1:0:1", (town) => new LeastLoaded(town), Trait.Seeded),
  new RouterEntry(
    "power-of-two",
    "draws=2:1:64 own=1:0:1",
    (town) => new PowerOfTwo(town),
    Trait.Seeded,
  ),
  new RouterEntry("session", "", (town) => new SessionRouter(town), Trait.Seeded),
  new RouterEntry(
    "consistent-hash",
    "points=64:1:512 tokens=1024:1:1048576 bound=0:0:16",
    (town) => new ConsistentHash(town),
  ),
  new RouterEntry("longest-prefix", "", (town) => new LongestPrefix(town), Trait.Seeded),
  new RouterEntry(
    "sglang-cache-aware",
    "threshold=0.3:0:1 apart=64:0:100000 times=1.5:1:1000 tokens=16777216:1:1e12 smallestTree=0:0:1",
    (town) => new SglangCacheAware(town),
    Trait.Seeded,
  ),
  new RouterEntry(
    "llm-d",
    "prefix=2:0:1000 queue=1:0:1000 kv=1:0:1000 tokens=0:0:1e12",
    (town) => new LlmD(town),
    Trait.Seeded,
  ),
  new RouterEntry(
    "dynamo",
    "prefill=1:0:1000 overlap=1:0:1000 requests=0:0:1000 temperature=0:0:100",
    (town) => new Dynamo(town),
    Trait.Seeded,
  ),
  new RouterEntry(
    "aibrix",
    "apart=16:0:100000 deviations=2:0:100 tokens=6400000:1:1e12",
    (town) => new Aibrix(town),
    Trait.Seeded,
  ),
  new RouterEntry(
    "production-stack-prefix",
    "",
    (town) => new ProductionStackPrefix(town),
    Trait.Seeded,
  ),
  new RouterEntry(
    "production-stack-kv",
    "slack=2000:0:1000000",
    (town) => new ProductionStackKv(town, new SessionRouter(town)),
    Trait.Seeded,
  ),
  new RouterEntry("ttft-greedy", "", (town) => new TtftGreedy(town), Trait.Seeded),
  new RouterEntry("kvtier-ms", "disturbance=0.1:0:100", (town) => new KvtierMs(town), Trait.Seeded),
];
