import { ErrorCode } from "../../assembly/abi";
import { rewind, setMark, take } from "../../assembly/arena";
import { failure } from "../../assembly/failure";

// Whatever is made after `setMark` is gone at `rewind`, as-pect's expectations too: so each test
// looks first, and says what it expects at its end.

const SIZES: StaticArray<usize> = [0, 1, 7, 8, 16, 100, 4_096, 65_535, 65_536, 200_000];

function sumOf(address: usize, bytes: usize): u64 {
  let sum: u64 = 0;
  for (let at = address; at < address + bytes; at++) sum += load<u8>(at);
  return sum;
}

class Held {
  constructor(readonly value: u64, readonly text: string) {}
}

describe("take", () => {
  it("aligns everything to 16 bytes", () => {
    let bits: usize = 0;
    for (let i = 0; i < SIZES.length; i++) bits |= take(SIZES[i]);
    expect(bits & 15).toBe(0);
  });

  it("never gives a byte to two", () => {
    const addresses = new StaticArray<usize>(SIZES.length);
    for (let i = 0; i < SIZES.length; i++) {
      addresses[i] = take(SIZES[i]);
      memory.fill(addresses[i], <u8>(i + 1), SIZES[i]);
    }
    let wrong = 0;
    for (let i = 0; i < SIZES.length; i++) {
      if (sumOf(addresses[i], SIZES[i]) != <u64>(i + 1) * SIZES[i]) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it("grows the memory when it must", () => {
    const pages = memory.size();
    const bytes: usize = (<usize>pages << 16) + 12_345;
    const address = take(bytes);
    const last = load<u8>(address + bytes - 1);
    store<u8>(address + bytes - 1, 1);
    expect(last).toBe(0);
    expect(memory.size()).toBeGreaterThan(pages);
  });

  throws("traps where no instance has room", () => {
    take(0xfffff000);
  });

  it("has said why it trapped", () => {
    expect(failure.code).toBe(ErrorCode.OutOfMemory);
    expect(failure.value).toBeGreaterThan(<f64>0xfffff000);
  });
});

describe("rewind", () => {
  it("gives the same memory again, and zeroed", () => {
    setMark();
    const first = take(100_000);
    memory.fill(first, 0xff, 100_000);
    rewind();
    setMark();
    const second = take(300_000);
    const sum = sumOf(second, 300_000);
    rewind();
    expect(second).toBe(first);
    expect(sum).toBe(0);
  });

  it("zeroes what lies behind an earlier, larger run", () => {
    setMark();
    memory.fill(take(50_000), 0xff, 50_000);
    rewind();
    setMark();
    take(10_000);
    const small = take(20_000);
    const smallSum = sumOf(small, 20_000);
    memory.fill(small, 0xff, 20_000);
    rewind();
    setMark();
    const large = take(400_000);
    const largeSum = sumOf(large, 400_000);
    rewind();
    expect(smallSum).toBe(0);
    expect(largeSum).toBe(0);
  });

  it("zeroes what objects of the run have written", () => {
    setMark();
    const before = take(16);
    const held = new Held(u64.MAX_VALUE, "a");
    let sum = held.value - u64.MAX_VALUE;
    rewind();
    setMark();
    const after = take(4_096);
    sum += sumOf(after, 4_096);
    rewind();
    expect(after).toBe(before);
    expect(sum).toBe(0);
  });

  it("keeps what was taken, and made, before the mark", () => {
    const kept = take(1_000);
    memory.fill(kept, 7, 1_000);
    const held = new Held(11, "before the mark");
    setMark();
    memory.fill(take(10_000), 0xff, 10_000);
    rewind();
    setMark();
    memory.fill(take(10_000), 0xff, 10_000);
    rewind();
    expect(sumOf(kept, 1_000)).toBe(7_000);
    expect(held.value).toBe(11);
    expect(held.text).toBe("before the mark");
  });

  it("may be repeated without growing the memory", () => {
    setMark();
    take(1 << 20);
    rewind();
    const pages = memory.size();
    let address: usize = 0;
    let moved = 0;
    for (let i = 0; i < 1_000; i++) {
      setMark();
      const next = take(1 << 20);
      if (address != 0 && next != address) moved++;
      address = next;
      rewind();
    }
    expect(memory.size()).toBe(pages);
    expect(moved).toBe(0);
  });
});
