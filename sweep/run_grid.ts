/**
 * Grids of hierarchies: a grid over scenario files in, a job out.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { type Grid, parseGrid } from "../scenario/grid.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import { openRunFile, resolveRunFile, type RunOptions } from "../scenario/load_run.ts";
import type { RegisteredNames } from "../scenario/names.ts";
import type { Setting } from "../scenario/settings.ts";
import type { YamlText } from "../scenario/yaml_text.ts";
import { fileInput, workloadInput } from "./inputs.ts";
import { cellCount, combinationCount, type Json, type SweepPlan } from "./plan.ts";
import type { RunnerSource } from "./pool.ts";
import type { CellSpec } from "./runner.ts";
import type { SweepJob } from "./job.ts";

/**
 * Reads a grid of hierarchies and resolves every scenario that it means.
 *
 * @param traces Traces from elsewhere, after those of the grid.
 * @param runner What replays a scenario.
 * @throws {ScenarioError} With all findings, each with its place.
 */
export async function runJob(
  yaml: YamlText,
  traces: readonly string[],
  runner: RunnerSource,
  registry?: RegisteredNames,
): Promise<SweepJob> {
  const grid = await parseGrid(yaml.text, yaml.file);
  const scenarios = await Promise.all(
    grid.scenarios.map((path) => scenariosOf(path, grid, registry)),
  );
  const inputs = [
    ...[...grid.traces, ...traces].map((path) => fileInput(path)),
    ...grid.workloads.map((each) => workloadInput(each)),
  ];
  const plan: SweepPlan = {
    name: yaml.file,
    gridText: yaml.text,
    kind: "run",
    scenarios: grid.scenarios,
    inputs: inputs.map(({ name }) => name),
    axes: grid.vary.map(({ path, values }) => ({
      key: path,
      values: values.map(({ value }) => value as Json),
    })),
    seeds: grid.seeds.length > 0 ? grid.seeds : [commonSeed(scenarios.flat(), yaml.file)],
  };
  cellCount(plan);
  return {
    plan,
    inputs,
    runner,
    specOf: ({ scenario, combination, seed }) => {
      const resolved: HierarchyScenario = { ...scenarios[scenario][combination], seed };
      return resolved as unknown as CellSpec;
    },
  };
}

/** A scenario file under every combination of settings, in the order of the cells. */
async function scenariosOf(
  path: string,
  grid: Grid,
  registry: RegisteredNames | undefined,
): Promise<HierarchyScenario[]> {
  const file = await openRunFile(path);
  const axes = grid.vary.map(({ path, values }) => ({ key: path, values }));
  const count = combinationCount({ axes: axes as unknown as SweepPlan["axes"] });
  const options: RunOptions = {
    ...(grid.preset === undefined ? {} : { preset: grid.preset }),
    ...(grid.calibration === undefined ? {} : { calibration: grid.calibration }),
    ...(registry === undefined ? {} : { registry }),
  };
  const found: HierarchyScenario[] = [];
  for (let combination = 0; combination < count; combination++) {
    const set = combinationAt(axes, combination);
    found.push(await resolveRunFile(file, { ...options, set }));
  }
  return found;
}

function combinationAt(
  axes: readonly { readonly values: readonly Setting[] }[],
  combination: number,
): Setting[] {
  const settings: Setting[] = [];
  let rest = combination;
  for (const { values } of axes.toReversed()) {
    settings.unshift(values[rest % values.length]);
    rest = Math.floor(rest / values.length);
  }
  return settings;
}

/** A grid without seeds takes the scenario's own. */
function commonSeed(scenarios: readonly HierarchyScenario[], file: string): number {
  const seeds = [...new Set(scenarios.map(({ seed }) => seed))];
  if (seeds.length === 1) return seeds[0];
  throw new UsageError({
    code: "sweep/seeds",
    message: "Cannot sweep: the scenarios have different seeds, and the grid has none",
    place: { file, key: "seeds" },
    found: seeds.join(", "),
    mend: ["list seeds in the grid: every scenario then runs with each of them"],
  });
}
