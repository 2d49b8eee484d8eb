/** Every router by name, one line each. */
import { Trait } from "../../abi";
import { ConsistentHash, SessionRouter } from "./affinity";
import { LeastLoaded, PowerOfTwo, RandomRouter } from "./loads";
import { LongestPrefix } from "./longest_prefix";
import { RoundRobin } from "./round_robin";
import { Router, Town } from "./router";

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
    "points=64:1:512 blocks=1:1:64 bound=0:0:16",
    (town) => new ConsistentHash(town),
  ),
  new RouterEntry("longest-prefix", "", (town) => new LongestPrefix(town), Trait.Seeded),
];
