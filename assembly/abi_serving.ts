// The boundary of the serving simulation, declared once, as in abi.ts: literals and enums only,
// numbers little-endian. `ABI_VERSION` covers this file, too. What is found is in abi_served.ts.

/** In columns of requests: there is none. */
export const NONE = 0xffffffff;

/** A cluster and its load, as the host asks for it. Addresses are 0 for absent columns. */
export enum ServingField {
  Replicas = 0, // u32, engines; 1 or more
  ReplicaRecords = 4, // u32 address of REPLICA_BYTES × replicas
  StepModels = 8, // u32, how many step models
  StepModelRecords = 12, // u32 address of STEP_MODEL_BYTES × step models
  Links = 16, // u32, how many links
  LinkRecords = 20, // u32 address of LINK_BYTES × links
  Stores = 24, // u32, how many stores
  StoreRecords = 28, // u32 address of STORE_BYTES × stores
  Faults = 32, // u32, how many faults
  FaultRecords = 36, // u32 address of FAULT_BYTES × faults, in order of time
  Router = 40, // u32, index told by the registry
  RouterSample = 44, // u32, replicas looked at for a request, 0 for all
  StalenessNs = 48, // u64, age of what the router sees
  Seed = 56, // u64
  ArrivalNs = 64, // u32 address of f64[requests], integers that do not fall
  OutputTokens = 68, // u32 address of u32[requests], 1 or more each
  Session = 72, // u32 address of u32[requests]
  Previous = 76, // u32 address of u32[requests]: the turn that must end first, or NONE
  ThinkNs = 80, // u32 address of f64[requests]: least time after the turn before
  Results = 84, // u32 address of SERVED_BYTES × requests, out
  BlockTokens = 88, // u32
  BlockBytes = 92, // u32, KV of one block over all GPUs of a replica
  SpeculativeView = 96, // u32, 1 when the router expects routed prompts to be cached
  Handover = 100, // u32, a Handover: how KV goes from prefill to decode
  DeltaTransfer = 104, // u32, 1 to send only the blocks that the decoder lacks
  Recompute = 108, // u32, a LoadChoice
  Discipline = 112, // u32, a Discipline of all links
  Layers = 116, // u32, of the model: layers whose transfer may overlap the prefill
  JitterShape = 120, // f64, coefficient of variation of link times, 0 for none
  TailProbability = 128, // f64, of a transfer that is slow
  TailFactor = 136, // f64, how much slower, 1 or more
  CheckBooks = 144, // u32, 1 to check all books after every event
  StepLog = 148, // u32 address of STEP_LOG_BYTES × StepLogRoom, out
  StepLogRoom = 152, // u32, 0 for none
  Continuation = 156, // u32 address of u32[requests]: the turn that repeats the answer, or NONE
  RouterParameters = 160, // f64[8], in the order that the registry declares
  WriteDelayNs = 224, // u64, a write to a store that would wait longer for others is dropped
  Spines = 232, // u32, links that a rack has each way, one to each spine; 1 or more
  Samples = 236, // u32 address of a record of SAMPLES_BYTES, 0 for none
  Peers = 240, // u32, a PeerReach
  Evictions = 244, // u32, how many eviction rules; 1 or more
  EvictionRecords = 248, // u32 address of EVICTION_BYTES × evictions
  Reserved = 252, // u32, zero
  WarmupNs = 256, // u64, what happens before counts in no sum; 0 for none
}
export const SERVING_BYTES = 264;
export const ROUTER_PARAMETERS_MAX = 8;

/** Whose HBM a replica reads blocks from. */
export enum PeerReach {
  None = 0,
  Island = 1, // replicas of its island, over LinkPeer
  Rack = 2, // those, and replicas of its rack
  Cluster = 3, // those, and all others
}

/** What a replica does. */
export enum Role {
  Unified = 0,
  Prefill = 1,
  Decode = 2,
}

/** One engine: a group of GPUs that serves one copy of the model. */
export enum ReplicaField {
  Role = 0, // u32, a Role
  Node = 4, // u32
  Rack = 8, // u32
  StepModel = 12, // u32, index
  Blocks = 16, // u32, KV blocks that fit beside weights and activations
  MaxSequences = 20, // u32, sequences of one step
  TokenBudget = 24, // u32, new tokens of one step
  Flags = 28, // u32, bits of ReplicaFlag
  FirstStore = 32, // u32, index in StorePath of its first store, fastest first
  Stores = 36, // u32, stores that it reads
  StorePath = 40, // u32 address of u32[stores]: indices of stores, fastest first
  LinkOut = 44, // u32, link that its KV leaves by (a NIC), or NONE
  LinkIn = 48, // u32, link that KV comes in by, or NONE
  LinkUp = 52, // u32, link out of its rack to the first spine, or NONE; the other spines' follow it
  Island = 56, // u32, replicas of one island reach each other over LinkPeer
  LinkPeer = 60, // u32, link within the island, or NONE
  LinkHostIn = 64, // u32, link from the memory of its host (PCIe), or NONE
  LinkHostOut = 68, // u32, link to the memory of its host, or NONE
  LinkDown = 72, // u32, link into its rack from the first spine, as LinkUp
  LinkSwitchIn = 76, // u32, PCIe switch between the memory of its host and LinkHostIn, or NONE
  LinkSwitchOut = 80, // u32, the same behind LinkHostOut, or NONE
  SampleRow = 84, // u32, row of its blocks in use (the next is of its steps), or NONE
  NextMate = 88, // u32, the next replica of its island, in a ring; itself when there is no other
  Eviction = 92, // u32, index of the eviction rule of its HBM
}
export const REPLICA_BYTES = 96;

export enum ReplicaFlag {
  PrefixCache = 1, // keeps the KV of finished requests
  ChunkedPrefill = 2, // splits prompts over steps
}

/** One direction of a cable, bus or port. */
export enum LinkField {
  LatencyNs = 0, // u64
  BytesPerSecond = 8, // u64
  BusyNs = 16, // u64, out: time with bytes under way
  Bytes = 24, // u64, out
  Transfers = 32, // u64, out
  WaitNs = 40, // u64, out: summed over transfers, beyond their own latency and bytes
  Carried = 48, // f64, out: bytes, of lost transfers too, each times the factor of its jitter
  SampleRow = 56, // u32, row of what it carries, or NONE
  Reserved = 60, // u32, zero
}
export const LINK_BYTES = 64;

export enum Discipline {
  Fifo = 0, // one transfer at a time, in order of arrival
  FairShare = 1, // transfers under way share a link evenly
}

/** A place below HBM that keeps blocks: host DRAM, a rack's pool, an SSD, a remote store. */
export enum StoreField {
  Blocks = 0, // u32, capacity
  Flags = 4, // u32, bits of StoreFlag
  LinkRead = 8, // u32, link that its blocks come out by
  LinkWrite = 12, // u32, link that they go in by
  Hits = 16, // u64, out: blocks read
  Writes = 24, // u64, out: blocks written
  Evictions = 32, // u64, out
  Resident = 40, // u64, out: blocks held at the end
  Peak = 48, // u64, out: most blocks held
  Tier = 56, // u32, number that results name it by
  Below = 60, // u32, store that takes what it evicts, or NONE
  Dropped = 64, // u64, out: blocks whose write was dropped
  Lost = 72, // u64, out: blocks lost when the store broke
  Eviction = 80, // u32, index of its eviction rule
  Reserved = 84, // u32, zero
}
export const STORE_BYTES = 88;

export enum StoreFlag {
  WriteThrough = 1, // takes every block when its KV was computed
  WriteBack = 2, // takes the blocks that HBM evicts
  Local = 4, // in the replica's own host: over LinkHostIn and LinkHostOut, not over the network
  Far = 8, // behind the spines: over LinkUp and LinkDown of the replica's rack
}

/** Something that breaks or is mended at a time. */
export enum FaultField {
  TimeNs = 0, // u64
  Kind = 8, // u32, a FaultKind
  Subject = 12, // u32, replica, link or store
}
export const FAULT_BYTES = 16;

export enum FaultKind {
  ReplicaDown = 0, // its KV is lost; its requests are routed anew
  ReplicaUp = 1,
  LinkDown = 2, // transfers on it begin anew elsewhere, or wait
  LinkUp = 3,
  StoreLost = 4, // all that it holds, and all that is on its way in or out
}

/** How KV goes from a prefill replica to a decode replica. */
export enum Handover {
  Push = 0, // sent when the prompt is computed
  PushLayerwise = 1, // each layer is sent while the next is computed
  Pull = 2, // fetched when the decoder has room
  PullOnDemand = 3, // fetched when the sequence is next to be decoded
}

export enum LoadChoice {
  Load = 0, // stored blocks are always loaded
  Cheaper = 1, // loaded when that is expected to be sooner than computing them
  Recompute = 2, // never loaded
}

/** Sums over time: columns of equal width from time 0 on, as many rows as the host likes. */
export enum SamplesField {
  Table = 0, // u32 address of f64[rows × columns], row by row, out
  Rows = 4, // u32
  Columns = 8, // u32, even
  WidthBits = 12, // u32, in and out: a column is 2^WidthBits ns wide; doubled when time runs out
}
export const SAMPLES_BYTES = 16;
