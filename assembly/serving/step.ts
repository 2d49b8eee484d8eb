/**
 * The time of one step, by the formula of `serving/step_model.ts` on the host. The dense products
 * depend on the number of new tokens only, and that repeats: they are kept once computed.
 */
import { PRODUCT_BYTES, REPLICA_BYTES, ReplicaFlag, STEP_MODEL_BYTES } from "../abi_serving";
import { take } from "../arena";
import { ProductRecord, ReplicaRecord, ServingHeader, StepModelRecord } from "./layout";

@final export class StepTime {
  /** f64[budget + 1]: nanoseconds of the products for so many tokens; 0 when not known yet. */
  private readonly known: usize;

  /** @param most Most new tokens of a step. */
  constructor(private readonly model: StepModelRecord, private readonly most: u32) {
    this.known = take((<usize>most + 1) << 3);
  }

  /** Nanoseconds of a step, not rounded. */
  ns(tokens: u32, sequences: u32, pairs: f64, contextTokens: f64): f64 {
    const model = this.model;
    return this.fixed(tokens, sequences) + model.pairNs * pairs + model.contextNs * contextTokens;
  }

  /** The part that does not depend on the length of contexts. */
  fixed(tokens: u32, sequences: u32): f64 {
    const model = this.model;
    return model.stepNs + model.allReduceNs + this.products(tokens) +
      model.sequenceNs * <f64>sequences +
      (model.tokenNs + model.allReduceNsPerToken) * <f64>tokens;
  }

  /** How much longer a step is for each token of context that decoding sequences read. */
  @inline get contextNs(): f64 {
    return this.model.contextNs;
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
  let most: u32 = 1;
  for (let i: u32 = 0; i < header.replicas; i++) {
    const record = changetype<ReplicaRecord>(header.replicaRecords + i * REPLICA_BYTES);
    most = max(most, max(record.tokenBudget, record.maxSequences));
    if ((record.flags & ReplicaFlag.ChunkedPrefill) == 0) {
      most = max(most, record.blocks * header.blockTokens);
    }
  }
  const times = new StaticArray<StepTime>(header.stepModels);
  for (let i: u32 = 0; i < header.stepModels; i++) {
    const record = changetype<StepModelRecord>(header.stepModelRecords + i * STEP_MODEL_BYTES);
    unchecked(times[i] = new StepTime(record, most));
  }
  return times;
}
