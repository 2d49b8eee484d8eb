/**
 * Grids of hierarchies and clusters: a grid over scenario files in, a job out.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { type Grid, parseGrid } from "../scenario/grid.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import { openRunFile, resolveRunFile, type RunOptions } from "../scenario/load_run.ts";
import type { RegisteredNames } from "../scenario/names.ts";
import type { Setting } from "../scenario/settings.ts";
import { openClusterFile, resolveClusterFile } from "../serving/cluster/load.ts";
import type { ClusterScenario } from "../serving/cluster/scenario.ts";
import type { YamlText } from "../scenario/yaml_text.ts";
import { fileInput, workloadInput } from "./inputs.ts";
import { cellCount, combinationCount, type Json, type SweepPlan } from "./plan.ts";
import type { RunnerSource } from "./pool.ts";
import type { CellSpec } from "./runner.ts";
import type { SweepJob } from "./job.ts";

/** A scenario of either kind, as far as grids know it. */
type Scenario = HierarchyScenario | ClusterScenario;

/** What a kind of scenario needs: how its files are resolved, and what runs them. */
export interface GridKind {
  readonly kind: "run" | "cluster";
  /** Reads a file once; what it gives resolves it any number of times. */
  readonly open: (path: string) => Promise<(options: RunOptions) => Promise<Scenario>>;
  readonly runner: RunnerSource;
}

/** Scenarios with tiers. */
export function runKind(runner: RunnerSource): GridKind {
  const open = async (path: string) => {
    const file = await openRunFile(path);
    return (options: RunOptions) => resolveRunFile(file, options);
  };
  return { kind: "run", open, runner };
}

/** Scenarios with a cluster. */
export function clusterKind(runner: RunnerSource): GridKind {
  const open = async (path: string) => {
    const file = await openClusterFile(path);
    return (options: RunOptions) => resolveClusterFile(file, options);
  };
  return { kind: "cluster", open, runner };
}

/**
 * Reads a grid over scenario files and resolves every scenario that it means.
 *
 * @param traces Traces from elsewhere, after those of the grid.
 * @throws {ScenarioError} With all findings, each with its place.
 */
export async function runJob(
  yaml: YamlText,
  traces: readonly string[],
  { kind, open, runner }: GridKind,
  registry?: RegisteredNames,
): Promise<SweepJob> {
  const grid = await parseGrid(yaml.text, yaml.file, kind);
  const scenarios = await Promise.all(
    grid.scenarios.map(async (path) => await scenariosOf(await open(path), grid, registry)),
  );
  const inputs = [
    ...[...grid.traces, ...traces].map((path) => fileInput(path)),
    ...grid.workloads.map((each) => workloadInput(each)),
  ];
  const plan: SweepPlan = {
    name: yaml.file,
    gridText: yaml.text,
    kind,
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
      const resolved: Scenario = { ...scenarios[scenario][combination], seed };
      return resolved as unknown as CellSpec;
    },
  };
}

/** A scenario file under every combination of settings, in the order of the cells. */
async function scenariosOf(
  resolve: (options: RunOptions) => Promise<Scenario>,
  grid: Grid,
  registry: RegisteredNames | undefined,
): Promise<Scenario[]> {
  const axes = grid.vary.map(({ path, values }) => ({ key: path, values }));
  const count = combinationCount({ axes: axes as unknown as SweepPlan["axes"] });
  const options: RunOptions = {
    ...(grid.preset === undefined ? {} : { preset: grid.preset }),
    ...(grid.calibration === undefined ? {} : { calibration: grid.calibration }),
    ...(registry === undefined ? {} : { registry }),
  };
  const found: Scenario[] = [];
  for (let combination = 0; combination < count; combination++) {
    found.push(await resolve({ ...options, set: combinationAt(axes, combination) }));
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
function commonSeed(scenarios: readonly Scenario[], file: string): number {
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
