import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, ScenarioError } from "../errors/errors.ts";
import { gridCells, gridSize, loadGrid, parseGrid } from "./grid.ts";
import { openRunFile, resolveRunFile } from "./load_run.ts";
import { scenarioHash } from "./scenario_hash.ts";

const GRID = `scenario: [a.yaml, b.yaml]
workloads: [chat-continuation, { name: long-tail, alpha: [0.8, 1.2] }]
vary:
  "tiers[*].policy": [lru, { name: regret-aware, horizon: [8, 24], weight: [1, 6] }]
  tiers[0].capacity: [1 GiB, 2 GiB]
seeds: { from: 5, count: 3 }
`;

Deno.test("parseGrid() spreads out lists", async () => {
  const grid = await parseGrid(GRID, "sweeps/g.yaml");
  assertEquals(grid.name, "g");
  assertEquals(grid.scenarios, ["sweeps/a.yaml", "sweeps/b.yaml"]);
  assertEquals(grid.workloads, [
    "chat-continuation",
    "long-tail(alpha=0.8)",
    "long-tail(alpha=1.2)",
  ]);
  assertEquals(grid.vary[0].values.map(({ value }) => value), [
    "lru",
    { name: "regret-aware", horizon: 8, weight: 1 },
    { name: "regret-aware", horizon: 8, weight: 6 },
    { name: "regret-aware", horizon: 24, weight: 1 },
    { name: "regret-aware", horizon: 24, weight: 6 },
  ]);
  assertEquals(grid.seeds, [5, 6, 7]);
  assertEquals(gridSize(grid), 2 * 3 * 5 * 2 * 3);
});

Deno.test("gridCells() gives each combination once, seeds fastest", async () => {
  const grid = await parseGrid(GRID);
  const cells = [...gridCells(grid)];
  assertEquals(cells.length, gridSize(grid));
  assertEquals(cells.map(({ index }) => index), cells.map((_, index) => index));
  const keys = cells.map(({ index: _index, ...cell }) => JSON.stringify(cell));
  assertEquals(new Set(keys).size, cells.length);
  assertEquals(cells.slice(0, 4).map(({ seed }) => seed), [5, 6, 7, 5]);
  assertEquals(cells[3].settings.map(({ value }) => value), ["lru", "2 GiB", 5]);
});

Deno.test("the shipped grids expand, and their cells resolve", async () => {
  const sizes: Record<string, number> = {};
  for await (const { name, isFile } of Deno.readDir("configs/sweeps")) {
    if (!isFile) continue;
    const grid = await loadGrid(`configs/sweeps/${name}`);
    sizes[name] = gridSize(grid);
    const files = new Map(
      await Promise.all(
        grid.scenarios.map(async (path) => [path, await openRunFile(path)] as const),
      ),
    );
    const hashes = new Set<string>();
    for (const cell of gridCells(grid)) {
      const file = files.get(cell.scenario)!;
      const scenario = await resolveRunFile(file, { set: cell.settings });
      assertEquals(scenario.seed, cell.seed);
      hashes.add(`${await scenarioHash(scenario)} ${cell.workload}`);
    }
    assertEquals(hashes.size, gridSize(grid), name);
  }
  assertEquals(sizes, { "regret_ablation.yaml": 198, "capacity_and_policy.yaml": 60 });
});

const FAULTS: readonly (readonly [from: string, to: string, said: readonly string[]])[] = [
  ["scenario:", "scenaro:", ["g.yaml:1:1", 'did you mean "scenario"']],
  ["tiers[*].policy", "tiers[*].polic", ["g.yaml:4:3", '"polic" is an unknown key', '"policy"']],
  ["tiers[*].policy", "tiers.policy", ["g.yaml:4:3", '"policy" is an unknown key']],
  ["tiers[*].policy", "seeds[*].policy", ["g.yaml:4:3", '"seeds" is an unknown key', '"seed"']],
  ["tiers[*].policy", "tiers[", ["g.yaml:4:3", "is not a key path"]],
  ["tiers[0].capacity", "seed", ["g.yaml:5:3", "is varied by seeds"]],
  ["2 GiB", "2 GB/s", ["g.yaml:5:30", "vary.tiers[0].capacity[1]", "is not a size"]],
  ["2 GiB", "2", ["g.yaml:5:30", "has no unit"]],
  ["2 GiB", "1 GiB", ["g.yaml:5:30", "is listed twice"]],
  ["[1 GiB, 2 GiB]", "[]", ["g.yaml:5:22", "1 entries or more"]],
  ["count: 3", "count: 0", ["g.yaml:6:26", "seeds.count"]],
  ["{ from: 5, count: 3 }", "[1, 2, 1]", ["g.yaml:6:8", "lists a seed twice"]],
  ["{ from: 5, count: 3 }", "[-1]", ["g.yaml:6:9", "seeds[0] is out of range"]],
  ["count: 3", "count: 1000000", ["has too many runs", "10000000 at most"]],
  ["alpha:", "alpha: { x: 1 }, b:", ["g.yaml:2:58", "workloads[1]"]],
];

for (const [from, to, said] of FAULTS) {
  Deno.test(`a grid with "${to}" for "${from}" is refused with its place`, async () => {
    const wrong = GRID.replace(from, () => to);
    const error = await assertRejects(() => parseGrid(wrong, "g.yaml"), ScenarioError);
    const text = describe(error);
    for (const words of said) assertStringIncludes(text, words);
  });
}
