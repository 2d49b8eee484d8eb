/**
 * Models for the `learned` tiers of hierarchies: read from their files, or trained on the start of
 * the trace.
 *
 * @module
 */
import type { ModelInForce } from "../engine/learn_report.ts";
import { LEARNED, type PackedModel } from "../engine/model.ts";
import { schemeBytes } from "../engine/pack_hierarchy.ts";
import { ScenarioError } from "../errors/errors.ts";
import type { HierarchyScenario, ModelFile } from "../scenario/hierarchy.ts";
import { readText } from "../scenario/files.ts";
import { sha256Hex } from "../traces/canonical.ts";
import type { Trace } from "../traces/trace.ts";
import { packModel } from "./features.ts";
import { readLightgbmText } from "./lightgbm_text.ts";
import type { LearnOptions } from "./settings.ts";
import { trainEvictionModel } from "./train.ts";

/** How to train; the scenario says on how much, and for which tiers. */
export type TrainingOptions = Omit<LearnOptions, "capacityBlocks" | "learnShare" | "touch">;

/** A model with what reports say of it. */
export interface MadeModel {
  readonly packed: PackedModel;
  readonly about: ModelInForce;
}

/** Whether a tier goes by a model. */
export function isLearned({ policy }: { readonly policy: string }): boolean {
  return policy.replace(/\(.*$/, "").trim() === LEARNED;
}

/** Largest tier that a model is trained for: what fits in 31 bits. */
const CAPACITY_BLOCKS_MAX = 2 ** 31 - 1;

/** Makes the models of scenarios on one trace, each once. */
export class TierModelMaker {
  private readonly made = new Map<string, Promise<MadeModel>>();

  constructor(private readonly trace: Trace, private readonly options: TrainingOptions = {}) {}

  /**
   * The models of a scenario, tier by tier; `undefined` where a tier goes by none.
   *
   * @throws {ScenarioError} For a file that is no model, or another than when it was named.
   * @throws {EngineError} If the start of the trace is too short to learn from.
   */
  async modelsOf(scenario: HierarchyScenario): Promise<(MadeModel | undefined)[]> {
    const models: (MadeModel | undefined)[] = [];
    // One after the other: training takes memory.
    for (const tier of scenario.tiers.keys()) models.push(await this.modelOf(scenario, tier));
    return models;
  }

  private modelOf(scenario: HierarchyScenario, tier: number): Promise<MadeModel | undefined> {
    const { model } = scenario.tiers[tier];
    const { learn, touch } = scenario;
    if (!isLearned(scenario.tiers[tier])) return Promise.resolve(undefined);
    const capacityBlocks = this.servedBlocks(scenario, tier);
    if (model !== undefined) {
      return this.once(`${model.hash} ${capacityBlocks}`, () => readModel(model, capacityBlocks));
    }
    if (learn === undefined) return Promise.resolve(undefined);
    const options: LearnOptions = {
      ...this.options,
      capacityBlocks,
      learnShare: learn.share,
      ...(touch === undefined ? {} : { touch }),
    };
    return this.once(`${capacityBlocks} ${learn.share} ${touch}`, async () => {
      const { model: { packed }, report } = await trainEvictionModel(this.trace, options);
      return { packed, about: { capacityBlocks, modelHash: packed.hash, report } };
    });
  }

  private once(key: string, make: () => Promise<MadeModel>): Promise<MadeModel> {
    const found = this.made.get(key) ?? make();
    this.made.set(key, found);
    return found;
  }

  /**
   * The blocks among which a tier decides what leaves: in exclusive tiers its own and those above,
   * which come down to it; in inclusive ones its own, which are theirs too.
   */
  private servedBlocks(scenario: HierarchyScenario, tier: number): number {
    const tokens = scenario.blockTokens ?? this.trace.blockTokens;
    const first = scenario.containment === "inclusive" ? tier : 0;
    const blocks = scenario.tiers.slice(first, tier + 1).reduce(
      (sum, { capacityBytes, scheme }) => {
        const bytes = schemeBytes(scenario, scheme, scenario.bytesPerToken * tokens);
        return sum + Math.floor(capacityBytes / bytes);
      },
      0,
    );
    return Math.min(Math.max(1, blocks), CAPACITY_BLOCKS_MAX);
  }
}

async function readModel({ file, hash }: ModelFile, capacityBlocks: number): Promise<MadeModel> {
  const text = await readText(file, "model");
  const found = await sha256Hex(new TextEncoder().encode(text));
  if (found !== hash) {
    throw new ScenarioError({
      code: "model/changed",
      message: "Cannot use model: its file is another one than when the scenario was read",
      place: { file },
      found: `SHA-256 ${found}`,
      expected: hash,
      mend: ["leave the file alone while it is used"],
    });
  }
  const packed = await packModel(readLightgbmText(text, file));
  return { packed, about: { capacityBlocks, modelHash: packed.hash, file } };
}
