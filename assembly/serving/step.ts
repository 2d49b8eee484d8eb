/**
 * The time of one step, by the formula of `engine/step_model.ts` on the host. The dense products
 * depend on the number of new tokens only, and that repeats: they are kept once computed.
 */
import { PRODUCT_BYTES, STEP_MODEL_BYTES } from "../abi_engine";
import { REPLICA_BYTES, ReplicaFlag } from "../abi_serving";
import { take } from "../arena";
import { header as trace } from "../columns/trace";
import { ReplicaRecord, ServingHeader } from "./layout";
import { ProductRecord, StepModelRecord } from "./layout_steps";

/** Who attends to whom in a step; see `StepWork` in `engine/step_model.ts`. */
@final export class Attention {
  pairs: f64 = 0;
  context: f64 = 0;
  windowPairs: f64 = 0;
  windowContext: f64 = 0;

  clear(): void {
    this.pairs = 0;
    this.context = 0;
    this.windowPairs = 0;
    this.windowContext = 0;
  }

  /** Adds a prompt's chunk: `count` tokens after `before` computed ones. */
  addChunk(before: u32, count: u32, window: u32): void {
    const b = <f64>before;
    const n = <f64>count;
    this.pairs += n * b + n * (n + 1) * 0.5;
    if (window == 0) return;
    // As many tokens see all before them; the rest see a window.
    const free = max(0.0, min(n, <f64>window - b));
    this.windowPairs += free * b + free * (free + 1) * 0.5 + (n - free) * <f64>window;
  }

  /** Adds a sequence that decodes over so many tokens. */
  addContext(tokens: u32, window: u32): void {
    this.context += <f64>tokens;
    this.windowContext += <f64>min(tokens, window);
  }
}

@final export class StepTime {
  /** f64[budget + 1]: nanoseconds of the products for so many tokens; 0 when not known yet. */
  private readonly known: usize;
  /** For those who estimate: what they fill in is theirs until the next estimate. */
  readonly estimate: Attention = new Attention();

  /** @param most Most new tokens of a step. */
  constructor(private readonly model: StepModelRecord, private readonly most: u32) {
    this.known = take((<usize>most + 1) << 3);
  }

  /** Nanoseconds of a step, not rounded. */
  ns(tokens: u32, sequences: u32, attention: Attention): f64 {
    const model = this.model;
    const prompts = model.pairNs * attention.pairs + model.windowPairNs * attention.windowPairs;
    let contexts = model.contextNs * attention.context +
      model.windowContextNs * attention.windowContext;
    if (attention.pairs > 0 && attention.context > 0) {
      contexts = contexts * model.mixedContextFactor + model.mixedSequenceNs * <f64>sequences;
    }
    return this.fixed(tokens, sequences) + prompts + contexts;
  }

  /** The part that does not depend on the length of contexts. */
  fixed(tokens: u32, sequences: u32): f64 {
    const model = this.model;
    return model.stepNs + model.allReduceNs + this.products(tokens) +
      model.sequenceNs * <f64>sequences +
      (model.tokenNs + model.allReduceNsPerToken) * <f64>tokens;
  }

  /** Of each token more of context: in layers that see all of it, and in those with a window. */
  @inline get contextNs(): f64 {
    return this.model.contextNs;
  }

  @inline get windowContextNs(): f64 {
    return this.model.windowContextNs;
  }

  /** Tokens that layers with a window look back; 0 without such layers. */
  @inline get windowTokens(): u32 {
    return this.model.windowTokens;
  }

  private products(tokens: u32): f64 {
    assert(tokens <= this.most, "more tokens than the budget");
    const at = this.known + (<usize>tokens << 3);
    let ns = load<f64>(at);
    if (ns == 0 && tokens > 0) {
      ns = this.evaluate(<f64>tokens);
      store<f64>(at, ns);
    }
    return ns;
  }

  private evaluate(tokens: f64): f64 {
    const p = this.model.smoothness;
    let sum: f64 = 0;
    for (let i: u32 = 0; i < this.model.products; i++) {
      const product = changetype<ProductRecord>(this.model.productRecords + i * PRODUCT_BYTES);
      const read = product.weightNs * (1 - Math.pow(1 - product.activeShare, tokens));
      const work = product.nsPerToken * tokens;
      sum += Math.pow(Math.pow(work, p) + Math.pow(read, p), 1 / p) + product.overheadNs;
    }
    return sum;
  }
}

/** The step times of a cluster, each with room for its largest step. */
export function makeTimes(header: ServingHeader): StaticArray<StepTime> {
  let longest: u32 = 0;
  for (let r: u32 = 0; r < trace.requests; r++) {
    const prompt = load<u32>(trace.inputTokens + (r << 2));
    longest = max(longest, prompt + load<u32>(header.outputTokens + (r << 2)));
  }
  let most: u32 = 1;
  for (let i: u32 = 0; i < header.replicas; i++) {
    const record = changetype<ReplicaRecord>(header.replicaRecords + i * REPLICA_BYTES);
    most = max(most, max(record.tokenBudget, record.maxSequences));
    if ((record.flags & ReplicaFlag.ChunkedPrefill) == 0) most = max(most, longest);
  }
  const times = new StaticArray<StepTime>(header.stepModels);
  for (let i: u32 = 0; i < header.stepModels; i++) {
    const record = changetype<StepModelRecord>(header.stepModelRecords + i * STEP_MODEL_BYTES);
    unchecked(times[i] = new StepTime(record, most));
  }
  return times;
}
