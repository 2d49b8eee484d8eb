/**
 * Twins of the queue kernels: FIFO, CLOCK, SIEVE and LRU.
 *
 * @module
 */
import type { Twin } from "./twin.ts";

/** Twin of `assembly/kernels/fifo.ts`. */
export const fifo: Twin = ({ block, blocks }, capacity, out) => {
  const number = new Uint32Array(blocks);
  let inserted = 0;
  for (let i = 0; i < block.length; i++) {
    const hit = number[block[i]] > inserted;
    out[i] = Number(hit);
    if (!hit) number[block[i]] = ++inserted + capacity;
  }
  return block.length - inserted;
};

/** Twin of `assembly/kernels/clock.ts`. */
export const clock: Twin = ({ block, blocks }, capacity, out) => {
  const slots = Math.min(capacity, blocks);
  const state = new Uint8Array(blocks);
  const ring = new Uint32Array(slots);
  let hand = 0;
  let room = slots;
  let missed = 0;
  for (let i = 0; i < block.length; i++) {
    const newcomer = block[i];
    if (state[newcomer] !== 0) {
      state[newcomer] = 2;
      out[i] = 1;
      continue;
    }
    out[i] = 0;
    missed++;
    if (room > 0) room--;
    else {
      let victim = ring[hand];
      while (state[victim] > 1) {
        state[victim] = 1;
        if (++hand === slots) hand = 0;
        victim = ring[hand];
      }
      state[victim] = 0;
    }
    ring[hand] = newcomer;
    state[newcomer] = 1;
    if (++hand === slots) hand = 0;
  }
  return block.length - missed;
};

/** Twin of `assembly/kernels/sieve.ts`. */
export const sieve: Twin = ({ block, blocks }, capacity, out) => {
  const slots = Math.min(capacity, blocks);
  const state = new Uint8Array(blocks);
  const queue = new Uint32Array(2 * slots);
  let kept = 0;
  let hand = 0;
  let end = 0;
  let room = slots;
  let missed = 0;
  for (let i = 0; i < block.length; i++) {
    const newcomer = block[i];
    if (state[newcomer] !== 0) {
      state[newcomer] = 3;
      out[i] = 1;
      continue;
    }
    out[i] = 0;
    missed++;
    if (room > 0) room--;
    else {
      let victim = queue[hand++];
      while (state[victim] === 3) {
        state[victim] = 1;
        queue[kept++] = victim;
        if (hand === end) {
          end = kept;
          kept = hand = 0;
        }
        victim = queue[hand++];
      }
      state[victim] = 0;
      if (hand === end) {
        end = kept;
        kept = hand = 0;
      } else if (end === queue.length) {
        queue.copyWithin(kept, hand, end);
        end -= hand - kept;
        hand = kept;
      }
    }
    queue[end++] = newcomer;
    state[newcomer] = 1;
  }
  return block.length - missed;
};

/** Twin of `assembly/kernels/lru.ts`, one by one: JavaScript has no vectors. */
export const lru: Twin = ({ previous, next }, capacity, out) => {
  let tail = 0;
  let room = capacity;
  let missed = 0;
  for (let i = 0; i < previous.length; i++) {
    const hit = previous[i] > tail;
    out[i] = Number(hit);
    if (hit) continue;
    missed++;
    if (room > 0) room--;
    else {
      while (next[tail] < i) tail++;
      tail++;
    }
  }
  return previous.length - missed;
};
