/**
 * The end of the warm-up: what was counted is forgotten, and nothing else. It is no event, and no
 * step is cut for it, so that what follows is the same to the nanosecond as without it.
 *
 * What lasts over that instant is split where it is counted: steps in `Scheduler.end`, blocks in
 * use in `Replicas`, bytes on links in `Sharing`. Requests count by when they arrive.
 */
import { STORE_BYTES } from "../abi_serving";
import { Blocks } from "./blocks";
import { Handovers } from "./handover";
import { ServingHeader } from "./layout";
import { StoreRecord } from "./layout_links";
import { Links } from "./links";
import { Planner } from "./planner";
import { Replicas } from "./replicas";
import { Scheduler } from "./scheduler";

@final export class Warmup {
  /** When it ends; never, once it has. */
  untilNs: u64;

  constructor(
    private readonly header: ServingHeader,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly planner: Planner,
    private readonly scheduler: Scheduler,
    private readonly links: Links,
    private readonly handovers: Handovers,
  ) {
    this.untilNs = header.warmupNs == 0 ? u64.MAX_VALUE : header.warmupNs;
  }

  end(): void {
    const nowNs = this.untilNs;
    this.untilNs = u64.MAX_VALUE;
    this.scheduler.steps = 0;
    this.planner.preemptions = 0;
    this.blocks.evictions = 0;
    this.handovers.transferBytes = 0;
    this.links.forget(nowNs);
    for (let i: u32 = 0; i < this.replicas.count; i++) this.replicas.forget(i, nowNs);
    for (let i: u32 = 0; i < this.header.stores; i++) this.forgetStore(i);
  }

  /** It keeps its blocks. */
  private forgetStore(index: u32): void {
    const at = this.header.storeRecords + <usize>index * STORE_BYTES;
    const record = changetype<StoreRecord>(at);
    record.hits = 0;
    record.writes = 0;
    record.evictions = 0;
    record.dropped = 0;
    record.lost = 0;
    record.peak = record.resident;
  }
}
