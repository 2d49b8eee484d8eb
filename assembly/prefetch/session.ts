/**
 * Session: what followed a block in the last requests of the same session that held it. Each of
 * those requests gives a vote to each of the `lookahead` blocks that stood after it; most votes
 * first. A request is learned when it has ended. Where the trace has no sessions, all requests are
 * one stream.
 *
 * Source: the session-aware prefetch of kvcache-sim, which kept ten requests per session for ever,
 * looked at the last three whether they held the block or not, and searched each from its start.
 * Cost: O(window × lookahead) per look-up, expected; 20 bytes per block of history. The history is
 * a ring over all sessions: the oldest blocks are forgotten, so memory is bounded whatever the
 * number of sessions.
 *
 * ```
 * ring entry: | block u32 | older u32 | session u32 | request u32 |
 * older: position + 1 of the entry before it whose session and block have the same hash
 * ```
 */
import { take } from "../arena";
import { Env } from "../policies/policy";
import { mix } from "../random";
import { NO_SESSION, Prefetcher } from "./prefetcher";

const ENTRY_BITS: u32 = 4;
const OLDER: usize = 4;
const SESSION: usize = 8;
const REQUEST: usize = 12;
/** Most entries of a chain that one look-up visits. */
const VISITS_MAX: u32 = 256;
/** Most different blocks that can get votes: window × lookahead. */
const VOTES_MAX: u32 = 256;

@final export class Session extends Prefetcher {
  private readonly ring: usize;
  /** u32[mask + 1]: position of the newest entry of a chain, plus one. */
  private readonly newest: usize;
  private readonly mask: u32;
  /** Position after the last entry. */
  private end: u32 = 0;
  /** Position of the first entry of the request in progress. */
  private start: u32 = 0;
  private request: u32 = 0;
  private session: u32 = NO_SESSION;
  /** { block u32, votes u32 }[VOTES_MAX], in order of the first vote. */
  private readonly votes: usize;
  private voted: u32 = 0;
  private readonly window: u32;
  private readonly lookahead: u32;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    this.window = <u32>this.parameter(0);
    this.lookahead = <u32>this.parameter(1);
    let entries: u32 = 1;
    while (entries < <u32>this.parameter(2)) entries <<= 1;
    this.mask = entries - 1;
    this.ring = take(<usize>entries << ENTRY_BITS);
    this.newest = take(<usize>entries << 2);
    this.votes = take(<usize>VOTES_MAX << 3);
  }

  @inline private entry(position: u32): usize {
    return this.ring + (<usize>(position & this.mask) << ENTRY_BITS);
  }

  @inline private chain(session: u32, block: u32): usize {
    return this.newest + ((<u32>mix((<u64>session << 32) | block) & this.mask) << 2);
  }

  /** Whether the entry at a position was not overwritten yet. */
  @inline private isKept(position: u32): bool {
    return this.end - position <= this.mask + 1;
  }

  onRequest(request: u32, session: u32): void {
    this.request = request;
    this.session = session;
    this.start = this.end;
  }

  onLookup(block: u32): void {
    const entry = this.entry(this.end++);
    store<u32>(entry, block);
    store<u32>(entry, 0, OLDER);
    store<u32>(entry, this.session, SESSION);
    store<u32>(entry, this.request, REQUEST);
  }

  /** Links the request's entries into their chains, which is when others can find them. */
  onRequestEnd(): void {
    let position = this.start;
    if (!this.isKept(position)) position = this.end - this.mask - 1;
    for (; position != this.end; position++) {
      const entry = this.entry(position);
      const chain = this.chain(this.session, load<u32>(entry));
      store<u32>(entry, load<u32>(chain), OLDER);
      store<u32>(chain, position + 1);
    }
    this.start = this.end;
  }

  candidates(block: u32, out: usize, max: u32): u32 {
    this.voted = 0;
    this.vote(block);
    return this.best(out, max);
  }

  private vote(block: u32): void {
    let link = load<u32>(this.chain(this.session, block));
    let requests: u32 = 0;
    /** Where the block first stood in the request being visited, plus one. */
    let first: u32 = 0;
    for (let visits: u32 = 0; link != 0 && visits < VISITS_MAX; visits++) {
      if (!this.isKept(link - 1)) break;
      const entry = this.entry(link - 1);
      if (load<u32>(entry) == block && load<u32>(entry, SESSION) == this.session) {
        if (first != 0 && !this.isSameRequest(first - 1, link - 1)) {
          this.voteAfter(first - 1);
          if (++requests == this.window) return;
        }
        first = link;
      }
      link = load<u32>(entry, OLDER);
    }
    if (first != 0) this.voteAfter(first - 1);
  }

  @inline private isSameRequest(a: u32, b: u32): bool {
    return load<u32>(this.entry(a), REQUEST) == load<u32>(this.entry(b), REQUEST);
  }

  /** One vote for each of the blocks that stood after a position, in its request. */
  private voteAfter(position: u32): void {
    for (let step: u32 = 1; step <= this.lookahead; step++) {
      const next = position + step;
      if (next >= this.start || !this.isSameRequest(position, next)) return;
      this.add(load<u32>(this.entry(next)));
    }
  }

  private add(block: u32): void {
    let at = this.votes;
    for (const end = at + (this.voted << 3); at < end; at += 8) {
      if (load<u32>(at) != block) continue;
      store<u32>(at, load<u32>(at, 4) + 1, 4);
      return;
    }
    store<u32>(at, block);
    store<u32>(at, 1, 4);
    this.voted++;
  }

  /** Takes the blocks with most votes; of equals, the first voted for. */
  private best(out: usize, max: u32): u32 {
    const count = min(max, this.voted);
    for (let found: u32 = 0; found < count; found++) {
      let most = this.votes;
      for (let i: u32 = 1; i < this.voted; i++) {
        const at = this.votes + (i << 3);
        if (load<u32>(at, 4) > load<u32>(most, 4)) most = at;
      }
      store<u32>(out + (found << 2), load<u32>(most));
      store<u32>(most, 0, 4);
    }
    return count;
  }
}
