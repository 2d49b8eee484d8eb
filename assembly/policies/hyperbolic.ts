/**
 * Hyperbolic caching: a block is worth its touches per time since it came in. The least of a
 * random sample goes.
 *
 * Source: Blankstein, Sen and Freedman, "Hyperbolic caching: flexible caching for web
 * applications", USENIX ATC 2017. The sample of 64 is the paper's and libCacheSim's; time is
 * counted in touches.
 * Cost: O(sample) per eviction; 16 bytes per slot.
 */
import { take } from "../arena";
import { Residents } from "../columns/residents";
import { Random } from "../random";
import { Env, Policy } from "./policy";

const NODE_BITS: u32 = 3;

@final export class Hyperbolic extends Policy {
  /** { touches u32, entered u32 }[slots] */
  private readonly nodes: usize;
  private readonly residents: Residents;
  private readonly random: Random;
  private readonly sample: u32;

  constructor(env: Env) {
    super(env);
    this.nodes = take(<usize>env.slots << NODE_BITS);
    this.residents = new Residents(env.slots);
    this.random = env.random("policy/hyperbolic");
    this.sample = <u32>env.parameter(0);
  }

  onHit(slot: u32, _block: u32): void {
    const node = this.nodes + (slot << NODE_BITS);
    store<u32>(node, load<u32>(node) + 1);
  }

  /** Fractions are compared by cross products: exact integers, no division. */
  victim(): u32 {
    const now = this.env.now;
    let least = this.residents.draw(this.random);
    let touches: u64 = load<u32>(this.nodes + (least << NODE_BITS));
    let age: u64 = now - load<u32>(this.nodes + (least << NODE_BITS), 4);
    for (let i: u32 = 1; i < this.sample; i++) {
      const slot = this.residents.draw(this.random);
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

  onRemove(slot: u32, _block: u32): void {
    this.residents.remove(slot);
  }

  onInsert(slot: u32, _block: u32): void {
    const node = this.nodes + (slot << NODE_BITS);
    store<u32>(node, 1);
    store<u32>(node, this.env.now, 4);
    this.residents.insert(slot);
  }
}
