/**
 * Grids of policies on one tier: YAML text in, a job out.
 *
 * @module
 */
import { KvtierError } from "../errors/errors.ts";
import { LEARNED } from "../engine/model.ts";
import { registry } from "../engine/registry.ts";
import { check, type Finding } from "../scenario/findings.ts";
import { loadModel } from "../scenario/load.ts";
import { bytesPerToken } from "../scenario/models.ts";
import { policyText } from "../scenario/names.ts";
import { parseBytes } from "../scenario/units.ts";
import { problemOf, throwAll, type YamlText } from "../scenario/yaml_text.ts";
import { checkCompareValue, type CommonSpec, compareSpecs, createRunner } from "./compare_cells.ts";
import type { CompareGrid } from "./compare_schema.ts";
import { fileInput, workloadInput } from "./inputs.ts";
import type { Axis, SweepPlan } from "./plan.ts";
import type { SweepInput, SweepJob } from "./job.ts";

const SEED = 42;
/** Share that a grid with `learn: {}` means. */
const LEARN_SHARE = 0.3;

/**
 * Reads a grid of policies on one tier.
 *
 * @param traces Traces from elsewhere, after those of the grid.
 * @throws {ScenarioError} With all findings, each with its place.
 */
export async function compareJob(yaml: YamlText, traces: readonly string[]): Promise<SweepJob> {
  const { CompareGridSchema } = await import("./compare_schema.ts");
  const refuse = (found: readonly Finding[]) =>
    throwAll(found.map((each) => problemOf(each, yaml)));
  refuse(check(CompareGridSchema, yaml.value));
  const grid: CompareGrid = CompareGridSchema.parse(yaml.value);
  if (grid.model !== undefined && grid.blockBytes !== undefined) {
    const wrong = "and model both give the size of a block";
    refuse([{ path: ["blockBytes"], wrong, atKey: true, mend: ["keep one of the two"] }]);
  }
  const inputs = inputsOf(grid, yaml.file, traces);
  const plan: SweepPlan = {
    name: yaml.file,
    gridText: yaml.text,
    kind: "compare",
    scenarios: [grid.name ?? "one tier"],
    inputs: inputs.map(({ name }) => name),
    axes: axesOf(grid, yaml),
    seeds: seedsOf(grid.seeds, SEED),
  };
  refuse([...wrongAxes(plan), ...unlearned(plan, grid)]);
  const learn = grid.learn === undefined ? {} : { learnShare: grid.learn.share ?? LEARN_SHARE };
  const common = { ...await blockSize(grid), ...learn };
  const specOf = compareSpecs(plan, common, registry());
  const specifier = new URL("./compare_cells.ts", import.meta.url).href;
  return { plan, inputs, specOf, runner: { specifier, createRunner } };
}

/** In the order of the file: what the schema gives back is in its own. */
function axesOf({ vary }: CompareGrid, yaml: YamlText): Axis[] {
  const written = (yaml.value as { readonly vary: object }).vary;
  const keys = Object.keys(written) as (keyof typeof vary)[];
  return keys.map((key) => ({ key, values: vary[key] ?? [] }));
}

function inputsOf(grid: CompareGrid, file: string, traces: readonly string[]): SweepInput[] {
  const folder = /^(.*[\\/])[^\\/]*$/.exec(file)?.[1] ?? "";
  const here = (path: string) => /^([\\/]|[A-Za-z]:)/.test(path) ? path : `${folder}${path}`;
  return [
    ...[...(grid.traces ?? []).map(here), ...traces].map((path) => fileInput(path, grid.limit)),
    ...(grid.workloads ?? []).map((each) => workloadInput(policyText(each), grid.limit)),
  ];
}

/** Values that make no sense, and the two axes that must be there. */
function wrongAxes({ axes }: SweepPlan): Finding[] {
  const missing = ["policy", "capacity"].filter((key) => !axes.some((axis) => axis.key === key))
    .map((key) => ({ path: ["vary", key], wrong: "is missing", expected: "one value or more" }));
  const wrong = axes.flatMap(({ key, values }) =>
    values.flatMap((value, index): Finding[] => {
      const path = ["vary", key, index];
      if (values.indexOf(value) < index) return [{ path, wrong: "is listed twice" }];
      try {
        checkCompareValue(key, String(value), registry());
        return [];
      } catch (error) {
        const reason = (error as Error).message.replace(/^Cannot [^:]+: /, "");
        const [first] = error instanceof KvtierError ? error.problems : [undefined];
        const { expected, mend } = first ?? {};
        return [{
          path,
          wrong: `is not right: ${reason}`,
          ...(expected === undefined ? {} : { expected }),
          ...(mend === undefined ? {} : { mend }),
        }];
      }
    })
  );
  return [...missing, ...wrong];
}

/** Without training, `learned` would be LRU by another name. */
function unlearned({ axes }: SweepPlan, { learn }: CompareGrid): Finding[] {
  if (learn !== undefined) return [];
  const values = axes.find(({ key }) => key === "policy")?.values ?? [];
  return values.flatMap((value, index): Finding[] =>
    String(value).trim() !== LEARNED ? [] : [{
      path: ["vary", "policy", index],
      wrong: "is learned, and nothing says from what",
      code: "no-model",
      mend: ["write `learn: { share: 0.3 }`: the first 30 % of a trace train it, and do not count"],
    }]
  );
}

/** Seeds as a grid writes them. */
export function seedsOf(seeds: CompareGrid["seeds"], normal: number): readonly number[] {
  if (seeds === undefined) return [normal];
  if ("from" in seeds) return Array.from({ length: seeds.count }, (_, i) => seeds.from + i);
  return seeds;
}

/** Bytes of a block, as the model or the grid gives them. */
async function blockSize(grid: CompareGrid): Promise<CommonSpec> {
  if (grid.blockBytes !== undefined) return { blockBytes: parseBytes(grid.blockBytes) };
  if (grid.model === undefined) return {};
  return { bytesPerToken: bytesPerToken(await loadModel(grid.model)) };
}
