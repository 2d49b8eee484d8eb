/** Builds a hierarchy from the host's records. */
import { ADMISSION_PARAMETERS_MAX } from "../abi";
import { HierarchyField, TIER_BYTES, TIER_RESULT_BYTES, TierField } from "../abi_hierarchy";
import { admitters } from "../admission/registry";
import { take } from "../arena";
import { Accesses, header as trace } from "../columns/trace";
import { Env } from "../policies/policy";
import { policies } from "../policies/registry";
import { Shared } from "../policies/shared";
import { prefetchers } from "../prefetch/registry";
import { mix } from "../random";
import { Fetch } from "./fetch";
import { Hierarchy } from "./hierarchy";
import { HierarchyFound, TierFound } from "./found";
import { HierarchyHeader, TierRecord } from "./layout";
import { Level } from "./level";
import { Stage } from "./stage";
import { States } from "./states";
import { Traffic } from "./traffic";

const PARAMETERS_BYTES = TierField.AdmissionParameters - TierField.PolicyParameters;

/** Whether any tier has a policy that sees the future. */
export function foresees(header: HierarchyHeader): bool {
  for (let t: u32 = 0; t < header.tiers; t++) {
    const record = changetype<TierRecord>(<usize>header.tierRecords + t * TIER_BYTES);
    if (policies[record.policy].foresees()) return true;
  }
  return false;
}

export function makeHierarchy(
  header: HierarchyHeader,
  found: HierarchyFound,
  accesses: Accesses,
): Hierarchy {
  const count = header.tiers;
  const records = new StaticArray<TierRecord>(count);
  const envs = new StaticArray<Env>(count);
  const shareds: Shared[] = [];
  found.tiers = <u32>take(<usize>count * TIER_RESULT_BYTES);
  for (let t: u32 = 0; t < count; t++) {
    const at = take(TIER_BYTES);
    memory.copy(at, header.tierRecords + t * TIER_BYTES, TIER_BYTES);
    records[t] = changetype<TierRecord>(at);
    envs[t] = makeEnv(header, records[t], t);
    envs[t].clock = envs[0];
    if (policies[records[t].policy].foresees()) envs[t].nextUse = accesses.next;
    shareState(records, envs, t, shareds);
  }
  const levels = new StaticArray<Level>(count);
  let placed = header.pinnedDepth > 0;
  for (let t: u32 = 0; t < count; t++) {
    const record = records[t];
    const env = envs[t];
    const parameters = changetype<usize>(record) + TierField.AdmissionParameters;
    const admitter = admitters[record.admission].make(env, parameters);
    const policy = policies[record.policy].make!(env);
    const tierFound = changetype<TierFound>(<usize>found.tiers + t * TIER_RESULT_BYTES);
    // Those that do not listen are told nonetheless while the books are checked: a test of that.
    const tells = !policy.timeless || admitter.filters() || header.checkBooks != 0;
    placed = placed || tells;
    levels[t] = new Level(env, policy, admitter, record, tierFound, envs[0], tells);
  }
  const traffic = new Traffic(count);
  found.moves = <u32>traffic.moves;
  found.bytes = <u32>traffic.bytes;
  found.wideBytes = <u32>traffic.wideBytes;
  const states = new States(trace.blocks, placed);
  const sharing = StaticArray.fromArray<Shared>(shareds);
  const hierarchy = new Hierarchy(header, levels, sharing, states, traffic, found);
  if (hierarchy.plain) hierarchy.stages = makeStages(hierarchy);
  return hierarchy;
}

function makeStages(hierarchy: Hierarchy): StaticArray<Stage> {
  const stages = new StaticArray<Stage>(hierarchy.count);
  let below: Stage | null = null;
  for (let t = hierarchy.count; t-- > 0;) {
    const level = hierarchy.level(t);
    const stage = new Stage(hierarchy, level, t, policies[level.record.policy].enterAll);
    stage.below = below;
    below = stage;
    stages[t] = stage;
  }
  return stages;
}

/** Tiers draw from streams of their own: tier 0 has the run's seed, as a single tier would. */
function makeEnv(header: HierarchyHeader, record: TierRecord, tier: u32): Env {
  const env = new Env();
  env.tier = tier;
  env.capacity = record.slots;
  env.blocks = trace.blocks;
  env.slots = min(record.slots, trace.blocks);
  env.seed = tier == 0 ? header.seed : header.seed ^ mix(tier);
  env.parameters = changetype<usize>(record) + TierField.PolicyParameters;
  env.blockOf = take(<usize>env.slots << 2);
  env.slotOf = take(<usize>env.blocks << 2);
  env.blockSizes = record.blockSizes;
  env.blockBytes = <f64>record.blockBytes;
  return env;
}

/** Tiers of the same policy with the same parameters know the same. */
function shareState(
  records: StaticArray<TierRecord>,
  envs: StaticArray<Env>,
  tier: u32,
  shareds: Shared[],
): void {
  const make = policies[records[tier].policy].shared;
  if (make == null) return;
  const mine = changetype<usize>(records[tier]) + TierField.PolicyParameters;
  for (let t: u32 = 0; t < tier; t++) {
    const theirs = changetype<usize>(records[t]) + TierField.PolicyParameters;
    if (records[t].policy != records[tier].policy) continue;
    if (memory.compare(mine, theirs, PARAMETERS_BYTES) != 0) continue;
    envs[tier].shared = envs[t].shared;
    return;
  }
  const shared = make(envs[tier]);
  envs[tier].shared = shared;
  shareds.push(shared);
}

/** The prefetcher, or null where it could name nothing. */
export function makeFetch(header: HierarchyHeader, hierarchy: Hierarchy): Fetch | null {
  if (header.prefetcher == 0 || header.prefetchMax == 0) return null;
  const parameters = take(ADMISSION_PARAMETERS_MAX << 4);
  const asked = changetype<usize>(header) + HierarchyField.PrefetchParameters;
  memory.copy(parameters, asked, ADMISSION_PARAMETERS_MAX << 4);
  const env = hierarchy.level(0).env;
  const prefetcher = prefetchers[header.prefetcher].make(env, parameters);
  return new Fetch(hierarchy, prefetcher, header.prefetchMax);
}
