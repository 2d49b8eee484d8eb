/**
 * Prefix depth: only blocks among the first `depth` of their request enter. The first blocks of a
 * prompt are the shared ones (system prompt, tools, documents); a hit in depth needs all that
 * stands above it, and a write to a slow tier is spared.
 *
 * Source: the selective write of kvcache-sim, which kept the first 4 blocks of 16 tokens whatever
 * its configuration said (`prefix-depth(depth=4)`). That is 64 tokens, less than most system
 * prompts; the default here is 64 blocks, 1,024 tokens in blocks of 16 as serving engines use them.
 * It is a count of blocks: set it anew for other block sizes (64 blocks of 512 tokens are 32,768
 * tokens).
 * Cost: O(1); no memory.
 */
import { Env } from "../policies/policy";
import { Admitter } from "./admitter";

@final export class PrefixDepth extends Admitter {
  private readonly depth: u32;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    this.depth = <u32>this.parameter(0);
  }

  admits(_block: u32): bool {
    return this.env.depth < this.depth;
  }
}
