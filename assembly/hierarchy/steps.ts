/**
 * The request in progress, block by block, and what is counted of it. Depth 0 is its root, in both
 * touch orders.
 */
import { ErrorCode, TouchOrder } from "../abi";
import { Accesses, firstAccess, header as trace } from "../columns/trace";
import { NO_SESSION } from "../prefetch/prefetcher";
import { checkBooks } from "./books";
import { Fetch } from "./fetch";
import { Hierarchy } from "./hierarchy";
import { prefillNs } from "./prefill";
import { SEEN, TIERS_MASK } from "./states";

@final export class Steps {
  request: u32 = 0;
  blocks: u32 = 0;
  /** Look-ups of the request that no tier answered. */
  misses: u32 = 0;
  /** Tokens of the prompt. */
  tokens: u64 = 0;
  /** The first broken rule, when the books are checked after every touch. */
  broken: ErrorCode = ErrorCode.None;
  /** Address of the request's root in the access column, and the way from a block to the next. */
  private root: usize = 0;
  private readonly stride: isize;
  /** Touches so far: the clock of policies, which requests that overlap must not turn back. */
  private touches: u32 = 0;
  private readonly blockTokens: u64;
  private readonly checks: bool;
  private readonly blockOf: usize;

  constructor(private readonly hierarchy: Hierarchy, accesses: Accesses) {
    this.stride = hierarchy.header.touch == TouchOrder.TailFirst ? -4 : 4;
    this.checks = hierarchy.header.checkBooks != 0;
    this.blockTokens = hierarchy.header.blockTokens;
    this.blockOf = accesses.block;
  }

  begin(request: u32): void {
    const at = firstAccess + (request << 2);
    const from = load<u32>(at);
    const to = load<u32>(at, 4);
    this.request = request;
    this.misses = 0;
    this.blocks = to - from;
    this.root = this.blockOf + ((this.stride < 0 ? to - 1 : from) << 2);
    this.tokens = load<u32>(trace.inputTokens + (request << 2));
    const env = this.hierarchy.level(0).env;
    env.requestStart = from;
    env.requestColumn = this.blockOf + (from << 2);
    env.tailFirst = this.stride < 0;
  }

  @inline block(depth: u32): u32 {
    return load<u32>(this.root + <usize>(<isize>depth * this.stride));
  }

  /** Tokens of the first `blocks` blocks; the last one of a prompt may hold fewer. */
  @inline covered(blocks: u32): u64 {
    return min(<u64>blocks * this.blockTokens, this.tokens);
  }

  /** Tells policies and prefetcher where the replay is. */
  @inline private tell(depth: u32): void {
    const hierarchy = this.hierarchy;
    const env = hierarchy.level(0).env;
    env.now = this.touches;
    env.depth = depth;
    env.requestBlocks = this.blocks;
    if (hierarchy.sharing) this.tellStep(depth);
  }

  private tellStep(depth: u32): void {
    const place = this.stride < 0 ? this.blocks - 1 - depth : depth;
    this.hierarchy.position = this.hierarchy.level(0).env.requestStart + place;
    const steps = this.hierarchy.header.step;
    const at = steps + (this.request << 3);
    this.hierarchy.step = steps == 0 ? <f64>this.touches : load<f64>(at);
  }

  /** Touches the block at a depth. */
  @inline touch(depth: u32): void {
    const block = this.block(depth);
    const tier = this.hierarchy.find(block);
    this.tell(depth);
    this.hierarchy.touch(block, tier);
    this.touches++;
    this.check();
  }

  /** Touches all blocks of the request, in the order of the replay. */
  touchAll(): void {
    const hierarchy = this.hierarchy;
    const blocks = this.blocks;
    const tailFirst = this.stride < 0;
    if (hierarchy.plain && hierarchy.header.entry == 0) {
      hierarchy.level(0).env.requestBlocks = blocks;
      const first = tailFirst ? blocks - 1 : 0;
      const at = this.root + <usize>(<isize>first * this.stride);
      hierarchy.touchAll(at, this.touches, first, tailFirst ? -1 : 1);
      this.touches += blocks;
      return;
    }
    for (let i: u32 = 0; i < blocks; i++) {
      const depth = tailFirst ? blocks - 1 - i : i;
      hierarchy.computed = depth >= hierarchy.cut;
      this.touch(depth);
    }
    hierarchy.settle();
  }

  /** Checks the books, if that was asked for. */
  @inline check(): void {
    if (this.checks && this.broken == ErrorCode.None) this.broken = checkBooks(this.hierarchy);
  }

  /** Counts a look-up that found its block in `tier`. */
  @inline count(block: u32, tier: u32, inRun: bool): void {
    const hierarchy = this.hierarchy;
    if (tier == hierarchy.count) {
      this.misses++;
      return;
    }
    const level = hierarchy.level(tier);
    if (inRun) level.prefixHits++;
    else level.lateHits++;
    if (tier == 0) hierarchy.noticeFastHit(block);
  }

  /** Synchronous: looks all blocks up at once; gives how many the leading run has. */
  lookUp(): u32 {
    const hierarchy = this.hierarchy;
    const states = hierarchy.states.base;
    const blocks = this.blocks;
    let run: u32 = 0;
    for (; run < blocks; run++) {
      const block = this.block(run);
      const tiers = load<u32>(states + (<usize>block << 2)) & TIERS_MASK;
      if (tiers == 0) break;
      this.count(block, <u32>ctz(tiers), true);
    }
    let misses: u32 = 0;
    let recomputed: u32 = 0;
    for (let depth = run; depth < blocks; depth++) {
      const block = this.block(depth);
      const at = states + (<usize>block << 2);
      const state = load<u32>(at);
      if ((state & TIERS_MASK) != 0) {
        this.count(block, <u32>ctz(state & TIERS_MASK), false);
        continue;
      }
      misses++;
      if ((state & SEEN) != 0) recomputed++;
      else store<u32>(at, state | SEEN);
    }
    this.misses = misses;
    hierarchy.found.recomputed += recomputed;
    return run;
  }

  /** Synchronous: counts a missed block as computed anew. */
  @inline countComputed(block: u32): void {
    const states = this.hierarchy.states;
    if (states.has(block, SEEN)) this.hierarchy.found.recomputed++;
    states.set(block, SEEN);
  }

  /** Counts the request, of whose blocks the first `run` were found. */
  countRequest(run: u32): void {
    const found = this.hierarchy.found;
    found.requests++;
    found.lookups += this.blocks;
    found.misses += this.misses;
    found.inputTokens += this.tokens;
    found.hitTokens += this.covered(run);
  }

  /** Synchronous: the time to compute what the leading run does not cover. */
  compute(run: u32): void {
    const header = this.hierarchy.header;
    this.hierarchy.found.computeNs += prefillNs(
      header.nsPerToken,
      header.nsPerTokenSquared,
      this.tokens,
      this.covered(run),
    );
  }

  @inline session(request: u32): u32 {
    const sessions = this.hierarchy.header.session;
    return sessions == 0 ? NO_SESSION : load<u32>(sessions + (request << 2));
  }

  /** When a request arrives; 0 where the trace does not know. */
  @inline arrivalNs(request: u32): u64 {
    const arrivals = this.hierarchy.header.arrivalNs;
    return arrivals == 0 ? 0 : <u64>load<f64>(arrivals + (request << 3));
  }

  /** Tells the prefetcher of an arrival, before anything is looked up. */
  announce(request: u32, fetch: Fetch): void {
    this.hierarchy.level(0).env.requestBlocks = this.blocks;
    fetch.prefetcher.onArrival(request, this.session(request), this.arrivalNs(request));
  }

  /** Synchronous and root-first: the prefetcher sees each look-up when it happens. */
  look(depth: u32, fetch: Fetch): void {
    this.tell(depth);
    fetch.prefetcher.onLookup(this.block(depth));
  }

  /**
   * Shows the prefetcher a request that was served, and keeps the last names that it answers: those
   * for the deepest blocks.
   */
  show(request: u32, fetch: Fetch): void {
    const prefetcher = fetch.prefetcher;
    prefetcher.onRequest(request, this.session(request));
    fetch.begin();
    for (let depth: u32 = 0; depth < this.blocks; depth++) {
      this.tell(depth);
      prefetcher.onLookup(this.block(depth));
      fetch.ask(this.block(depth));
    }
    prefetcher.onRequestEnd();
  }
}
