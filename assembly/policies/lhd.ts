/**
 * LHD: the block with the least hit density goes, of a random sample: the chance of a hit over
 * the room and time it will take, learned by counting hits and evictions at each age, for classes
 * of blocks that have been hit at similar ages before.
 *
 * Source: Beckmann, Chen and Cidon, "LHD: improving cache hit rate by maximizing hit density",
 * NSDI 2018. Constants and the first guess of the densities are those of the authors' code in
 * libCacheSim.
 * Cost: O(sample) per eviction, O(classes × ages) once per `period` touches; 17 bytes per slot
 * and 3.7 MiB.
 * With the default period of 2²⁰ touches a shorter trace never learns anything: it is served by
 * the first guess, which is close to a sampled LRU. `lhd(period=65536)` learns on traces of that
 * size.
 */
import { take } from "../arena";
import { NONE } from "../columns/list";
import { Residents } from "../columns/residents";
import { Random } from "../random";
import { Env, Policy } from "./policy";

/** Ages are counted in steps of 2^coarsening touches; the last one means "too old to tell". */
const AGES: u32 = 20000;
const CLASSES: u32 = 16;
const COARSENING_FIRST: u32 = 10;
/** Share of its counts that a class keeps from period to period. */
const MEMORY: f32 = 0.9;
/** The newest blocks that look worthless, candidates besides the random ones. */
const RECENT: u32 = 8;
const SAMPLE_EARLY: u32 = 8;
/** Periods after which the sample is full and nothing is explored any more. */
const PERIODS_EARLY: u32 = 50;
/** One block in so many is kept whatever its density, while there is a budget for it. */
const EXPLORE_ONE_IN: u32 = 32;
const EXPLORE_SHARE: f64 = 0.01;
const AGE_TOLERANCE: f64 = 0.01;
/** The first guess ranks class c by (c + 1 + RANK_FIRST) ÷ (age + 1): nearly by age alone. */
const RANK_FIRST: u32 = 16;
/** The age before the last one of a block that has not been hit: puts it into class 0. */
const NEVER_HIT: u32 = AGES;

/** Slot record: { touched u32, lastAge u16, ageBefore u16 }, ages at the last two hits. */
const NODE_BITS: u32 = 3;

@final export class Lhd extends Policy {
  private readonly residents: Residents;
  private readonly nodes: usize;
  /** u8[slots]: whether the slot is explored. */
  private readonly explored: usize;
  /** f32[CLASSES × AGES] each. */
  private readonly hits: usize;
  private readonly evictions: usize;
  private readonly density: usize;
  /** u32[RECENT]: slots, plus one. */
  private readonly recent: usize;
  private recentCount: u32 = 0;
  private readonly random: Random;
  private readonly sample: u32;
  private readonly period: u32;
  private clock: u32 = 0;
  private untilPeriod: u32;
  private periods: u32 = 0;
  private coarsening: u32 = COARSENING_FIRST;
  private blocksSum: f64 = 0;
  private blocksMass: f64 = 0;
  private victimDensity: f32 = 0;
  private exploreBudget: i64;

  constructor(env: Env) {
    super(env);
    this.residents = new Residents(env.slots);
    this.nodes = take(<usize>env.slots << NODE_BITS);
    this.explored = take(env.slots);
    const bytes = <usize>CLASSES * AGES * 4;
    this.hits = take(bytes);
    this.evictions = take(bytes);
    this.density = take(bytes);
    this.recent = take(<usize>RECENT << 2);
    this.random = env.random("policy/lhd");
    this.sample = <u32>env.parameter(0);
    this.period = <u32>env.parameter(1);
    this.untilPeriod = this.period;
    this.exploreBudget = <i64>(<f64>env.capacity * EXPLORE_SHARE);
    for (let c: u32 = 0; c < CLASSES; c++) {
      for (let age: u32 = 0; age < AGES; age++) {
        store<f32>(this.density + this.cell(c, age), <f32>(c + 1 + RANK_FIRST) / <f32>(age + 1));
      }
    }
  }

  /** Offset of an age of a class in the tables. */
  @inline private cell(c: u32, age: u32): usize {
    return <usize>(c * AGES + age) << 2;
  }

  @inline private node(slot: u32): usize {
    return this.nodes + (slot << NODE_BITS);
  }

  @inline private age(slot: u32): u32 {
    return min((this.clock - load<u32>(this.node(slot))) >> this.coarsening, AGES - 1);
  }

  /** Classes are logarithmic in the sum of the last two ages; the youngest is the highest. */
  private classOf(slot: u32): u32 {
    const node = this.node(slot);
    let age = <u32>load<u16>(node, 4) + <u32>load<u16>(node, 6);
    if (age == 0) return CLASSES - 1;
    let c: u32 = 0;
    for (; age < AGES && c < CLASSES - 1; age <<= 1) c++;
    return c;
  }

  private densityOf(slot: u32): f32 {
    const age = this.age(slot);
    if (age == AGES - 1) return -f32.MAX_VALUE;
    const density = load<f32>(this.density + this.cell(this.classOf(slot), age));
    return load<u8>(this.explored + slot) != 0 ? density + 1.0 : density;
  }

  @inline private count(table: usize, slot: u32): void {
    const cell = table + this.cell(this.classOf(slot), this.age(slot));
    store<f32>(cell, load<f32>(cell) + 1.0);
  }

  onHit(slot: u32, _block: u32): void {
    this.count(this.hits, slot);
    const node = this.node(slot);
    store<u16>(node, load<u16>(node, 4), 6);
    store<u16>(node, <u16>this.age(slot), 4);
    this.touch(slot, false);
  }

  private touch(slot: u32, isNew: bool): void {
    store<u32>(this.node(slot), this.clock);
    this.exploreBudget += load<u8>(this.explored + slot);
    const drawn = this.random.below(EXPLORE_ONE_IN) == 0;
    const explore = drawn && this.exploreBudget > 0 && this.periods < PERIODS_EARLY;
    store<u8>(this.explored + slot, <u8>explore);
    this.exploreBudget -= <i64>explore;
    if (isNew && !drawn && this.densityOf(slot) < this.victimDensity) {
      store<u32>(this.recent + ((this.recentCount++ % RECENT) << 2), slot + 1);
    }
    this.clock++;
    if (--this.untilPeriod > 0) return;
    this.endPeriod();
    this.untilPeriod = this.period;
    this.periods++;
  }

  victim(): u32 {
    const sample = this.periods > PERIODS_EARLY ? this.sample : min(this.sample, SAMPLE_EARLY);
    let least = this.residents.draw(this.random);
    let density = this.densityOf(least);
    for (let i: u32 = 1; i < sample + RECENT; i++) {
      let slot: u32;
      if (i < sample) {
        slot = this.residents.draw(this.random);
      } else {
        slot = load<u32>(this.recent + ((i - sample) << 2)) - 1;
        if (slot == NONE) continue;
      }
      const other = this.densityOf(slot);
      if (other >= density) continue;
      least = slot;
      density = other;
    }
    this.victimDensity = MEMORY * this.victimDensity + (1.0 - MEMORY) * density;
    return least;
  }

  onRemove(slot: u32, _block: u32): void {
    this.count(this.evictions, slot);
    this.exploreBudget += load<u8>(this.explored + slot);
    store<u8>(this.explored + slot, 0);
    this.residents.remove(slot);
    for (let i: u32 = 0; i < RECENT; i++) {
      if (load<u32>(this.recent + (i << 2)) == slot + 1) store<u32>(this.recent + (i << 2), 0);
    }
  }

  onInsert(slot: u32, _block: u32): void {
    this.residents.insert(slot);
    store<u16>(this.node(slot), 0, 4);
    store<u16>(this.node(slot), <u16>NEVER_HIT, 6);
    this.touch(slot, true);
  }

  private endPeriod(): void {
    const end = <usize>CLASSES * AGES * 4;
    for (let at: usize = 0; at < end; at += 4) {
      store<f32>(this.hits + at, MEMORY * load<f32>(this.hits + at));
      store<f32>(this.evictions + at, MEMORY * load<f32>(this.evictions + at));
    }
    this.fitAges();
    for (let c: u32 = 0; c < CLASSES; c++) this.learn(c);
  }

  /** Density at an age: hits to come over time to be lived, both summed from the last age. */
  private learn(c: u32): void {
    let hits: f32 = 0;
    let events: f32 = 0;
    let lifetime: f32 = 0;
    for (let age = AGES; age-- > 0;) {
      const cell = this.cell(c, age);
      hits += load<f32>(this.hits + cell);
      events += load<f32>(this.hits + cell) + load<f32>(this.evictions + cell);
      lifetime += events;
      if (age == AGES - 1) continue;
      store<f32>(this.density + cell, events > 1e-5 ? hits / lifetime : 0);
    }
  }

  /** Twice in a run, chooses the coarsening that gives a full tier 200 blocks to a step of age. */
  private fitAges(): void {
    this.blocksSum = <f64>MEMORY * this.blocksSum + <f64>this.residents.length;
    this.blocksMass = <f64>MEMORY * this.blocksMass + 1.0;
    if (this.periods != 5 && this.periods != 25) return;
    const wanted = this.blocksSum / this.blocksMass / (AGE_TOLERANCE * <f64>AGES);
    let coarsening: u32 = 1;
    while (<f64>(1 << coarsening) < wanted) coarsening++;
    this.blocksSum *= 8;
    this.blocksMass *= 8;
    const before = this.coarsening;
    this.coarsening = coarsening;
    for (let c: u32 = 0; c < CLASSES; c++) {
      this.rescale(this.hits + this.cell(c, 0), before, coarsening);
      this.rescale(this.evictions + this.cell(c, 0), before, coarsening);
    }
  }

  /** Spreads or gathers one table's counts over the new steps of age. */
  private rescale(table: usize, before: u32, after: u32): void {
    if (after > before) {
      const bits = after - before;
      for (let age: u32 = 0; age < AGES - 1; age++) {
        let sum: f32 = 0;
        const end = min((age + 1) << bits, AGES - 1);
        for (let from = min(age << bits, AGES - 1); from < end; from++) {
          sum += load<f32>(table + (from << 2));
        }
        store<f32>(table + (age << 2), sum);
      }
    } else if (after < before) {
      const bits = before - after;
      const last = table + ((AGES - 1) << 2);
      for (let age = AGES >> bits; age < AGES - 1; age++) {
        store<f32>(last, load<f32>(last) + load<f32>(table + (age << 2)));
      }
      for (let age = AGES - 1; age-- > 0;) {
        store<f32>(table + (age << 2), load<f32>(table + ((age >> bits) << 2)) / <f32>(1 << bits));
      }
    }
  }
}
