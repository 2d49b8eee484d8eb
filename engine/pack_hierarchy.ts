/**
 * A hierarchy scenario as the records of the engine. Everything is checked here that a number could
 * break on its way: names, ranges, sizes.
 *
 * @module
 */
import { TouchOrder } from "../assembly/abi.ts";
import {
  Containment,
  Demotion,
  Exchange,
  HIERARCHY_BYTES,
  HierarchyField,
  Movement,
  TIER_BYTES,
  TierField,
  TIERS_MAX,
  WriteRule,
} from "../assembly/abi_hierarchy.ts";
import { EngineError } from "../errors/errors.ts";
import type { HierarchyScenario, Scheme, TierScenario } from "../scenario/hierarchy.ts";
import { bytesInScheme } from "../scenario/schemes.ts";
import type { Memory } from "./memory.ts";
import { modelOf, type PackedModel, type TierModels } from "./model.ts";
import type { Choice, Registry } from "./registry.ts";

/** Addresses of what the run reads and writes; 0 for what is absent. */
export interface Columns {
  readonly arrivalNs: number;
  readonly session: number;
  readonly requestNs: number;
  readonly steps: number;
  readonly blockReadNs: number;
  /** For each tier, bytes of each block; 0 where all have the same. */
  readonly blockSizes: readonly number[];
}

/** A tier with its names looked up and its bytes worked out. */
export interface PackedTier {
  readonly scenario: TierScenario;
  readonly policy: Choice;
  readonly admission: Choice;
  /** What the tier goes by, if it is `learned`. */
  readonly model: PackedModel | undefined;
  /** Bytes of a block in this tier; of the smallest one, where they differ. */
  readonly blockBytes: number;
}

/** Bytes of a block must stay below this: their product with 10⁹ has to fit in 64 bits. */
const BLOCK_BYTES_MAX = 2 ** 32 - 1;
const SLOTS_MAX = 2 ** 31 - 1;

/** Bytes in a scheme of a block that has these in the model's own precision. */
export function schemeBytes(
  scenario: HierarchyScenario,
  scheme: Scheme,
  nativeBytes: number,
): number {
  return bytesInScheme(scheme, nativeBytes * 8 / (scenario.bitsPerNumber ?? 16));
}

/**
 * Looks names up and works bytes out.
 *
 * @param nativeBytes Bytes of a block in the model's own precision, or of the smallest one.
 * @param models What `learned` tiers go by, tier by tier.
 * @throws {UsageError} For a name or parameter that is not registered, or a missing model.
 * @throws {EngineError} If a tier cannot hold one block, or a number is out of range.
 */
export function packTiers(
  scenario: HierarchyScenario,
  registry: Registry,
  nativeBytes: number,
  models: TierModels = [],
): PackedTier[] {
  if (scenario.tiers.length < 1 || scenario.tiers.length > TIERS_MAX) {
    throw outOfRange("tiers", scenario.tiers.length, `1 to ${TIERS_MAX} tiers`);
  }
  return scenario.tiers.map((tier, index) => {
    const blockBytes = schemeBytes(scenario, tier.scheme, nativeBytes);
    if (!(blockBytes >= 1 && blockBytes <= BLOCK_BYTES_MAX)) {
      throw outOfRange("bytes of a block", blockBytes, `1 to ${BLOCK_BYTES_MAX} bytes`);
    }
    checkTier(tier, index);
    if (tier.capacityBytes < blockBytes) throw tooSmall(tier, index, blockBytes);
    const policy = registry.policy(tier.policy);
    return {
      scenario: tier,
      policy,
      model: modelOf(policy, tier.name, index, models),
      admission: registry.admitter(tier.admission),
      blockBytes,
    };
  });
}

function tooSmall(tier: TierScenario, index: number, blockBytes: number): EngineError {
  return new EngineError({
    code: "engine/CapacityZero",
    message: `Cannot simulate: tier ${index} ("${tier.name}") cannot hold one block`,
    place: { key: `tiers[${index}].capacity` },
    found: `${tier.capacityBytes} bytes for blocks of ${blockBytes} bytes (${tier.scheme.name})`,
    expected: `${blockBytes} bytes or more`,
    mend: ["raise the capacity, or use a smaller scheme such as int4"],
  });
}

function outOfRange(what: string, found: number, expected: string): EngineError {
  return new EngineError({
    code: "engine/ParameterRange",
    message: `Cannot simulate: ${what} out of range`,
    found: String(found),
    expected,
  });
}

function checkTier(tier: TierScenario, index: number): void {
  const whole = {
    capacityBytes: tier.capacityBytes,
    readBytesPerSecond: tier.readBytesPerSecond,
    writeBytesPerSecond: tier.writeBytesPerSecond,
    readLatencyNs: tier.readLatencyNs,
    writeLatencyNs: tier.writeLatencyNs,
    concurrency: tier.concurrency,
    dequantiseNsPerBlock: tier.scheme.dequantiseNsPerBlock,
  };
  const positive = ["readBytesPerSecond", "writeBytesPerSecond", "concurrency"];
  for (const [name, value] of Object.entries(whole)) {
    const least = positive.includes(name) ? 1 : 0;
    if (Number.isSafeInteger(Math.round(value)) && value >= least) continue;
    throw outOfRange(`tiers[${index}].${name}`, value, `a whole number from ${least} to 2⁵³ − 1`);
  }
}

/** Writes one record per tier. */
export function writeTiers(
  memory: Memory,
  at: number,
  tiers: readonly PackedTier[],
  columns: Columns,
): void {
  tiers.forEach(({ scenario, policy, admission, blockBytes }, index) => {
    const record = at + index * TIER_BYTES;
    const u64 = (field: TierField, value: number) =>
      memory.setU64(record + field, Math.round(value));
    const u32 = (field: TierField, value: number) => memory.setU32(record + field, value);
    u64(TierField.CapacityBytes, scenario.capacityBytes);
    u64(TierField.BlockBytes, blockBytes);
    u32(TierField.BlockSizes, columns.blockSizes[index] ?? 0);
    u32(TierField.Slots, Math.min(SLOTS_MAX, Math.floor(scenario.capacityBytes / blockBytes)));
    u64(TierField.ReadBytesPerSecond, scenario.readBytesPerSecond);
    u64(TierField.WriteBytesPerSecond, scenario.writeBytesPerSecond);
    u64(TierField.ReadLatencyNs, scenario.readLatencyNs);
    u64(TierField.WriteLatencyNs, scenario.writeLatencyNs);
    u64(TierField.DequantiseNs, scenario.scheme.dequantiseNsPerBlock);
    u64(TierField.DequantiseBytesPerSecond, scenario.scheme.dequantiseBytesPerSecond);
    u32(TierField.Concurrency, scenario.concurrency);
    u32(TierField.Policy, policy.entry.index);
    u32(TierField.Admission, admission.entry.index);
    writeFloats(memory, record + TierField.PolicyParameters, policy.values);
    writeFloats(memory, record + TierField.AdmissionParameters, admission.values);
  });
}

function writeFloats(memory: Memory, at: number, values: readonly number[]): void {
  values.forEach((value, i) => memory.setF64(at + i * 8, value));
}

/** What the header needs besides the scenario. */
export interface HeaderParts {
  readonly tierRecords: number;
  readonly blockTokens: number;
  readonly prefetcher: Choice;
  readonly columns: Columns;
  readonly checkBooks: boolean;
}

/** Writes the header of a run. */
export function writeHeader(
  memory: Memory,
  at: number,
  scenario: HierarchyScenario,
  parts: HeaderParts,
): void {
  for (let i = 0; i < HIERARCHY_BYTES; i += 4) memory.setU32(at + i, 0);
  const u32 = (field: HierarchyField, value: number) => memory.setU32(at + field, value);
  const { columns, prefetcher } = parts;
  const { promotion } = scenario;
  const writes = {
    back: WriteRule.Back,
    through: WriteRule.Through,
    selective: WriteRule.Selective,
  };
  const rootFirst = scenario.touch === "root-first";
  const slowest = scenario.tiers.length - 1;
  u32(HierarchyField.Tiers, scenario.tiers.length);
  u32(HierarchyField.TierRecords, parts.tierRecords);
  const inclusive = scenario.containment === "inclusive";
  u32(HierarchyField.Containment, inclusive ? Containment.Inclusive : Containment.Exclusive);
  u32(HierarchyField.Write, writes[scenario.write]);
  u32(HierarchyField.WriteHits, scenario.writeHits);
  const hits = promotion.kind === "nth" ? promotion.hits : promotion.kind === "always" ? 1 : 0;
  u32(HierarchyField.Promotion, hits);
  u32(HierarchyField.Entry, scenario.entry === "slowest" ? slowest : 0);
  u32(HierarchyField.Demotion, scenario.demotion === "drop" ? Demotion.Drop : Demotion.Cascade);
  const timed = scenario.movement === "timed";
  u32(HierarchyField.Movement, timed ? Movement.Timed : Movement.Synchronous);
  u32(HierarchyField.Recompute, scenario.recompute === "cheaper" ? 1 : 0);
  u32(HierarchyField.Touch, rootFirst ? TouchOrder.RootFirst : TouchOrder.TailFirst);
  u32(HierarchyField.Exchange, scenario.exchange === "copy" ? Exchange.Copy : Exchange.Detach);
  u32(HierarchyField.PinnedDepth, scenario.pinnedDepthBlocks);
  u32(HierarchyField.Prefetcher, prefetcher.entry.index);
  u32(HierarchyField.PrefetchMax, scenario.prefetch.maxBlocks);
  u32(HierarchyField.Warmup, scenario.warmupRequests);
  memory.setU64(at + HierarchyField.FloorBytes, Math.round(scenario.fastFloorBytes));
  memory.setU64(at + HierarchyField.Seed, scenario.seed);
  memory.setF64(at + HierarchyField.NsPerToken, scenario.prefill.nsPerToken);
  memory.setF64(at + HierarchyField.NsPerTokenSquared, scenario.prefill.nsPerTokenSquared);
  u32(HierarchyField.ArrivalNs, columns.arrivalNs);
  u32(HierarchyField.Session, columns.session);
  u32(HierarchyField.Step, columns.steps);
  u32(HierarchyField.BlockReadNs, columns.blockReadNs);
  u32(HierarchyField.RequestNs, columns.requestNs);
  u32(HierarchyField.BlockTokens, parts.blockTokens);
  u32(HierarchyField.CheckBooks, parts.checkBooks ? 1 : 0);
  writeFloats(memory, at + HierarchyField.PrefetchParameters, prefetcher.values);
}
