/**
 * splitmix64 with named streams: a new consumer never shifts an old one.
 *
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 */
@final export class Random {
  private state: u64;

  constructor(seed: u64, stream: string) {
    // FNV-1a over the name, so that streams of one seed are unrelated.
    let name: u64 = 0xcbf29ce484222325;
    for (let i = 0, length = stream.length; i < length; i++) {
      name = (name ^ <u64>stream.charCodeAt(i)) * 0x100000001b3;
    }
    this.state = seed ^ mix(name);
  }

  /** 64 uniform bits. */
  @inline next(): u64 {
    this.state += 0x9e3779b97f4a7c15;
    return mix(this.state);
  }

  /** Uniform in [0, bound), by the high half of a product; the bias is below 2⁻³². */
  @inline below(bound: u32): u32 {
    return <u32>(((this.next() >> 32) * <u64>bound) >> 32);
  }

  /** Uniform in [0, 1), 53 bits. */
  @inline unit(): f64 {
    return <f64>(this.next() >> 11) * (1.0 / 9007199254740992.0);
  }
}

/** The finaliser of splitmix64; also a good hash of a block number. */
@inline export function mix(value: u64): u64 {
  let z = value;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
