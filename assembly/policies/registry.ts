/**
 * Every policy by name, one line each. The order carries no meaning: names cross the boundary.
 */
import { Trait } from "../abi";
import { Engine } from "../engine";
import { KernelInput } from "../kernels/kernel";
import { LruKernel } from "../kernels/lru";
import { Fifo } from "./fifo";
import { Lru } from "./lru";
import { Env, Policy } from "./policy";

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
  columns: Columns = Columns.None;
  extra: u32 = 0;

  /** @param parameters Space-separated `name=default` pairs, at most eight. */
  constructor(readonly name: string, readonly parameters: string) {}

  /** The general engine runs it by this policy. */
  policy(make: (env: Env) => Policy): PolicyEntry {
    this.make = make;
    return this;
  }

  /** An exact specialisation for one tier of equal blocks and no admission filter. */
  fast(kernel: (input: KernelInput) => Engine, columns: Columns = Columns.None): PolicyEntry {
    this.kernel = kernel;
    this.columns = columns;
    return this;
  }

  trait(trait: Trait): PolicyEntry {
    this.extra |= trait;
    return this;
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
  entry("fifo").policy((env) => new Fifo(env)),
  entry("lru").policy((env) => new Lru(env)).fast((input) => new LruKernel(input), Columns.Uses),
];
