/**
 * LIRS: blocks with a low inter-reference recency (LIR) own nearly the whole tier; all others (HIR)
 * pass through a short queue. A block becomes LIR when it returns while it is still on the recency
 * stack, that is, sooner than the LIR block at the bottom was seen.
 *
 * ```
 * stack (newest … oldest):  LIR, resident HIR, ghosts     its bottom is LIR: below is pruned
 * queue (newest … oldest):  resident HIR                  its tail is the victim
 * ghosts:                   on the stack, not resident    oldest eviction forgotten first
 * ```
 *
 * Source: Jiang and Zhang, "LIRS: an efficient low inter-reference recency set replacement policy
 * to improve buffer cache performance", SIGMETRICS 2002.
 * Cost: O(1) amortised per touch; 17 bytes per block.
 * With libCacheSim the stack holds at most twice the capacity (parameter `stack`), and a hit on a
 * queued block that has left the stack demotes the bottom LIR block, which then pushes another out
 * of the queue; in the paper (`lirs-paper`) such a hit changes no rank and evicts nothing, and
 * nothing but pruning bounds the stack.
 * With a queue of one block both follow the paper (libCacheSim would evict the block that was hit).
 */
import { take } from "../arena";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

/** What the tables say of a block, as bits. */
enum Status {
  OnStack = 1,
  Lir = 2,
}

@final export class Lirs extends Policy {
  private readonly stack: List;
  /** A block is in one of these at most, so they share their nodes. */
  private readonly queue: List;
  private readonly ghosts: List;
  /** u8[blocks]: `Status` bits. */
  private readonly statusOf: usize;
  private readonly queueCapacity: u32;
  private readonly lirCapacity: u32;
  private readonly stackCapacity: f64;
  private lirCount: u32 = 0;

  constructor(env: Env, private readonly paper: bool) {
    super(env);
    this.stack = new Nodes(env.blocks, 1).list(0);
    const nodes = new Nodes(env.blocks, 2);
    this.queue = nodes.list(0);
    this.ghosts = nodes.list(1);
    this.statusOf = take(env.blocks);
    const queued = max<u32>(1, <u32>(<f64>env.capacity * env.parameter(0)));
    // One LIR block at least, unless the tier is a single block.
    this.queueCapacity = min(queued, max<u32>(1, env.capacity - 1));
    this.lirCapacity = env.capacity - this.queueCapacity;
    this.stackCapacity = paper ? Infinity : <f64>env.capacity * env.parameter(1);
  }

  @inline private has(block: u32, status: Status): bool {
    return (<u32>load<u8>(this.statusOf + block) & <u32>status) != 0;
  }

  @inline private setStatus(block: u32, status: u32): void {
    store<u8>(this.statusOf + block, <u8>status);
  }

  onHit(_slot: u32, block: u32): void {
    if (this.has(block, Status.Lir)) {
      this.stack.moveToHead(block);
      this.prune();
    } else if (this.has(block, Status.OnStack)) {
      this.queue.remove(block);
      this.becomeLir(block);
    } else {
      this.queue.moveToHead(block);
      if (!this.paper && this.queueCapacity > 1 && this.lirCount >= this.lirCapacity) {
        this.demoteBottom();
        if (this.queue.length > this.queueCapacity) this.surplus = 1;
      }
      this.pushStack(block);
    }
  }

  victim(): u32 {
    if (!this.queue.isEmpty()) return this.env.slotIn(this.queue.tail());
    this.prune();
    return this.env.slotIn(this.stack.tail());
  }

  onRemove(_slot: u32, block: u32): void {
    if (this.has(block, Status.Lir)) {
      this.stack.remove(block);
      this.setStatus(block, 0);
      this.lirCount--;
      this.prune();
      return;
    }
    this.queue.remove(block);
    if (this.has(block, Status.OnStack)) this.ghosts.pushHead(block);
  }

  onInsert(_slot: u32, block: u32): void {
    if (this.has(block, Status.OnStack)) {
      this.ghosts.remove(block);
      this.becomeLir(block);
    } else if (this.lirCount < this.lirCapacity) {
      this.pushStack(block);
      this.setStatus(block, Status.OnStack | Status.Lir);
      this.lirCount++;
    } else {
      this.queue.pushHead(block);
      this.pushStack(block);
    }
  }

  /** Puts a block that is not on the stack on top of it, and keeps the stack within its bound. */
  private pushStack(block: u32): void {
    // A tier of one block has no LIR blocks to compare with.
    if (this.lirCapacity == 0) return;
    this.stack.pushHead(block);
    this.setStatus(block, Status.OnStack);
    while (<f64>this.stack.length > this.stackCapacity && !this.ghosts.isEmpty()) {
      this.leaveStack(this.ghosts.tail());
    }
  }

  /** A block on the stack, queued no more, moves to its top as LIR; the bottom one makes way. */
  private becomeLir(block: u32): void {
    this.stack.moveToHead(block);
    this.setStatus(block, Status.OnStack | Status.Lir);
    this.lirCount++;
    if (this.lirCount > this.lirCapacity) this.demoteBottom();
    else this.prune();
  }

  /** The LIR block at the bottom of the stack becomes the newest of the queue. */
  private demoteBottom(): void {
    this.prune();
    const bottom = this.stack.tail();
    this.stack.remove(bottom);
    this.setStatus(bottom, 0);
    this.queue.pushHead(bottom);
    this.lirCount--;
    this.prune();
  }

  /** Below the lowest LIR block the stack says nothing: a block found there would not be LIR. */
  private prune(): void {
    const stack = this.stack;
    while (!stack.isEmpty() && !this.has(stack.tail(), Status.Lir)) this.leaveStack(stack.tail());
  }

  private leaveStack(block: u32): void {
    this.stack.remove(block);
    this.setStatus(block, 0);
    if (!this.env.holds(block)) this.ghosts.remove(block);
  }
}
