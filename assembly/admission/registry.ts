/** Every admitter by name, one line each. */
import { Env } from "../policies/policy";
import { Admitter } from "./admitter";
import { Always } from "./always";
import { PrefixDepth } from "./prefix_depth";
import { SecondHit } from "./second_hit";
import { TinyLfu } from "./tiny_lfu";

@final export class AdmissionEntry {
  /** @param parameters Space-separated `name=default` pairs, at most four. */
  constructor(
    readonly name: string,
    readonly parameters: string,
    readonly make: (env: Env, parameters: usize) => Admitter,
  ) {}
}

/** The first entry is the default, and the only one that kernels run under. */
export const admitters: AdmissionEntry[] = [
  new AdmissionEntry("always", "", (env, parameters) => new Always(env, parameters)),
  new AdmissionEntry("second-hit", "window=0:0:1000", (env, parameters) =>
    new SecondHit(env, parameters)),
  new AdmissionEntry("prefix-depth", "depth=64:1:4294967295", (env, parameters) =>
    new PrefixDepth(env, parameters)),
  new AdmissionEntry("tiny-lfu", "period=10:1:1000", (env, parameters) =>
    new TinyLfu(env, parameters)),
];
