/** Every eviction rule of a cluster's places by name, one line each. */
import { Trait } from "../../abi";
import { EVICTION_BYTES } from "../../abi_engine";
import { REPLICA_BYTES, STORE_BYTES } from "../../abi_serving";
import { take } from "../../arena";
import { LetIn } from "../hooks";
import { ReplicaRecord, ServingHeader } from "../layout";
import { EvictionRecord, StoreRecord } from "../layout_links";
import { Prompts } from "../prompts";
import { Residents } from "../residents";
import { Clock } from "./clock";
import { Fifo } from "./fifo";
import { FurthestNextUse } from "./furthest_next_use";
import { Lfu } from "./lfu";
import { Lru } from "./lru";
import { Order, OrderInput } from "./order";
import { S3Fifo } from "./s3_fifo";
import { Sieve } from "./sieve";
import { SlruPaper } from "./slru_paper";
import { TwoQueue } from "./two_queue";
import { Upcoming } from "./upcoming";

@final export class EvictionEntry {
  /** @param parameters Space-separated `name=default:min:max` entries, at most four. */
  constructor(
    readonly name: string,
    readonly parameters: string,
    readonly make: (input: OrderInput, upcoming: Upcoming | null) => Order,
    /** Bits of `Trait`. */
    readonly traits: u32 = 0,
  ) {}
}

/** Names and parameters are those of policies; the first entry is the default. */
export const evictions: EvictionEntry[] = [
  new EvictionEntry("lru", "", (input, _) => new Lru(input.places)),
  new EvictionEntry("fifo", "", (input, _) => new Fifo(input)),
  new EvictionEntry("clock", "bits=1:1:7", (input, _) => new Clock(input)),
  new EvictionEntry("sieve", "", (input, _) => new Sieve(input)),
  new EvictionEntry("lfu", "", (input, _) => new Lfu(input)),
  new EvictionEntry(
    "slru-paper",
    "protected=0.8:0:1",
    (input, _) => new SlruPaper(input),
    Trait.Variant,
  ),
  new EvictionEntry("2q", "in=0.25:0:1 out=0.5:0:10", (input, _) => new TwoQueue(input)),
  new EvictionEntry(
    "s3-fifo",
    "small=0.1:0:1 ghost=0.9:0:10 threshold=2:1:3",
    (input, _) => new S3Fifo(input),
  ),
  new EvictionEntry(
    "furthest-next-use",
    "",
    (input, upcoming) => new FurthestNextUse(input, upcoming!),
    Trait.Oracle | Trait.Heuristic,
  ),
];

/** The rules of one simulation, as the host numbers them. */
@final export class Evictions {
  /** Hears of requests that are let in, for rules that foresee. */
  letIn: LetIn = new LetIn();
  private upcoming: Upcoming | null = null;

  constructor(private readonly header: ServingHeader, prompts: Prompts) {
    for (let i: u32 = 0; i < header.evictions; i++) {
      if ((this.entry(i).traits & Trait.Oracle) != 0) {
        const upcoming = new Upcoming(prompts);
        this.upcoming = upcoming;
        this.letIn = upcoming;
        break;
      }
    }
  }

  @inline private record(rule: u32): EvictionRecord {
    return changetype<EvictionRecord>(this.header.evictionRecords + <usize>rule * EVICTION_BYTES);
  }

  @inline private entry(rule: u32): EvictionEntry {
    return evictions[this.record(rule).entry];
  }

  ofReplicas(): Residents {
    const count = this.header.replicas;
    const rules = take(<usize>count << 2);
    const capacities = take(<usize>count << 2);
    for (let i: u32 = 0; i < count; i++) {
      const record = changetype<ReplicaRecord>(
        this.header.replicaRecords + <usize>i * REPLICA_BYTES,
      );
      store<u32>(rules + (i << 2), record.eviction);
      store<u32>(capacities + (i << 2), record.blocks);
    }
    return this.residents(count, rules, capacities);
  }

  ofStores(): Residents {
    const count = this.header.stores;
    const rules = take(<usize>count << 2);
    const capacities = take(<usize>count << 2);
    for (let i: u32 = 0; i < count; i++) {
      const record = changetype<StoreRecord>(this.header.storeRecords + <usize>i * STORE_BYTES);
      store<u32>(rules + (i << 2), record.eviction);
      store<u32>(capacities + (i << 2), record.blocks);
    }
    return this.residents(count, rules, capacities);
  }

  /** @param rules u32[places] each: the rule of every place, and the blocks that it may hold. */
  private residents(places: u32, rules: usize, capacities: usize): Residents {
    const residents = new Residents(places, new Lru(places));
    for (let rule: u32 = 0; rule < this.header.evictions; rule++) {
      const order = this.order(rule, places, rules, capacities);
      if (order == null) continue;
      for (let place: u32 = 0; place < places; place++) {
        if (load<u32>(rules + (place << 2)) == rule) residents.orderBy(place, order);
      }
    }
    return residents;
  }

  /** The order of all places with a rule, or null where none has it. */
  private order(rule: u32, places: u32, rules: usize, capacities: usize): Order | null {
    const own = take(<usize>places << 2);
    let used = false;
    for (let place: u32 = 0; place < places; place++) {
      if (load<u32>(rules + (place << 2)) != rule) continue;
      used = true;
      store<u32>(own + (place << 2), load<u32>(capacities + (place << 2)));
    }
    if (!used) return null;
    const record = changetype<usize>(this.record(rule));
    const input = new OrderInput(places, own, record + offsetof<EvictionRecord>("parameter0"));
    return this.entry(rule).make(input, this.upcoming);
  }
}
