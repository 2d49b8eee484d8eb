/** Which replicas hold a block now; passes the news on to the view of a router. */
import { NONE } from "../abi_serving";
import { header as trace } from "../columns/trace";
import { ResidentsListener } from "./residents";
import { BlockIndex } from "./view_index";

@final export class Holders extends ResidentsListener {
  private readonly index: BlockIndex;

  constructor(replicas: u32, private readonly then: ResidentsListener | null) {
    super();
    this.index = new BlockIndex(trace.blocks, replicas);
  }

  onAdd(replica: u32, block: u32): void {
    this.index.add(block, replica, false);
    if (this.then != null) this.then!.onAdd(replica, block);
  }

  onDrop(replica: u32, block: u32): void {
    this.index.drop(block, replica, false);
    if (this.then != null) this.then!.onDrop(replica, block);
  }

  /** Begins a walk over the holders of a block; of very many, near `start` and up first. */
  walk(block: u32, start: u32): void {
    // Nobody else asks for blocks of answers that no prompt repeats.
    if (block < trace.blocks) this.index.walk(block, start);
    this.known = block < trace.blocks;
  }

  private known: bool = false;

  /** The next holder, or `NONE`; none may come or go meanwhile. */
  next(): u32 {
    return this.known ? this.index.next() : NONE;
  }

  /** Holders of all blocks. */
  get held(): u32 {
    return this.index.held;
  }
}
