/**
 * Cells of memory hierarchies: a scenario on a trace.
 *
 * @module
 */
import { HierarchyReplayer } from "../engine/hierarchy.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import { TierModelMaker } from "../learn/tier_models.ts";
import type { Trace } from "../traces/trace.ts";
import type { RunnerSource } from "./pool.ts";
import { hierarchyMetrics } from "./run_metrics.ts";
import type { RunnerFactory } from "./runner.ts";

/** What cells of one trace have in common. */
interface Held {
  readonly trace: Trace;
  readonly replayer: HierarchyReplayer;
  /** Trains a model once for all cells that want it. */
  readonly maker: TierModelMaker;
}

/** Makes the runner of `run` cells: one replayer for as long as the trace stays the same. */
export const createRunner: RunnerFactory = (module) => {
  let held: Held | undefined;
  return async (spec, trace) => {
    const scenario = spec as unknown as HierarchyScenario;
    if (held?.trace !== trace) {
      const replayer = new HierarchyReplayer(trace, {}, module);
      held = { trace, replayer, maker: new TierModelMaker(trace, { module }) };
    }
    const { replayer, maker } = held;
    const models = (await maker.modelsOf(scenario)).map((model) => model?.packed);
    return hierarchyMetrics(await replayer.run(scenario, { samples: 0, models }));
  };
};

/** What replays a hierarchy, for {@linkcode GridOptions}. */
export function hierarchyRunner(): RunnerSource {
  return { specifier: new URL("./run_cells.ts", import.meta.url).href, createRunner };
}
