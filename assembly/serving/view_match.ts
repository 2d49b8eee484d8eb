/**
 * How much of a prompt is held, and by whom. Holders hold prefixes, so along a prompt there are
 * never more of them further on: questions are answered by halving.
 */
import { Prompts } from "./prompts";
import { BlockIndex } from "./view_index";

@final export class Matcher {
  constructor(readonly prompts: Prompts, readonly index: BlockIndex) {}

  /** Leading blocks of the prompt, `end` at most, that more than `holders` hold. */
  reach(request: u32, end: u32, holders: u32): u32 {
    let low: u32 = 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.index.count(this.prompts.block(request, middle)) > holders) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Leading whole blocks of the prompt that a replica holds. */
  depth(request: u32, replica: u32): u32 {
    let low: u32 = 0;
    let high = this.reach(request, this.prompts.wholeBlocks(request), 0);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.index.has(this.prompts.block(request, middle), replica)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
