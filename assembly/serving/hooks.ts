/**
 * Where the rest of the cluster joins a scheduler. Each has a form that does nothing, so that one
 * engine by itself needs none of it.
 */

/** Sources of KV besides computing it: places below HBM, and other replicas. */
export class Loads {
  /**
   * Asked when a request is about to be scheduled with `cached` leading blocks in HBM: how many
   * blocks behind them to load, `room` at the most. Above 0, the blocks are on their way, and the
   * scheduler keeps the room until `Scheduler.loaded`.
   */
  load(_request: u32, _replica: u32, _cached: u32, _room: u32, _nowNs: u64): u32 {
    return 0;
  }
}

/** Places below HBM. */
export class Stores {
  /** The KV of a request's blocks `from` to `to` was computed in a replica. */
  onComputed(_request: u32, _replica: u32, _from: u32, _to: u32, _nowNs: u64): void {}

  /** The KV of a request's blocks `from` to `to` was loaded into a replica from stores. */
  onLoaded(_request: u32, _replica: u32, _from: u32, _to: u32, _nowNs: u64): void {}

  /** HBM gave a block up. */
  onEvicted(_replica: u32, _block: u32, _nowNs: u64): void {}
}

/** Who hears of requests that leave their queue. */
export class LetIn {
  /** An engine is about to load KV for a request or to compute it, maybe not for the first time. */
  onLetIn(_request: u32): void {}
}

/** Room that is kept for requests that are still elsewhere. */
export class Promises {
  /** Takes one back whose prompt is not computed yet; `false` when there is none. */
  revoke(_replica: u32, _nowNs: u64): bool {
    return false;
  }

  /** Whether a computed prompt waits for room in any decoder. */
  isAwaited(): bool {
    return false;
  }
}

/** What comes after a request's steps in a replica. */
export class Outcome {
  /** A step begins that computes some of a request's prompt, and will last so long. */
  onChunk(_request: u32, _replica: u32, _nowNs: u64, _stepNs: u64): void {}

  /** The prompt is computed in a prefill replica; its blocks are held until `Scheduler.leave`. */
  onPrompt(_request: u32, _replica: u32, _nowNs: u64): void {}

  /** The request has all its tokens, and has left the replica. */
  onFinish(_request: u32, _replica: u32, _nowNs: u64): void {}

  /** A replica may have room that it did not have. */
  onLoad(_replica: u32, _nowNs: u64): void {}

  /** The first token of a request is out. */
  onFirstToken(_request: u32, _nowNs: u64): void {}

  /** What a router may hear of a replica's load has changed. */
  onShown(_replica: u32): void {}
}
