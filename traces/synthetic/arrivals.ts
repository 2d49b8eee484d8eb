/**
 * When sessions (or single requests) begin.
 *
 * @module
 */

import { sineOfTurns } from "./exact_math.ts";
import { choice, type Declarations, duration, number, rate } from "./parameters.ts";
import type { Random } from "./random.ts";

/** How arrivals come. */
export interface ArrivalParameters {
  readonly arrivals: "poisson" | "gamma" | "on-off" | "diurnal" | "steady";
  /** Mean rate over a long time, whatever the process. */
  readonly ratePerSecond: number;
  readonly burstiness: number;
  readonly onNs: number;
  readonly offNs: number;
  readonly peakToTrough: number;
  readonly periodNs: number;
}

/** The parameters, with a rate of the caller's. */
export function arrivalParameters(
  perSecond: string,
  source: string,
): Declarations<ArrivalParameters> {
  return {
    arrivals: choice(
      ["poisson", "gamma", "on-off", "diurnal", "steady"],
      "poisson",
      "process of arrivals; all have the mean `rate`",
    ),
    ratePerSecond: rate(perSecond, `mean arrivals; ${source}`),
    burstiness: number(2, "`gamma`: coefficient of variation of the gaps (1 is Poisson)", 0.1, 20),
    onNs: duration("60 s", "`on-off`: mean length of a burst"),
    offNs: duration("240 s", "`on-off`: mean silence between bursts"),
    peakToTrough: number(3.6, "`diurnal`: peak over trough; Azure 2024 conversation", 1, 1000),
    periodNs: duration("24 h", "`diurnal`: length of a day"),
  };
}

/** Gives one arrival after the other, in whole nanoseconds. */
export class Arrivals {
  #nowNs = 0;
  #onLeftNs: number;

  constructor(readonly parameters: ArrivalParameters, readonly random: Random) {
    this.#onLeftNs = random.exponential() * parameters.onNs;
  }

  next(): number {
    this.#nowNs += this.#gap();
    return this.#nowNs;
  }

  #gap(): number {
    const { arrivals, ratePerSecond, burstiness } = this.parameters;
    const meanNs = 1e9 / ratePerSecond;
    switch (arrivals) {
      case "steady":
        return Math.round(meanNs);
      case "poisson":
        return Math.round(meanNs * this.random.exponential());
      case "gamma": {
        const shape = 1 / (burstiness * burstiness);
        return Math.round(meanNs / shape * this.random.gamma(shape));
      }
      case "on-off":
        return this.#onOffGap(meanNs);
      case "diurnal":
        return this.#diurnalGap(meanNs);
    }
  }

  /** Exponential gaps during bursts, as much faster as bursts are rare. */
  #onOffGap(meanNs: number): number {
    const { onNs, offNs } = this.parameters;
    let gap = meanNs * onNs / (onNs + offNs) * this.random.exponential();
    let silence = 0;
    while (gap >= this.#onLeftNs) {
      gap -= this.#onLeftNs;
      silence += this.#onLeftNs + offNs * this.random.exponential();
      this.#onLeftNs = onNs * this.random.exponential();
    }
    this.#onLeftNs -= gap;
    return Math.round(silence + gap);
  }

  /** Thins a Poisson process of the peak rate to a sine. */
  #diurnalGap(meanNs: number): number {
    const { peakToTrough, periodNs } = this.parameters;
    const swing = (peakToTrough - 1) / (peakToTrough + 1);
    let gap = 0;
    for (;;) {
      gap += meanNs / (1 + swing) * this.random.exponential();
      const level = 1 + swing * sineOfTurns((this.#nowNs + gap) / periodNs);
      if (this.random.unit() * (1 + swing) < level) return Math.round(gap);
    }
  }
}
