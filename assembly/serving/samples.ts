/**
 * What happens over time, as sums in columns of equal width: bytes over links, blocks in use, time
 * in steps. The host says which row is whose.
 *
 * Nobody knows beforehand when a run ends: when time passes the last column, pairs of columns are
 * folded into one and the width is doubled. So between half of the columns and all of them are in
 * use at the end, however long the run.
 *
 * Cost of an amount: O(1) and the columns that it spans; of all foldings: O(table × log time).
 */
import { NONE, SAMPLES_BYTES } from "../abi_serving";
import { ServingHeader } from "./layout";
import { SamplesRecord } from "./layout_links";

/** Stands for what the host did not ask for. */
const NOBODYS = memory.data(SAMPLES_BYTES, 8);

@final export class Samples {
  /** Whether anybody wants them. */
  readonly isOn: bool;
  private readonly record: SamplesRecord;
  private readonly table: usize;
  private readonly columns: u32;
  /** A column is 2^bits ns wide. */
  private bits: u64;
  /** Where the last column ends. */
  private endNs: u64;

  constructor(header: ServingHeader) {
    const isOn = header.samples != 0;
    const record = changetype<SamplesRecord>(isOn ? <usize>header.samples : NOBODYS);
    this.isOn = isOn;
    this.record = record;
    this.table = record.table;
    this.columns = record.columns;
    this.bits = record.widthBits;
    this.endNs = <u64>record.columns << this.bits;
  }

  @inline private cell(row: u32, column: u64): usize {
    return this.table + ((<usize>row * this.columns + <usize>column) << 3);
  }

  /** Spreads an amount evenly over an interval; over none, it is of that instant. */
  add(row: u32, fromNs: u64, toNs: u64, amount: f64): void {
    if (row == NONE) return;
    const untilNs = toNs > fromNs ? toNs - 1 : fromNs;
    this.reach(untilNs);
    const first = fromNs >> this.bits;
    const last = untilNs >> this.bits;
    if (first == last) return increase(this.cell(row, first), amount);
    const perNs = amount / <f64>(toNs - fromNs);
    const whole = perNs * <f64>(<u64>1 << this.bits);
    increase(this.cell(row, first), perNs * <f64>(((first + 1) << this.bits) - fromNs));
    for (let column = first + 1; column < last; column++) increase(this.cell(row, column), whole);
    increase(this.cell(row, last), perNs * <f64>(toNs - (last << this.bits)));
  }

  /** Makes columns so wide that a time lies in one. */
  reach(ns: u64): void {
    while (ns >= this.endNs) this.fold();
  }

  /** Two columns become one. */
  private fold(): void {
    const half: u32 = this.columns >> 1;
    for (let row: u32 = 0; row < this.record.rows; row++) {
      for (let column: u32 = 0; column < half; column++) {
        const pair = this.cell(row, column << 1);
        store<f64>(this.cell(row, column), load<f64>(pair) + load<f64>(pair, 8));
      }
      memory.fill(this.cell(row, half), 0, <usize>half << 3);
    }
    this.bits++;
    this.endNs <<= 1;
    this.record.widthBits = <u32>this.bits;
  }
}

@inline function increase(at: usize, amount: f64): void {
  store<f64>(at, load<f64>(at) + amount);
}
