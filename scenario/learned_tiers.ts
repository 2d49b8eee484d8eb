/**
 * The `learned` tiers of a scenario: where their models come from, and what is wrong with that.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import type { Finding } from "./findings.ts";
import type { ModelFile } from "./hierarchy.ts";
import { readText } from "./files.ts";
import { policyText } from "./names.ts";
import type { RunDocument, TierDocument } from "./run_schema.ts";

/** The policy that goes by a model. */
const LEARNED = "learned";

/** Share that a scenario with `learn: {}` means. */
const SHARE = 0.3;

/** What is learned from, as a scenario in base units says it. */
export function learnOf({ learn }: RunDocument): { readonly learn?: { readonly share: number } } {
  return learn === undefined ? {} : { learn: { share: learn.share ?? SHARE } };
}

function isLearned({ policy = "lru" }: TierDocument): boolean {
  return policyText(policy).replace(/\(.*$/, "").trim() === LEARNED;
}

/** Models by tier, and what is wrong. */
export interface TierModelFiles {
  readonly files: readonly (ModelFile | undefined)[];
  readonly findings: readonly Finding[];
}

/**
 * Fingerprints the model files of `learned` tiers, and finds tiers that have no model.
 *
 * @param here Brings a path of the scenario to the folder of the process.
 * @param isSet Whether a value was set by hand: a policy that was leaves the model beside it idle.
 */
export async function modelFiles(
  document: RunDocument,
  here: (path: string) => string,
  isSet: (path: readonly PropertyKey[]) => boolean,
): Promise<TierModelFiles> {
  const findings: Finding[] = [];
  const files: (ModelFile | undefined)[] = [];
  for (const [index, tier] of document.tiers.entries()) {
    const path = ["tiers", index];
    const wrong = misplaced(document, tier, path, isSet);
    if (wrong !== undefined) findings.push(wrong);
    const file = isLearned(tier) && tier.model !== undefined ? here(tier.model) : undefined;
    files.push(file === undefined ? undefined : await fingerprint(file, path, findings));
  }
  return { files, findings };
}

function misplaced(
  { learn }: RunDocument,
  tier: TierDocument,
  path: readonly PropertyKey[],
  isSet: (path: readonly PropertyKey[]) => boolean,
): Finding | undefined {
  if (isLearned(tier)) {
    if (tier.model !== undefined || learn !== undefined) return undefined;
    return {
      path: [...path, "policy"],
      wrong: "is learned, and nothing says from what",
      code: "no-model",
      mend: [
        "write `learn: { share: 0.3 }` at the top: the first 30 % of the trace train it, and " +
        "counting begins after them",
        "or write `model: FILE` in the tier: LightGBM text, as `kvtier learn TRACE --save FILE` " +
        "writes it",
      ],
    };
  }
  if (tier.model === undefined || isSet([...path, "policy"])) return undefined;
  return {
    path: [...path, "model"],
    wrong: "is for a learned tier only",
    code: "idle-model",
    atKey: true,
    found: `policy: ${policyText(tier.policy ?? "lru")}`,
    mend: ["write policy: learned, or leave the model out"],
  };
}

async function fingerprint(
  file: string,
  path: readonly PropertyKey[],
  findings: Finding[],
): Promise<ModelFile | undefined> {
  try {
    const bytes = new TextEncoder().encode(await readText(file, "model"));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return { file, hash };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const reason = error.problems[0].message.replace(/^Cannot read model: /, "");
    const mend = ["paths start at the scenario's folder"];
    findings.push({ path: [...path, "model"], wrong: `cannot be read: ${reason}`, mend });
    return undefined;
  }
}
