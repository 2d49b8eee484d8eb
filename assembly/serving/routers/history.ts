/**
 * What a router remembers of the prompts that it sent where, instead of asking the engines: for
 * each replica the blocks of the latest prompts, up to a number; the oldest are forgotten.
 */
import { Lru } from "../orders/lru";
import { Prompts } from "../prompts";
import { Residents, ResidentsListener } from "../residents";
import { BlockIndex } from "../view_index";
import { Matcher } from "../view_match";
import { Town } from "./router";

class Indexer extends ResidentsListener {
  constructor(private readonly index: BlockIndex) {
    super();
  }

  onAdd(replica: u32, block: u32): void {
    this.index.add(block, replica, false);
  }

  onDrop(replica: u32, block: u32): void {
    this.index.drop(block, replica, false);
  }
}

@final export class History {
  readonly matcher: Matcher;
  private readonly residents: Residents;
  private readonly prompts: Prompts;
  /** Most blocks remembered of a replica. */
  private readonly most: u32;

  /** @param tokens Remembered of each replica. */
  constructor(town: Town, tokens: f64) {
    const index = new BlockIndex(town.prompts.blocks, town.header.replicas);
    this.prompts = town.prompts;
    this.matcher = new Matcher(town.prompts, index);
    this.residents = new Residents(town.header.replicas, new Lru(town.header.replicas));
    this.residents.listener = new Indexer(index);
    this.most = max(1, <u32>min(tokens / <f64>town.prompts.blockTokens, 4294967295));
  }

  /** Blocks remembered of a replica. */
  @inline size(replica: u32): u32 {
    return this.residents.idleIn(replica);
  }

  /** Remembers a prompt, its last block first: the head of a prompt outlives its tail. */
  remember(request: u32, replica: u32): void {
    const residents = this.residents;
    for (let i = min(this.prompts.wholeBlocks(request), this.most); i-- > 0;) {
      const block = this.prompts.block(request, i);
      const entry = residents.find(replica, block);
      if (entry != 0) {
        residents.use(entry);
        residents.release(entry);
        continue;
      }
      if (residents.idleIn(replica) == this.most) residents.evict(replica);
      residents.keep(replica, block);
    }
  }
}
