/**
 * A checked document, its references and a calibration in; a scenario in base units out.
 *
 * Later wins: hardware, document, preset, calibration, `--set`.
 *
 * @module
 */
import type { Calibration } from "./calibration_schema.ts";
import { checkCalibration } from "./check_calibration.ts";
import { type Finding, shown } from "./findings.ts";
import type { Hardware } from "./hardware_schema.ts";
import type { CalibrationRecord, HierarchyScenario, ModelFile, PrefillCost } from "./hierarchy.ts";
import { learnOf } from "./learned_tiers.ts";
import { bytesPerToken, type Model } from "./models.ts";
import { checkName, policyText, type RegisteredNames } from "./names.ts";
import { base, type ResolvedTier, resolveTier } from "./resolve_tier.ts";
import type { RunDocument } from "./run_schema.ts";

/** What a document is resolved with. */
export interface RunContext {
  /** Name of the scenario when it gives none. */
  readonly name: string;
  readonly model: Model | undefined;
  /** By tier; `undefined` where a tier names none. */
  readonly hardware: readonly (Hardware | undefined)[];
  /** Model files of `learned` tiers, by tier. */
  readonly models: readonly (ModelFile | undefined)[];
  readonly calibration: Calibration | undefined;
  readonly preset: { readonly name: string; readonly values: Preset } | undefined;
  readonly registered: RegisteredNames;
  readonly isSet: (path: readonly PropertyKey[]) => boolean;
}

type Preset = NonNullable<NonNullable<RunDocument["presets"]>["smoke"]>;

/** A scenario, with what is wrong in the document and in the calibration. */
export interface ResolvedRun {
  readonly scenario: HierarchyScenario;
  readonly findings: readonly Finding[];
  readonly calibrationFindings: readonly Finding[];
}

/** Brings a document into base units. */
export function resolveRun(document: RunDocument, context: RunContext): ResolvedRun {
  const { calibration, model, preset, isSet } = context;
  const bits = model === undefined ? 16 : model.bytesPerNumber * 8;
  const perToken = model === undefined
    ? base(document.bytesPerToken ?? "0 B", "bytes")
    : bytesPerToken(model);
  const { blockTokens } = document;
  const capacityFactor = preset?.values.capacityFactor ?? 1;
  const resolved = document.tiers.map((tier, index) =>
    resolveTier({
      index,
      document: tier,
      hardware: context.hardware[index],
      modelFile: context.models[index],
      calibration,
      isSet,
      nativeBits: bits,
      blockNumbers: blockTokens === undefined ? undefined : blockTokens * perToken * 8 / bits,
      capacityFactor,
    })
  );
  const prefill = resolvePrefill(document, calibration, isSet);
  const replaced = [...resolved.flatMap((tier) => tier.replaced), ...prefill.replaced].sort();
  const floor = document.pins?.floor === undefined ? 0 : base(document.pins.floor, "bytes");
  const floorFactor = isSet(["pins", "floor"]) ? 1 : capacityFactor;
  const limit = isSet(["limit"]) ? document.limit : preset?.values.limit ?? document.limit;
  const warmup = isSet(["warmupRequests"])
    ? document.warmupRequests
    : preset?.values.warmupRequests ?? document.warmupRequests;
  const scenario: HierarchyScenario = {
    name: document.name ?? context.name,
    ...(document.description === undefined ? {} : { description: document.description }),
    bytesPerToken: perToken,
    bitsPerNumber: bits,
    ...(blockTokens === undefined ? {} : { blockTokens }),
    tiers: resolved.map(({ tier }) => tier),
    ...choices(document),
    prefill: prefill.cost,
    pinnedDepthBlocks: document.pins?.depthBlocks ?? 0,
    fastFloorBytes: Math.floor(floor * floorFactor),
    ...learnOf(document),
    warmupRequests: warmup ?? 0,
    ...(limit === undefined ? {} : { limitRequests: limit }),
    seed: document.seed ?? 42,
    ...(calibration === undefined ? {} : { calibration: record(calibration, replaced) }),
  };
  return {
    scenario,
    findings: [
      ...resolved.flatMap((tier) => tier.findings),
      ...checkNames(document, context.registered),
      ...checkTogether(document, scenario, resolved),
    ],
    calibrationFindings: calibration === undefined ? [] : checkCalibration(calibration, {
      names: document.tiers.map(({ name }) => name),
      part: "tier",
      replaced,
      usable: "tiers, schemes or prefill with a number in use",
    }),
  };
}

type Choices = Pick<
  HierarchyScenario,
  | "containment"
  | "write"
  | "writeHits"
  | "promotion"
  | "entry"
  | "demotion"
  | "movement"
  | "touch"
  | "exchange"
  | "recompute"
  | "prefetch"
>;

/** The choices that have a form for people and a plain one. */
function choices(document: RunDocument): Choices {
  const { write = "back", promotion = "always", prefetch = "none" } = document;
  return {
    containment: document.containment ?? "exclusive",
    write: typeof write === "object" ? "selective" : write,
    writeHits: typeof write === "object" ? write.selective : 1,
    promotion: typeof promotion === "object"
      ? { kind: "nth", hits: promotion.nth }
      : { kind: promotion },
    entry: document.entry ?? "fastest",
    demotion: document.demotion ?? "cascade",
    movement: document.movement ?? "timed",
    touch: document.touch ?? "tail-first",
    exchange: document.exchange ?? "detach",
    recompute: document.recompute ?? "never",
    prefetch: typeof prefetch === "object"
      ? { name: prefetch.name, maxBlocks: prefetch.maxBlocks ?? 2 }
      : { name: prefetch, maxBlocks: 2 },
  };
}

function resolvePrefill(
  document: RunDocument,
  calibration: Calibration | undefined,
  isSet: RunContext["isSet"],
): { readonly cost: PrefillCost; readonly replaced: readonly string[] } {
  const replaced: string[] = [];
  const cost = (key: "perToken" | "perTokenSquared") => {
    const kind = key === "perToken" ? "tokenTime" : "tokenSquaredTime";
    const fitted = calibration?.prefill?.[key];
    if (fitted !== undefined && !isSet(["prefill", key])) {
      replaced.push(`prefill.${key}`);
      return base(fitted, kind);
    }
    const text = document.prefill?.[key];
    return text === undefined ? 0 : base(text, kind);
  };
  return {
    cost: { nsPerToken: cost("perToken"), nsPerTokenSquared: cost("perTokenSquared") },
    replaced,
  };
}

function record({ name, provenance }: Calibration, replaced: readonly string[]): CalibrationRecord {
  return { name, ...provenance, replaced };
}

function checkNames(document: RunDocument, registered: RegisteredNames): Finding[] {
  const { policies, admitters, prefetchers } = registered;
  const prefetch = document.prefetch ?? "none";
  const prefetcher = policyText(typeof prefetch === "string" ? prefetch : { name: prefetch.name });
  const at = typeof prefetch === "string" ? ["prefetch"] : ["prefetch", "name"];
  return [
    ...document.tiers.flatMap(({ policy = "lru", admission = "always" }, index) => [
      ...checkName(policy, ["tiers", index, "policy"], "a policy", policies),
      ...checkName(admission, ["tiers", index, "admission"], "an admitter", admitters),
    ]),
    ...(prefetcher === "none" ? [] : checkName(prefetcher, at, "a prefetcher", prefetchers)),
  ];
}

/** What is right by itself and wrong beside other keys. */
function checkTogether(
  document: RunDocument,
  scenario: HierarchyScenario,
  resolved: readonly ResolvedTier[],
): Finding[] {
  const findings: Finding[] = [];
  const names = document.tiers.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first === index) continue;
    const wrong = `is the name of tiers[${first}], too`;
    findings.push({ path: ["tiers", index, "name"], wrong, found: shown(name) });
  }
  const { prefill, limitRequests, warmupRequests, recompute, movement } = scenario;
  if (recompute === "cheaper" && movement !== "timed") {
    const wrong = "needs timed movement: loading has no time of its own otherwise";
    findings.push({ path: ["recompute"], wrong, mend: ["write movement: timed"] });
  }
  if (recompute === "cheaper" && prefill.nsPerToken + prefill.nsPerTokenSquared === 0) {
    const wrong = "has no prefill cost to compare with: computing would always be cheaper";
    findings.push({ path: ["recompute"], wrong, mend: ["write prefill.perToken"] });
  }
  if (limitRequests !== undefined && warmupRequests >= limitRequests) {
    findings.push({
      path: ["warmupRequests"],
      wrong: "leaves no request to count",
      found: `${warmupRequests} of ${limitRequests} requests`,
    });
  }
  const fast = resolved[0].tier.capacityBytes;
  if (scenario.fastFloorBytes > fast) {
    findings.push({
      path: ["pins", "floor"],
      wrong: "is more than the fastest tier",
      found: `${scenario.fastFloorBytes} bytes`,
      expected: `${fast} bytes at most`,
    });
  }
  return findings;
}
