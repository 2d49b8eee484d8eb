/**
 * What the learned policy knows of a block at its last touch: bytes on a logarithmic scale, made of
 * the past alone. They depend on the touches seen, not on what is resident, so that a run which
 * records for training and a run which serves compute the same rows.
 *
 * ```
 * block: | last u32 | first u32 | gaps u8[4] | touches u16 | turn u8 | – u8 |
 * ```
 *
 * Cost: 16 bytes per block; O(1) per touch and one look at each leading known block per request.
 */
import { Feature } from "./abi";
import { take } from "./arena";
import { Env } from "./policies/policy";

const BLOCK_BITS: u32 = 5;
const LAST: usize = 16;
const FIRST: usize = 20;
const TOUCHES: usize = 24;
const TURN: usize = 26;

/** Ages below 2^8 accesses are one bucket; above, two buckets to each doubling. */
const AGE_BITS: u32 = 8;
export const AGE_BUCKETS: u32 = 2 * (32 - AGE_BITS) + 1;

/** 0 for 0, else 1 + ⌊4·log2 x⌋ with the mantissa's two top bits for the fraction. */
export function quarterLog(x: u32): u32 {
  if (x == 0) return 0;
  const exponent = 31 - clz(x);
  const bits = exponent >= 2 ? x >> (exponent - 2) : x << (2 - exponent);
  return (exponent << 2) + (bits & 3) + 1;
}

/** The bucket of an age in accesses; rising with it. */
export function ageBucket(age: u32): u32 {
  if (age < 1 << AGE_BITS) return 0;
  const exponent = 31 - clz(age);
  return ((exponent - AGE_BITS) << 1) + ((age >> (exponent - 1)) & 1) + 1;
}

/** The least age of a bucket above 0. */
export function bucketStart(bucket: u32): u32 {
  const half = bucket - 1;
  const start: u32 = 1 << ((half >> 1) + AGE_BITS);
  return (half & 1) == 0 ? start : start + (start >> 1);
}

/** The history of every block, and the request in progress. */
@final export class History {
  private readonly blocks: usize;
  private request: u32 = 0;
  private knownBlocks: u32 = 0;
  private turn: u32 = 1;
  private pause: u32 = 0;

  /** @param clock Where the replay says what it touches: the environment of the fastest tier. */
  constructor(readonly clock: Env) {
    this.blocks = take(<usize>clock.blocks << BLOCK_BITS);
  }

  /** Address of the block's row as of its last touch; zeros before the first. */
  @inline row(block: u32): usize {
    return this.blocks + (<usize>block << BLOCK_BITS);
  }

  /** The access that touched a block last; now, for one that was fetched before any touch. */
  @inline lastTouch(block: u32): u32 {
    const last = load<u32>(this.row(block), LAST);
    return last == 0 ? this.clock.now : last - 1;
  }

  /** Notes a touch, and makes the block's row. */
  observe(block: u32): void {
    const env = this.clock;
    if (this.request != env.requestStart + 1) this.beginRequest();
    const row = this.row(block);
    const now = env.now;
    const last = load<u32>(row, LAST);
    let gaps = load<u32>(row + Feature.Gap1);
    if (last == 0) {
      store<u32>(row, now, FIRST);
      store<u8>(row, <u8>this.turn, TURN);
    } else {
      gaps = (gaps << 8) | quarterLog(now + 1 - last);
    }
    const touches = min(<u32>load<u16>(row, TOUCHES) + 1, 0xffff);
    store<u32>(row, now + 1, LAST);
    store<u16>(row, <u16>touches, TOUCHES);
    store<u32>(row + Feature.Gap1, gaps);
    store<u8>(row + Feature.Touches, <u8>quarterLog(touches));
    store<u8>(row + Feature.Lifetime, <u8>quarterLog(now - load<u32>(row, FIRST)));
    store<u8>(row + Feature.Depth, <u8>quarterLog(env.depth));
    store<u8>(row + Feature.Behind, <u8>quarterLog(env.requestBlocks - 1 - env.depth));
    store<u8>(row + Feature.RequestBlocks, <u8>quarterLog(env.requestBlocks));
    store<u8>(row + Feature.KnownBlocks, <u8>quarterLog(this.knownBlocks));
    store<u8>(row + Feature.Turn, <u8>this.turn);
    store<u8>(row + Feature.Pause, <u8>quarterLog(this.pause));
  }

  /** Looks how much of the request was seen before: what any prefix cache does at arrival. */
  private beginRequest(): void {
    const env = this.clock;
    this.request = env.requestStart + 1;
    this.knownBlocks = 0;
    this.turn = 1;
    this.pause = 0;
    if (env.requestColumn == 0) return;
    const count = env.requestBlocks;
    let deepest: usize = 0;
    for (let i: u32 = 0; i < count; i++) {
      const place = env.tailFirst ? count - 1 - i : i;
      const row = this.row(load<u32>(env.requestColumn + (place << 2)));
      if (load<u32>(row, LAST) == 0) break;
      deepest = row;
      this.knownBlocks++;
    }
    if (deepest == 0) return;
    this.turn = min(<u32>load<u8>(deepest, TURN) + 1, 255);
    this.pause = env.now + 1 - load<u32>(deepest, LAST);
  }
}
