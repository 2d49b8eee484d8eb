/** Every prefetcher by name, one line each. */
import { Trait } from "../abi";
import { Env } from "../policies/policy";
import { LabMarkov } from "./lab_markov";
import { Markov } from "./markov";
import { NextTurn } from "./next_turn";
import { None } from "./none";
import { Prefetcher } from "./prefetcher";
import { Session } from "./session";
import { Stride } from "./stride";

@final export class PrefetchEntry {
  /** @param parameters Space-separated `name=default:min:max` entries, at most four. */
  constructor(
    readonly name: string,
    readonly parameters: string,
    readonly make: (env: Env, parameters: usize) => Prefetcher,
    /** Bits of `Trait`. */
    readonly traits: u32 = 0,
  ) {}
}

/** The first entry is the default. */
export const prefetchers: PrefetchEntry[] = [
  new PrefetchEntry("none", "", (env, parameters) => new None(env, parameters)),
  new PrefetchEntry(
    "markov",
    "successors=2:1:3 confidence=2:1:255 lookahead=1:1:16",
    (env, parameters) => new Markov(env, parameters),
  ),
  new PrefetchEntry(
    "lab-markov",
    "successors=2:1:64 confidence=2:1:1000000",
    (env, parameters) => new LabMarkov(env, parameters),
    Trait.Variant,
  ),
  new PrefetchEntry(
    "session",
    "window=3:1:16 lookahead=2:1:16 history=262144:16:16777216",
    (env, parameters) => new Session(env, parameters),
  ),
  new PrefetchEntry(
    "stride",
    "confidence=2:1:255 lookahead=4:1:64",
    (env, parameters) => new Stride(env, parameters),
  ),
  new PrefetchEntry(
    "next-turn",
    "wait=0.5:0:100 prior=2:0:1000 returns=2:0:1000",
    (env, parameters) => new NextTurn(env, parameters),
    Trait.Clock,
  ),
];
