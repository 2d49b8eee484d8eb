/**
 * Which of several places holds a block, as heard after a delay: of engines' HBM, or of stores.
 */
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { Prompts } from "./prompts";
import { ResidentsListener } from "./residents";
import { BlockIndex } from "./view_index";
import { Lag } from "./view_lag";

enum News {
  Add = 0,
  Drop = 1,
  Over = 2, // of a request: what was expected of it and has not come will not come
}
const KIND_BITS: u32 = 2;

@final export class BlocksView extends ResidentsListener {
  readonly index: BlockIndex;
  private readonly news: Lag = new Lag(16);
  /** u32[requests] each: the place that is expected to hold the prompt, plus one; from which block. */
  private readonly expectedIn: usize;
  private readonly expectedFrom: usize;

  /** @param ignored u8[places], 1 for places that do not count. */
  constructor(
    private readonly events: Events,
    private readonly stalenessNs: u64,
    private readonly prompts: Prompts,
    places: u32,
    private readonly ignored: usize,
  ) {
    super();
    this.index = new BlockIndex(prompts.blocks, places);
    this.expectedIn = take(<usize>prompts.count << 2);
    this.expectedFrom = take(<usize>prompts.count << 2);
  }

  onAdd(place: u32, block: u32): void {
    if (load<u8>(this.ignored + place) != 0) return;
    if (this.stalenessNs == 0) this.index.add(block, place, false);
    else this.tell((place << KIND_BITS) | News.Add, block);
  }

  onDrop(place: u32, block: u32): void {
    if (load<u8>(this.ignored + place) != 0) return;
    if (this.stalenessNs == 0) this.index.drop(block, place, false);
    else this.tell((place << KIND_BITS) | News.Drop, block);
  }

  private tell(what: u32, subject: u32): void {
    const payload = this.news.tell(this.events.timeNs);
    store<u32>(payload, what);
    store<u32>(payload, subject, 4);
    this.catchUp();
  }

  /** Hears what is old enough. */
  catchUp(): void {
    const nowNs = this.events.timeNs;
    if (nowNs < this.stalenessNs) return;
    while (this.news.has(nowNs - this.stalenessNs)) {
      const payload = this.news.hear();
      const what = load<u32>(payload);
      const subject = load<u32>(payload, 4);
      const kind = what & ((1 << KIND_BITS) - 1);
      if (kind == News.Add) this.index.add(subject, what >> KIND_BITS, false);
      else if (kind == News.Drop) this.index.drop(subject, what >> KIND_BITS, false);
      else this.forget(subject);
    }
  }

  /** Takes the prompt of a request to be held by a place that holds its first `depth` blocks. */
  expect(request: u32, place: u32, depth: u32): void {
    store<u32>(this.expectedIn + (request << 2), place + 1);
    store<u32>(this.expectedFrom + (request << 2), depth);
    const end = this.prompts.wholeBlocks(request);
    for (let i = depth; i < end; i++) {
      const block = this.prompts.block(request, i);
      if (!this.index.has(block, place)) this.index.add(block, place, true);
    }
  }

  /** A request is over: all news of its blocks is on its way. */
  settle(request: u32): void {
    if (this.stalenessNs == 0) this.forget(request);
    else this.tell(News.Over, request);
  }

  /** Takes back what was expected of a request and never confirmed. */
  forget(request: u32): void {
    const place = load<u32>(this.expectedIn + (request << 2));
    if (place == 0) return;
    store<u32>(this.expectedIn + (request << 2), 0);
    const end = this.prompts.wholeBlocks(request);
    for (let i = load<u32>(this.expectedFrom + (request << 2)); i < end; i++) {
      this.index.drop(this.prompts.block(request, i), place - 1, true);
    }
  }
}
