/** What can happen in a cluster. */
export enum ServingEvent {
  Arrival = 0, // subject: request
  Step = 1, // subject: replica, detail: version of its step
  Loaded = 2, // subject: request; stored blocks are in HBM
  Handed = 3, // subject: request; its KV is in the decoder
  Link = 4, // subject: link, detail: version; a transfer on it may be over
  Stored = 5, // subject: a pending write; its block can be read from a store
  Fault = 6, // subject: row of the faults
  Room = 7, // subject: replica; it has room that it did not have
}
