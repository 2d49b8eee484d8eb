/** Every router by name, one line each. */
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

/** The first entry is the default. */
export const routers: RouterEntry[] = [
  new RouterEntry("round-robin", "", (town) => new RoundRobin(town)),
];
