/** The replica that is seen to hold most of the prompt; of equal ones, the fewest in flight. */
import { Cheapest, seenBlocks } from "./cheapest";
import { Town } from "./router";

@final export class LongestPrefix extends Cheapest {
  constructor(town: Town) {
    super(town, seenBlocks(town));
  }

  cost(index: u32, _request: u32): f64 {
    return -<f64>this.candidates.depth(index);
  }
}
