/** Routers whose cost is a time: what the request is expected to wait, to load and to compute. */
import { LoadChoice, STORE_BYTES } from "../../abi_serving";
import { promptNs } from "../estimate";
import { StoreRecord } from "../layout_links";
import { BlocksView } from "../view_blocks";
import { Seen } from "../view";
import { Cheapest, seenBlocks } from "./cheapest";
import { Town } from "./router";

/** Mooncake's: the time of the prompts that are seen to be ahead, and of what is missing here. */
@final export class TtftGreedy extends Cheapest {
  constructor(town: Town) {
    super(town, seenBlocks(town));
    town.view.watchLoad();
  }

  cost(index: u32, request: u32): f64 {
    const town = this.town;
    const replica = this.candidates.replica(index);
    const time = town.time(replica);
    const budget = town.record(replica).tokenBudget;
    const missing = town.prompts.missing(request, this.candidates.depth(index));
    const cached = town.prompts.tokens(request) - missing;
    return promptNs(time, budget, 0, town.view.of(replica).tokens) +
      promptNs(time, budget, cached, missing);
  }
}

/**
 * Ours: one expected time. The wait is for what was seen of the replica and sent there since, or
 * for what this router sent and has no first token of, whichever is less: each is too much at
 * times. Steps are as long as the sequences that decode in them make them; where blocks or places
 * are short, the wait lasts until enough sequences have ended. Stored blocks are fetched where that
 * is sooner than computing them. Those who decode meanwhile get their tokens later: a part of that
 * counts, too.
 */
@final export class KvtierMs extends Cheapest {
  private readonly stored: BlocksView | null;
  private readonly disturbance: f64;

  constructor(town: Town) {
    super(town, seenBlocks(town));
    town.view.watchLoad();
    town.view.speculate();
    this.disturbance = town.parameter(0);
    const loads = town.header.stores > 0 && town.header.recompute != LoadChoice.Recompute;
    this.stored = loads ? town.view.watchStores() : null;
  }

  cost(index: u32, request: u32): f64 {
    const town = this.town;
    const replica = this.candidates.replica(index);
    const record = town.record(replica);
    const seen = town.view.of(replica);
    const decoding = min(seen.running, record.tokenBudget - 1);
    const context = <f64>seen.held * <f64>town.prompts.blockTokens;
    const time = town.time(replica);
    const queued = min(seen.tokens + seen.unseenTokens, town.ledger.of(replica).tokens);
    const own = this.ownNs(index, request, replica, decoding, context);
    const queue = promptNs(time, record.tokenBudget, 0, queued, decoding, context);
    const others = this.disturbance * own * <f64>decoding;
    return queue + own + others + this.shortageNs(seen, request, replica);
  }

  /** Computing the prompt behind what is held, or loading some of it before. */
  private ownNs(index: u32, request: u32, replica: u32, decoding: u32, context: f64): f64 {
    const town = this.town;
    const prompts = town.prompts;
    const time = town.time(replica);
    const budget = town.record(replica).tokenBudget;
    const missing = prompts.missing(request, this.candidates.depth(index));
    const tokens = prompts.tokens(request);
    const compute = promptNs(time, budget, tokens - missing, missing, decoding, context);
    if (this.stored == null) return compute;
    const reached = this.fetch(request, replica, this.candidates.depth(index));
    if (this.fetchNs == 0) return compute;
    const left = prompts.missing(request, reached);
    return min(
      compute,
      this.fetchNs + promptNs(time, budget, tokens - left, left, decoding, context),
    );
  }

  private fetchNs: f64 = 0;

  /** How many leading blocks are held once the stores gave what they have; sets `fetchNs`. */
  private fetch(request: u32, replica: u32, depth: u32): u32 {
    const town = this.town;
    const record = town.record(replica);
    const usable = town.prompts.usableBlocks(request);
    const index = this.stored!.index;
    let longest: f64 = 0;
    let from = depth;
    // Fastest first; each store is asked for the stretch that the ones before it do not have.
    for (let s: u32 = 0; s < record.stores && from < usable; s++) {
      const store = load<u32>(record.storePath + (s << 2));
      let end = from;
      while (end < usable && index.has(town.prompts.block(request, end), store)) end++;
      if (end == from) continue;
      longest = max(longest, this.readNs(store, replica, end - from));
      from = end;
    }
    this.fetchNs = longest;
    return from;
  }

  /** Reading blocks from a store when nobody else does. */
  private readNs(store: u32, replica: u32, blocks: u32): f64 {
    const header = this.town.header;
    const record = changetype<StoreRecord>(header.storeRecords + <usize>store * STORE_BYTES);
    return this.town.paths.read(replica, record).idleNs(<f64>blocks * <f64>header.blockBytes);
  }

  /** The wait for blocks and places that are taken: they come free as sequences end. */
  private shortageNs(seen: Seen, request: u32, replica: u32): f64 {
    const record = this.town.record(replica);
    const ahead = <f64>(seen.tokens + seen.unseenTokens) / <f64>this.town.prompts.blockTokens;
    const need = ahead + <f64>this.town.prompts.wholeBlocks(request);
    const blocks = max(0, <f64>seen.held + need - <f64>record.blocks);
    const present = <f64>(seen.waiting + seen.running + seen.unseen);
    const places = max(0, present + 1 - <f64>record.maxSequences);
    const decodeNs = this.town.ledger.decodeNs;
    return max(
      blocks * decodeNs / <f64>max(seen.held, 1),
      places * decodeNs / <f64>max(seen.running, 1),
    );
  }
}
