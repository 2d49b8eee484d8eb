/**
 * Grids of `kvtier sweep`: one file in, every run of it out, in an order that never changes.
 *
 * @module
 */
import { check, type Finding, shown } from "./findings.ts";
import type { GridDocument } from "./grid_schema.ts";
import { parseKeyPath } from "./key_path.ts";
import { readText } from "./files.ts";
import { policyText } from "./names.ts";
import { fromFolder } from "./references.ts";
import { below, formsOf, hasList, keysOf, schemasAt } from "./schema_walk.ts";
import type { Setting } from "./settings.ts";
import { didYouMean } from "../errors/nearest.ts";
import { problemOf, readYaml, throwAll, type YamlText } from "./yaml_text.ts";
import type { z } from "zod";

/** A checked grid with its lists spread out. Paths are relative to the process, not to the file. */
export interface Grid {
  readonly name: string;
  readonly description?: string;
  /** One path or more. */
  readonly scenarios: readonly string[];
  readonly traces: readonly string[];
  /** Names with parameters, as `chat(length=512)`. */
  readonly workloads: readonly string[];
  /** In the order of the file. */
  readonly vary: readonly { readonly path: string; readonly values: readonly Setting[] }[];
  /** Empty when the scenario's own seed is meant. */
  readonly seeds: readonly number[];
  readonly preset?: string;
  readonly calibration?: string;
}

/** One run of a grid. */
export interface GridCell {
  /** From 0, in the order of the file, seeds fastest. */
  readonly index: number;
  readonly scenario: string;
  /** At most one of the two; neither when the trace is given elsewhere. */
  readonly trace?: string;
  readonly workload?: string;
  /** For `RunOptions.set`; the seed is the last. */
  readonly settings: readonly Setting[];
  readonly seed?: number;
}

const CELLS_MAX = 10_000_000;

/** As {@linkcode parseGrid}, from a file. */
export async function loadGrid(path: string): Promise<Grid> {
  return await parseGrid(await readText(path, "grid"), path);
}

/**
 * Reads a grid from YAML text.
 *
 * @param file What to call the text in errors; paths are relative to it.
 * @param kind Whether its scenarios have tiers (`run`) or a cluster.
 * @throws {ScenarioError} With all findings, each with its place.
 *
 * @example
 * ```ts
 * import { gridCells, parseGrid } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const grid = await parseGrid(`
 * scenario: two_tiers.yaml
 * vary:
 *   "tiers[*].policy": [lru, { name: regret-aware, horizon: [8, 24], weight: [1, 6] }]
 * seeds: [7, 42]
 * `);
 * assertEquals(grid.vary[0].values.length, 5);
 * assertEquals([...gridCells(grid)].length, 10);
 * ```
 */
export async function parseGrid(
  text: string,
  file = "grid",
  kind: "run" | "cluster" = "run",
): Promise<Grid> {
  const { GridSchema } = await import("./grid_schema.ts");
  const schema = kind === "run"
    ? (await import("./run_schema.ts")).RunSchema
    : (await import("./cluster_schema.ts")).ClusterSchema;
  const yaml = await readYaml(text, file, "grid");
  const findings = check(GridSchema, yaml.value);
  throwAll(findings.map((finding) => problemOf(finding, yaml)));
  const document = yaml.value as GridDocument;
  const grid = spread(document, yaml);
  const wrong = [...checkVary(grid, schema), ...checkSize(grid)];
  throwAll(wrong.map((finding) => problemOf(finding, yaml)));
  return grid;
}

/** Every run of a grid, seeds fastest, scenarios slowest. */
export function* gridCells(grid: Grid): Generator<GridCell> {
  const sources: Pick<GridCell, "trace" | "workload">[] = [
    ...grid.traces.map((trace) => ({ trace })),
    ...grid.workloads.map((workload) => ({ workload })),
  ];
  if (sources.length === 0) sources.push({});
  let index = 0;
  for (const scenario of grid.scenarios) {
    for (const source of sources) {
      for (const settings of combinations(grid.vary.map(({ values }) => values))) {
        if (grid.seeds.length === 0) yield { index: index++, scenario, ...source, settings };
        for (const seed of grid.seeds) {
          const last = { path: "seed", value: seed, place: { file: "the grid's seeds" } };
          yield { index: index++, scenario, ...source, settings: [...settings, last], seed };
        }
      }
    }
  }
}

/** How many runs a grid has. */
export function gridSize(grid: Grid): number {
  const sources = Math.max(1, grid.traces.length + grid.workloads.length);
  const varied = grid.vary.reduce((product, { values }) => product * values.length, 1);
  return grid.scenarios.length * sources * varied * Math.max(1, grid.seeds.length);
}

/** Every choice of one from each list, the last list fastest. */
function* combinations<T>(lists: readonly (readonly T[])[], from = 0): Generator<T[]> {
  if (from === lists.length) {
    yield [];
    return;
  }
  for (const first of lists[from]) {
    for (const rest of combinations(lists, from + 1)) yield [first, ...rest];
  }
}

function spread(document: GridDocument, yaml: YamlText): Grid {
  const here = (path: string) => fromFolder(yaml.file, path);
  const { scenario, seeds = [], vary = {}, description, preset, calibration } = document;
  return {
    name: document.name ?? yaml.file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, ""),
    ...(description === undefined ? {} : { description }),
    scenarios: (typeof scenario === "string" ? [scenario] : scenario).map(here),
    traces: (document.traces ?? []).map(here),
    workloads: (document.workloads ?? []).flatMap(products).map((each) =>
      policyText(each as Record<string, unknown> & { readonly name: string })
    ),
    vary: Object.entries(vary).map(([path, values]) => ({
      path,
      values: values.flatMap((value, index) => {
        const { place = {} } = problemOf({ path: ["vary", path, index], wrong: "" }, yaml);
        return products(value).map((each) => ({ path, value: each, place }));
      }),
    })),
    seeds: Array.isArray(seeds)
      ? seeds
      : Array.from({ length: seeds.count }, (_, index) => seeds.from + index),
    ...(preset === undefined ? {} : { preset }),
    ...(calibration === undefined ? {} : { calibration: here(calibration) }),
  };
}

const PRODUCTS_MAX = 100_000;

/** A named map whose parameters are lists stands for every combination of them. */
function products(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null || !("name" in value)) return [value];
  const entries = Object.entries(value);
  const lists = entries.map(([, item]) => Array.isArray(item) ? item as unknown[] : [item]);
  if (lists.reduce((product, list) => product * list.length, 1) > PRODUCTS_MAX) return [value];
  return [...combinations(lists)].map((choice) =>
    Object.fromEntries(choice.map((item, index) => [entries[index][0], item]))
  );
}

function checkVary(grid: Grid, root: z.ZodType): Finding[] {
  return grid.vary.flatMap(({ path, values }) => {
    const steps = parseKeyPath(path);
    const at = ["vary", path];
    if (steps === undefined) {
      const expected = "a key path such as tiers[*].policy or tiers[hbm].capacity";
      return [{ path: at, wrong: "is not a key path", atKey: true, expected }];
    }
    if (path === "seed") {
      const mend = ["list them under seeds"];
      return [{ path: at, wrong: "is varied by seeds", atKey: true, mend }];
    }
    let schemas = schemasAt(root, []);
    for (const step of steps) {
      if (typeof step !== "string" && !hasList(schemas)) return [unknown(at, step, schemas)];
      const next = below(schemas, typeof step === "string" ? step : 0);
      if (next.length === 0) return [unknown(at, step, schemas)];
      schemas = next;
    }
    const seen = new Set<string>();
    return values.flatMap(({ value }, index) => {
      const found = checkValue(value, schemas, [...at, indexIn(grid, path, index)]);
      const again = found.length === 0 && seen.has(JSON.stringify(value));
      if (found.length === 0) seen.add(JSON.stringify(value));
      return again
        ? [{
          path: [...at, indexIn(grid, path, index)],
          wrong: "is listed twice",
          found: shown(value),
        }]
        : found;
    });
  });
}

/** The entry of the written list that a spread value came from. */
function indexIn(grid: Grid, path: string, spreadIndex: number): number {
  const { values } = grid.vary.find((each) => each.path === path)!;
  const places = values.map(({ place }) => place);
  let index = 0;
  for (let at = 1; at <= spreadIndex; at++) {
    if (places[at] !== places[at - 1]) index++;
  }
  return index;
}

function checkValue(value: unknown, schemas: readonly z.ZodType[], path: PropertyKey[]): Finding[] {
  const found = schemas.map((schema) => check(schema, value));
  if (found.some((findings) => findings.length === 0)) return [];
  const deep = found.find((findings) => findings.every((each) => each.path.length > 0));
  const meant = schemas.length === 1 ? found[0] : deep;
  if (meant !== undefined) return meant.map((each) => ({ ...each, path: [...path, ...each.path] }));
  const expected = formsOf(schemas).join(", or ");
  return [{ path, wrong: "is none of the forms that it may have", found: shown(value), expected }];
}

function unknown(
  path: readonly PropertyKey[],
  step: unknown,
  schemas: readonly z.ZodType[],
): Finding {
  const names = keysOf(schemas);
  const hint = typeof step === "string" ? didYouMean(step, names) : undefined;
  const what = typeof step === "string" ? `"${step}" is an unknown key` : "it is no list";
  return {
    path,
    wrong: `leads nowhere: ${what}`,
    code: "unknown-key",
    atKey: true,
    ...(names.length === 0 ? {} : { expected: names.join(", ") }),
    mend: hint === undefined ? [] : [hint],
  };
}

function checkSize(grid: Grid): Finding[] {
  const size = gridSize(grid);
  const seen = new Set<number>();
  const twice = grid.seeds.find((seed) => seen.size === seen.add(seed).size);
  return [
    ...(size <= CELLS_MAX ? [] : [{
      path: [],
      wrong: "has too many runs",
      found: `${size}`,
      expected: `${CELLS_MAX} at most`,
    }]),
    ...(twice === undefined
      ? []
      : [{ path: ["seeds"], wrong: "lists a seed twice", found: String(twice) }]),
  ];
}
