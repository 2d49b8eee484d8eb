/** The general engine: any policy, any admitter, block by block through one tier. */
import { TouchOrder } from "./abi";
import { Admitter } from "./admission/admitter";
import { Engine } from "./engine";
import { Env, Policy } from "./policies/policy";
import { Tier } from "./tier";

@final export class General extends Engine {
  private readonly tier: Tier;

  constructor(
    private readonly env: Env,
    policy: Policy,
    admitter: Admitter,
    private readonly block: usize,
    private readonly touchOrder: TouchOrder,
  ) {
    super();
    this.tier = new Tier(env, policy, admitter);
  }

  lookup(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      store<u8>(out + i, <u8>this.tier.holds(load<u32>(this.block + (i << 2))));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    const env = this.env;
    const tier = this.tier;
    env.requestBlocks = to - from;
    env.requestStart = from;
    env.requestColumn = this.block + (from << 2);
    const tailFirst = this.touchOrder == TouchOrder.TailFirst;
    env.tailFirst = tailFirst;
    for (let i = from; i < to; i++) {
      env.now = i;
      env.depth = tailFirst ? to - 1 - i : i - from;
      store<u8>(out + i, <u8>tier.touch(load<u32>(this.block + (i << 2))));
    }
    this.insertions = tier.insertions;
    this.evictions = tier.evictions;
    this.bypasses = tier.bypasses;
  }

  resident(): u32 {
    return this.tier.used;
  }

  perRequest(): bool {
    return true;
  }
}
