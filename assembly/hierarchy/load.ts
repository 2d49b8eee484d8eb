/** One load that a request may make: what it would take, and how to take it back. */
import { TierFound } from "./found";
import { Queue, SAVED_BYTES } from "./queue";

/** Size of a `Load`. */
export const LOAD_BYTES: usize = 104;

@unmanaged export class Load {
  /** State of both queues before. */
  readChannelNs: u64;
  readPlaceNs: u64;
  writeChannelNs: u64;
  writePlaceNs: u64;
  /** When the bytes are there. */
  endNs: u64;
  /** What it takes where nobody waits. */
  unhinderedNs: u64;
  readWaitNs: u64;
  readServiceNs: u64;
  writeWaitNs: u64;
  writeServiceNs: u64;
  /** To bring it into the form of the fastest tier. */
  dequantiseNs: u64;
  block: u32;
  tier: u32;
  /** Place in the request. */
  depth: u32;
  /** Whether it ends in the fastest tier, or is read where it is. */
  moves: u32;
}

if (offsetof<Load>() != LOAD_BYTES) ERROR("Load drifted in size");

/**
 * Sends bytes from one device to another, or to the GPU (`write` is null): reading and writing
 * overlap, so that the slower of both channels decides. Fills all fields but the last five.
 */
export function send(load: Load, read: Queue, write: Queue | null, nowNs: u64, bytes: u64): void {
  const at = changetype<usize>(load);
  read.save(at);
  let endNs = read.submit(nowNs, bytes);
  let channelNs = read.busyNs;
  load.readWaitNs = read.waitNs;
  load.readServiceNs = read.serviceNs;
  load.unhinderedNs = read.serviceNs;
  load.writeWaitNs = 0;
  load.writeServiceNs = 0;
  if (write != null) {
    write.save(at + SAVED_BYTES);
    const writtenNs = write.submit(endNs - channelNs, bytes);
    channelNs = max(channelNs, write.busyNs);
    endNs = max(writtenNs, endNs + write.latencyNs);
    load.writeWaitNs = write.waitNs;
    load.writeServiceNs = write.serviceNs;
    load.unhinderedNs = read.latencyNs + write.latencyNs + channelNs;
  }
  load.endNs = endNs;
}

/** Takes the newest `send` on these queues back. */
export function takeBack(load: Load, read: Queue, write: Queue | null): void {
  const at = changetype<usize>(load);
  read.restore(at);
  if (write != null) write.restore(at + SAVED_BYTES);
}

/** Adds a transfer to the counters of the devices. */
export function account(load: Load, source: TierFound, target: TierFound | null): void {
  accountRead(source, load.readServiceNs, load.readWaitNs, 1);
  if (target != null) accountWrite(target, load.writeServiceNs, load.writeWaitNs, 1);
}

/** Adds `count` reads. */
@inline
export function accountRead(source: TierFound, busyNs: u64, waitNs: u64, count: u32): void {
  source.readBusyNs += busyNs;
  source.waitNs += waitNs;
  source.transfers += count;
}

/** Adds `count` writes. */
@inline
export function accountWrite(target: TierFound, busyNs: u64, waitNs: u64, count: u32): void {
  target.writeBusyNs += busyNs;
  target.waitNs += waitNs;
  target.transfers += count;
}
