/**
 * What a router sees of replicas: how busy they were, and which blocks they held, a while ago.
 *
 * Engines tell of every change; the router hears of it `stalenessNs` later. With a speculative view
 * it takes the blocks of a prompt to be held from the moment that it sends the request: what the
 * engine then tells of confirms that; what it never confirms is forgotten when the request ends.
 *
 * A holder of a block is taken to hold the blocks before it, too: engines evict tails first.
 *
 * Nothing is kept of what the router does not watch.
 */
import { ReplicaFlag, Role } from "../abi_serving";
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { ServingHeader } from "./layout";
import { Prompts } from "./prompts";
import { Replicas } from "./replicas";
import { Residents } from "./residents";
import { BlocksView } from "./view_blocks";
import { Lag } from "./view_lag";

/** A replica as it was seen last. */
@unmanaged export class Seen {
  /** Requests in its queue, and sequences in its steps. */
  waiting: u32;
  running: u32;
  /** KV blocks in use. */
  held: u32;
  /** Prompt tokens that are not computed, as far as the engine knows. */
  tokens: u32;
  /** Sent there, and not seen there yet: requests, and prompt tokens to compute. */
  unseen: u32;
  unseenTokens: u32;
}

/** In the first word of news of load: the router's own sending, not the engine's telling. */
const SENT: u32 = 1 << 31;

@final export class View {
  readonly stalenessNs: u64;
  /** Blocks in HBM, when watched. */
  blocks: BlocksView | null = null;
  /** Blocks in stores, when watched. */
  stores: BlocksView | null = null;
  private speculates: bool;
  private watchesLoad: bool = false;
  private readonly seen: usize;
  private readonly news: Lag = new Lag(32);

  constructor(
    private readonly header: ServingHeader,
    private readonly events: Events,
    private readonly prompts: Prompts,
    private readonly replicas: Replicas,
    private readonly residents: Residents,
    private readonly stored: Residents,
  ) {
    this.stalenessNs = header.stalenessNs;
    this.speculates = header.speculativeView != 0;
    this.seen = take(<usize>replicas.count * offsetof<Seen>());
  }

  @inline of(replica: u32): Seen {
    return changetype<Seen>(this.seen + <usize>replica * offsetof<Seen>());
  }

  /** The router will look at load. */
  watchLoad(): void {
    this.watchesLoad = true;
  }

  /** The router will look at blocks in HBM of the replicas that compute prompts. */
  watchBlocks(): BlocksView {
    if (this.blocks == null) {
      const ignored = take(this.replicas.count);
      for (let i: u32 = 0; i < this.replicas.count; i++) {
        store<u8>(ignored + i, <u8>(this.replicas.record(i).role == Role.Decode));
      }
      this.blocks = this.watch(this.residents, this.replicas.count, ignored);
    }
    return this.blocks!;
  }

  /** The router will look at blocks in stores. */
  watchStores(): BlocksView {
    const count = this.header.stores;
    if (this.stores == null) this.stores = this.watch(this.stored, count, take(count));
    return this.stores!;
  }

  private watch(residents: Residents, places: u32, ignored: usize): BlocksView {
    const view = new BlocksView(this.events, this.stalenessNs, this.prompts, places, ignored);
    residents.listener = view;
    return view;
  }

  /** The router expects prompts where it sends them, whatever is asked for. */
  speculate(): void {
    this.speculates = true;
  }

  /** The load of a replica has changed. */
  show(replica: u32): void {
    if (!this.watchesLoad) return;
    if (this.stalenessNs == 0) return this.read(this.of(replica), replica);
    const payload = this.news.tell(this.events.timeNs);
    store<u32>(payload, replica);
    this.read(changetype<Seen>(payload + 4), replica);
    this.catchUp();
  }

  /** The first four fields: the engine's own. */
  @inline private read(seen: Seen, replica: u32): void {
    const state = this.replicas.state(replica);
    seen.waiting = state.waiting + state.loading;
    seen.running = state.running;
    seen.held = state.held;
    seen.tokens = <u32>state.waitingTokens + state.promptTokens;
  }

  /** Hears what is old enough; before every look. */
  catchUp(): void {
    if (this.blocks != null) this.blocks!.catchUp();
    if (this.stores != null) this.stores!.catchUp();
    const nowNs = this.events.timeNs;
    if (nowNs < this.stalenessNs) return;
    while (this.news.has(nowNs - this.stalenessNs)) {
      const payload = this.news.hear();
      const replica = load<u32>(payload);
      const seen = this.of(replica & ~SENT);
      if ((replica & SENT) == 0) {
        memory.copy(changetype<usize>(seen), payload + 4, offsetof<Seen>("unseen"));
      } else {
        seen.unseen--;
        seen.unseenTokens -= load<u32>(payload, 4);
      }
    }
  }

  /** A request leaves for a replica, where `tokens` are to compute behind its `depth` blocks. */
  onRouted(request: u32, replica: u32, depth: u32, tokens: u32): void {
    if (this.watchesLoad && this.stalenessNs > 0) {
      const seen = this.of(replica);
      seen.unseen++;
      seen.unseenTokens += tokens;
      const payload = this.news.tell(this.events.timeNs);
      store<u32>(payload, replica | SENT);
      store<u32>(payload, tokens, 4);
    }
    const caches = (this.replicas.record(replica).flags & ReplicaFlag.PrefixCache) != 0;
    if (this.speculates && caches && this.blocks != null) {
      this.blocks!.expect(request, replica, depth);
    }
  }

  /** A request has ended. */
  onFinish(request: u32): void {
    if (this.speculates && this.blocks != null) this.blocks!.settle(request);
  }

  /** The replica of a request broke. */
  onLost(request: u32): void {
    if (this.speculates && this.blocks != null) this.blocks!.forget(request);
  }
}
