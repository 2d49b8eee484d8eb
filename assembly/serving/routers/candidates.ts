/**
 * The replicas that a router looks at for a request: all that are up, or with `routerSample` that
 * many holders of its prefix, the deepest first, and as many others drawn at random.
 *
 * Cost: O(replicas), or O(sample · log blocks).
 */
import { NONE } from "../../abi_serving";
import { take } from "../../arena";
import { Matcher } from "../view_match";
import { Town } from "./router";

@final export class Candidates {
  count: u32 = 0;
  private readonly sample: u32;
  private readonly all: bool;
  /** u32[doors] each. */
  private readonly replicas: usize;
  private readonly depths: usize;
  /** u32[replicas]: position plus one, of the collection that `epoch` counts. */
  private readonly positions: usize;
  private readonly epochs: usize;
  private epoch: u32 = 0;

  /** @param matcher Of what replicas hold; without one, every depth is 0. */
  constructor(private readonly town: Town, private readonly matcher: Matcher | null) {
    const doors = <u32>town.doors.length;
    this.sample = town.header.routerSample;
    this.all = this.sample == 0 || this.sample >= (doors + 1) >> 1;
    this.replicas = take(<usize>doors << 2);
    this.depths = take(<usize>doors << 2);
    this.positions = take(<usize>town.header.replicas << 2);
    this.epochs = take(<usize>town.header.replicas << 2);
  }

  @inline replica(index: u32): u32 {
    return load<u32>(this.replicas + (index << 2));
  }

  /** Leading blocks of the prompt that the candidate is taken to hold. */
  @inline depth(index: u32): u32 {
    return load<u32>(this.depths + (index << 2));
  }

  /** Gathers the candidates of a request; there is one at least. */
  collect(request: u32): void {
    const start = this.town.random.below(<u32>this.town.doors.length);
    this.count = 0;
    this.epoch++;
    if (this.all) this.addAll(start);
    if (this.matcher != null) this.meetHolders(this.matcher!, request);
    if (!this.all) this.addRandom(request);
    if (this.count == 0) this.add(this.town.nextUp(start), 0);
  }

  private addAll(start: u32): void {
    const doors = this.town.doors;
    let at = start;
    for (let i = 0; i < doors.length; i++) {
      const replica = unchecked(doors[at]);
      if (this.town.isUp(replica)) this.add(replica, 0);
      if (++at == <u32>doors.length) at = 0;
    }
  }

  private add(replica: u32, depth: u32): void {
    store<u32>(this.replicas + (this.count << 2), replica);
    store<u32>(this.depths + (this.count << 2), depth);
    store<u32>(this.positions + (replica << 2), this.count);
    store<u32>(this.epochs + (replica << 2), this.epoch);
    this.count++;
  }

  @inline private isIn(replica: u32): bool {
    return load<u32>(this.epochs + (replica << 2)) == this.epoch;
  }

  /** From the deepest block that anybody holds towards the first, as far as new holders come. */
  private meetHolders(matcher: Matcher, request: u32): void {
    const index = matcher.index;
    const start = this.town.random.below(this.town.header.replicas);
    let end = matcher.reach(request, matcher.prompts.wholeBlocks(request), 0);
    while (end > 0 && !this.isFull) {
      const block = matcher.prompts.block(request, end - 1);
      index.walk(block, start);
      for (let r = index.next(); r != NONE && !this.isFull; r = index.next()) this.meet(r, end);
      end = matcher.reach(request, end - 1, index.count(block));
    }
  }

  @inline private get isFull(): bool {
    return !this.all && this.count >= this.sample;
  }

  private meet(replica: u32, depth: u32): void {
    if (this.isIn(replica)) {
      const at = this.depths + (load<u32>(this.positions + (replica << 2)) << 2);
      if (load<u32>(at) == 0) store<u32>(at, depth);
    } else if (!this.all && this.town.isUp(replica)) {
      this.add(replica, depth);
    }
  }

  private addRandom(request: u32): void {
    const most = this.count + this.sample;
    const doors = this.town.doors;
    for (let draw: u32 = 0; draw < this.sample << 1 && this.count < most; draw++) {
      const replica = unchecked(doors[this.town.random.below(<u32>doors.length)]);
      if (this.isIn(replica) || !this.town.isUp(replica)) continue;
      this.add(replica, this.matcher == null ? 0 : this.matcher!.depth(request, replica));
    }
  }
}
