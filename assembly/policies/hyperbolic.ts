/**
 * Hyperbolic caching: a block is worth its touches per time since it came in. The least of a random
 * sample goes.
 *
 * Source: Blankstein, Sen and Freedman, "Hyperbolic caching: flexible caching for web
 * applications", USENIX ATC 2017. Time is counted in touches.
 * Cost: O(sample) per eviction; 20 to 24 bytes per slot.
 * libCacheSim departs from the paper, and so does `hyperbolic`: a draw sees only the newest block
 * of a hash chain, so that a fifth to a third of the blocks of a full tier cannot be chosen.
 * `hyperbolic-paper` draws from all.
 */
import { take } from "../arena";
import { Chains } from "../columns/chains";
import { Residents } from "../columns/residents";
import { Random } from "../random";
import { Env, Policy } from "./policy";

const NODE_BITS: u32 = 3;

@final export class Hyperbolic extends Policy {
  /** { touches u32, entered u32 }[slots] */
  private readonly nodes: usize;
  private readonly residents: Residents;
  private readonly chains: Chains;
  private readonly random: Random;
  private readonly sample: u32;

  constructor(env: Env, private readonly paper: bool) {
    super(env);
    this.nodes = take(<usize>env.slots << NODE_BITS);
    this.residents = new Residents(paper ? env.slots : 0);
    this.chains = new Chains(paper ? 0 : env.slots);
    this.random = env.random("policy/hyperbolic");
    this.sample = <u32>env.parameter(0);
  }

  onHit(slot: u32, _block: u32): void {
    const node = this.nodes + (slot << NODE_BITS);
    store<u32>(node, load<u32>(node) + 1);
  }

  private draw(): u32 {
    return this.paper ? this.residents.draw(this.random) : this.chains.draw(this.random);
  }

  /** Fractions are compared by cross products: exact integers, no division. */
  victim(): u32 {
    const now = this.env.now;
    let least = this.draw();
    let touches: u64 = load<u32>(this.nodes + (least << NODE_BITS));
    let age: u64 = now - load<u32>(this.nodes + (least << NODE_BITS), 4);
    for (let i: u32 = 1; i < this.sample; i++) {
      const slot = this.draw();
      const node = this.nodes + (slot << NODE_BITS);
      const otherTouches: u64 = load<u32>(node);
      const otherAge: u64 = now - load<u32>(node, 4);
      if (otherTouches * age >= touches * otherAge) continue;
      least = slot;
      touches = otherTouches;
      age = otherAge;
    }
    return least;
  }

  onRemove(slot: u32, block: u32): void {
    if (this.paper) this.residents.remove(slot);
    else this.chains.remove(slot, block);
  }

  onInsert(slot: u32, block: u32): void {
    const node = this.nodes + (slot << NODE_BITS);
    store<u32>(node, 1);
    store<u32>(node, this.env.now, 4);
    if (this.paper) this.residents.insert(slot);
    else this.chains.insert(slot, block);
  }
}
