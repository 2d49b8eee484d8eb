// The boundary, declared once, here and in abi_hierarchy.ts and abi_serving.ts. AssemblyScript
// compiles these files; Deno imports them. Literals and enums only: no types, no functions. All
// numbers are little-endian.

/** Raised with every change of an offset, an order or a meaning. */
export const ABI_VERSION = 6;

/** Why a call was refused. 1–99: the run; 100–199: the trace; 200–299: room; 300–: the model. */
export enum ErrorCode {
  None = 0,
  UnknownPolicy = 1,
  UnknownAdmission = 2,
  CapacityZero = 3,
  CapacityTooLarge = 4,
  ParameterRange = 5,
  NoKernel = 6,
  NoGeneral = 7,
  NoTrace = 8,
  BooksDoNotBalance = 9,
  UnknownPrefetcher = 10,
  TierCount = 11,
  NoArrivals = 12,
  WriteNeedsInclusive = 13,
  ExtentOutOfRange = 100,
  ExtentEmpty = 101,
  OffsetsNotRising = 102,
  AccessesDiffer = 103,
  TooManyAccesses = 104,
  RepeatInRequest = 105,
  OutOfMemory = 200,
  ModelInvalid = 300,
}

/** What a refusal carries: filled before an error code is returned. */
export enum FailureField {
  Code = 0, // u32, an ErrorCode
  Index = 4, // u32, the row, extent or parameter concerned
  Value = 8, // f64, what was found
  Limit = 16, // f64, the bound that it broke
}
export const FAILURE_BYTES = 24;

/** The trace as the host hands it over; columns were placed with `alloc`. */
export enum TraceField {
  Requests = 0, // u32, rows
  Extents = 4, // u32, rows
  Blocks = 8, // u32, distinct blocks
  Accesses = 12, // u32, block references: the sum of BlockCount
  BlockTokens = 16, // u32, tokens of a full block
  FirstExtent = 20, // u32 address of u32[requests + 1]
  FirstBlock = 24, // u32 address of u32[extents]
  BlockCount = 28, // u32 address of u32[extents]
  InputTokens = 32, // u32 address of u32[requests]
  Reserved = 36, // u32, zero
}
export const TRACE_BYTES = 40;

/** One replay, as the host asks for it. */
export enum RunField {
  Policy = 0, // u32, index told by the registry
  Admission = 4, // u32, index told by the registry
  Capacity = 8, // u32, blocks, 1 or more
  Touch = 12, // u32, a TouchOrder
  Engine = 16, // u32, an EngineChoice
  Warmup = 20, // u32, requests replayed before counting begins
  Seed = 24, // u64
  PolicyParameters = 32, // f64[8], in the order that the registry declares
  AdmissionParameters = 96, // f64[4]
}
export const RUN_BYTES = 128;
export const POLICY_PARAMETERS_MAX = 8;
export const ADMISSION_PARAMETERS_MAX = 4;

/** In which order a request touches its blocks. */
export enum TouchOrder {
  RootFirst = 0, // look up and touch block by block, first block first
  TailFirst = 1, // look all up at arrival, then touch last block first
}

/** Which implementation may run. */
export enum EngineChoice {
  Auto = 0, // a kernel where one applies, else the general engine
  General = 1,
  Kernel = 2,
}

/** What a replay found. Counters are exact integers. */
export enum ResultField {
  Requests = 0, // u64
  Accesses = 8, // u64
  Hits = 16, // u64
  Insertions = 24, // u64
  Evictions = 32, // u64
  Bypasses = 40, // u64
  Resident = 48, // u64, blocks held at the end
  PrefixHits = 56, // u64, hits in the leading run of each request
  HitTokens = 64, // u64, tokens covered by the leading runs
  InputTokens = 72, // u64
  CompulsoryMisses = 80, // u64, misses of blocks never seen before
  RequestRatioSum = 88, // f64, sum of covered ÷ input tokens
  Engine = 96, // u32, the EngineChoice that ran: General or Kernel
  Reserved = 100, // u32, zero
}
export const RESULT_BYTES = 104;

/** One batch of folding: hashes in, extents out. */
export enum FoldField {
  Lengths = 0, // u32 address of u32[rows], blocks of each request
  Hashes = 4, // u32 address of u64[blocks]
  ExtentCounts = 8, // u32 address of u32[rows], extents of each request, out
  FirstBlock = 12, // u32 address of u32[blocks], out
  BlockCount = 16, // u32 address of u32[blocks], out
  Extents = 20, // u32, extents written by this batch, out
  Unique = 24, // u32, distinct blocks so far, out
  Reserved = 28, // u32, zero
}
export const FOLD_BYTES = 32;

/** Kinds of things that the module registers by name. */
export enum RegistryKind {
  Policy = 0,
  Admission = 1,
  Prefetch = 2,
  Router = 3,
  Eviction = 4,
}

/** What the registry says of an entry, as bits. */
export enum Trait {
  Kernel = 1, // an exact specialisation exists
  General = 2, // the general engine can run it
  Oracle = 4, // sees the future; never a candidate
  Seeded = 8, // draws random numbers; several seeds make sense
  Variant = 16, // the paper's rule beside libCacheSim's
  Clock = 32, // goes by arrival times, which the trace must have
  Heuristic = 64, // an oracle that is no bound: something might do better
}

/** Bytes of a feature row of the learned policy, one feature each; the unused ones are zero. */
export enum Feature {
  Age = 0, // bucket of the accesses since the last touch
  Gap1 = 1, // accesses between the last two touches
  Gap2 = 2, // and between the two before
  Gap3 = 3,
  Gap4 = 4,
  Touches = 5, // touches so far, this one counted
  Lifetime = 6, // accesses since the first touch
  Depth = 7, // blocks before it in its request
  Behind = 8, // blocks behind it in its request
  RequestBlocks = 9, // blocks of the request
  KnownBlocks = 10, // blocks in the leading run of the request that were seen before
  Turn = 11, // requests on the path to this one, as far as prefixes tell
  Pause = 12, // accesses since the last of the known blocks was touched
}
export const FEATURES_COUNT = 13;
export const FEATURE_ROW_BYTES = 16;

/** A model, as the host writes it into `modelRoom`; roots and nodes follow the header. */
export enum ModelField {
  Trees = 0, // u32
  Nodes = 4, // u32, over all trees
  Base = 8, // f64, score before the first tree
}
export const MODEL_BYTES = 16;

/** A node of a tree. Roots are u32[trees], indices of nodes, and fill up to 8 bytes. */
export enum ModelNodeField {
  Feature = 0, // u8
  Threshold = 1, // u8, the left child is for values at or below it
  IsLeaf = 2, // u16, 1 for a leaf
  Child = 4, // u32, index of the left child, above this one; the right child is the next
  Value = 8, // f64, what a leaf adds to the score; the largest score is evicted first
}
export const MODEL_NODE_BYTES = 16;

/** Where the learned policy writes the rows that it scores. */
export enum RecordField {
  Room = 0, // u32, most rows
  Rows = 4, // u32, rows written, out
  Offered = 8, // u32, rows that there were, out
  Threshold = 12, // u32, a row is kept when 32 bits drawn for it are not above this
  Start = 16, // u32 address of the rows
  Reserved = 20, // u32, zero
}
export const RECORD_BYTES = 24;

/** One row: what was known, and when. */
export enum RecordRowField {
  Features = 0, // u8[16], a byte for each Feature
  Block = 16, // u32
  Now = 20, // u32, access at which the row was scored
  Score = 24, // f64
}
export const RECORD_ROW_BYTES = 32;

/** What the folded engine is asked for, by `openFolded(task, touch, capacity)`. */
export enum FoldedTask {
  Reuse = 0, // the previous use of every run of blocks; the capacity is not read
  Lru = 1,
  Fifo = 2,
  Optimal = 3,
}

/** What the folded engine found. Columns hold until the next run is opened. */
export enum FoldedResultField {
  Hits = 0, // u64, of Lru, Fifo and Optimal
  PrefixHits = 8, // u64, hits in the leading run of each request
  Runs = 16, // u32, rows of the next seven columns, each of u32
  Request = 20, // u32 address
  Extent = 24, // u32 address
  FirstBlock = 28, // u32 address
  BlockCount = 32, // u32 address
  PreviousRequest = 36, // u32 address, all ones for none
  Distance = 40, // u32 address, of the first block, all ones for none
  Peak = 44, // u32 address, largest distance before the run in its request
  EvictedRows = 48, // u32, rows of the next three columns, each of u32; of Lru only
  EvictedBlocks = 52, // u32 address
  TouchedRequest = 56, // u32 address, request of the last touch
  EvictedRequest = 60, // u32 address, request that took the room
}
export const FOLDED_RESULT_BYTES = 64;
