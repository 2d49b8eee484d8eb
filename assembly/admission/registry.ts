/** Every admitter by name, one line each. */
import { Env } from "../policies/policy";
import { Admitter } from "./admitter";
import { Always } from "./always";

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
];
