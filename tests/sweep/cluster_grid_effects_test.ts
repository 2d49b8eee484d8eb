/** No shipped grid of clusters turns a knob that is connected to nothing. */
import { assert } from "@std/assert";
import { createRunner } from "../../sweep/cluster_cells.ts";
import type { Metrics } from "../../sweep/runner.ts";
import { loadSweep } from "../../sweep/grid.ts";
import { type Cell, cellAt, cellCount } from "../../sweep/plan.ts";
import { engineModule } from "../../engine/wasm.ts";
import { openTrace } from "../../traces/open.ts";
import { CONVERSATION } from "../e2e/command.ts";

const FOLDER = "configs/sweeps/serving";
const TIMES = ["ttftNsMean", "tpotNsMean", "e2eNsMean"] as const;

const trace = await openTrace(CONVERSATION, { limit: 800 });
const run = createRunner(engineModule());

/** Whether a key by itself, all others as they are, moves a time somewhere in the grid. */
function moves(cells: readonly (readonly [Cell, Metrics])[], axis: number): boolean {
  return cells.some(([one, found]) =>
    cells.some(([other, there]) =>
      one.scenario === other.scenario && one.input === other.input &&
      one.settings.every((value, at) => at === axis || value === other.settings[at]) &&
      TIMES.some((name) => found[name] !== there[name])
    )
  );
}

for await (const { name } of Deno.readDir(FOLDER)) {
  Deno.test(`${name}: every key that it varies moves a latency, not only a ratio`, async () => {
    const { plan, inputs, specOf } = await loadSweep(`${FOLDER}/${name}`, {
      traces: [CONVERSATION],
    });
    const cells: [Cell, Metrics][] = [];
    for (let index = 0; index < cellCount(plan); index++) {
      const cell = cellAt(plan, index);
      if (cell.seed !== plan.seeds[0]) continue;
      const { seeded, open } = inputs[cell.input];
      const found = await run(specOf(cell), seeded ? await open(cell.seed) : trace);
      const { evidence: _, ...metrics } = found;
      cells.push([cell, metrics as Metrics]);
    }
    for (const [axis, { key, values }] of plan.axes.entries()) {
      assert(values.length === 1 || moves(cells, axis), `${key} moves nothing`);
    }
  });
}
