/** None: nothing is fetched before it is asked for. */
import { Prefetcher } from "./prefetcher";

@final export class None extends Prefetcher {
  onLookup(_block: u32): void {}

  candidates(_block: u32, _out: usize, _max: u32): u32 {
    return 0;
  }
}
