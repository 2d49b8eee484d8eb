/**
 * How much later turns of sessions come than in the trace, because the turn before them had not
 * ended.
 *
 * ```
 * delay     = arrival − due, of a turn that follows another; due is the trace's own time
 * waited    = Σ (scheduled − arrival) + (decodeStart − firstToken) over the turns before the last
 * held back = Σ min(delay of the last turn, waited) ÷ Σ (arrival of last − arrival of first turn),
 *             over sessions
 * ```
 *
 * A closed loop never shows a growing queue: sessions that wait for their answers ask for less.
 * They are held back by 5 % where a twentieth of the time that they take is waiting which the trace
 * does not have. An answer that takes long without any waiting is no overload, and does not count.
 *
 * @module
 */

import type { ServingResult } from "../../engine/serving_result.ts";
import { isCounted } from "./counted.ts";

/** What became of the trace's own times. */
export interface TurnDelays {
  /** Of turns that follow another and came, in ascending order; 0 for those on time. */
  readonly delayNs: Float64Array;
  /** Share of the time of sessions, 0 or more. */
  readonly heldBack: number;
}

/** Delays of turns, or `undefined` where none waits for another. */
export function turnDelaysOf(result: ServingResult): TurnDelays | undefined {
  const { requests, turns } = result;
  if (turns === undefined) return undefined;
  const { arrivalNs, scheduledNs, firstTokenNs, decodeStartNs } = requests;
  const { dueNs, previous } = turns;
  const count = arrivalNs.length;
  const first = new Uint32Array(count);
  const waitedNs = new Float64Array(count);
  const isFollowed = new Uint8Array(count);
  const delays: number[] = [];
  for (let row = 0; row < count; row++) {
    first[row] = row;
    const before = previous[row];
    if (!(before < row) || !isCounted(result, row)) continue;
    delays.push(Math.max(0, arrivalNs[row] - dueNs[row]));
    // Of a session that began in the warm-up, the turns behind it are looked at.
    if (!isCounted(result, before)) continue;
    first[row] = first[before];
    isFollowed[before] = 1;
    const waited = scheduledNs[before] - arrivalNs[before] +
      decodeStartNs[before] - firstTokenNs[before];
    // A turn that was refused made nobody wait.
    waitedNs[row] = waitedNs[before] + (Number.isNaN(waited) ? 0 : waited);
  }
  if (delays.length === 0) return undefined;
  let lost = 0;
  let spanned = 0;
  for (let row = 0; row < count; row++) {
    if (isFollowed[row] === 1 || first[row] === row) continue;
    lost += Math.min(Math.max(0, arrivalNs[row] - dueNs[row]), waitedNs[row]);
    spanned += arrivalNs[row] - arrivalNs[first[row]];
  }
  return {
    delayNs: Float64Array.from(delays).sort(),
    heldBack: spanned === 0 ? 0 : lost / spanned,
  };
}
