/**
 * Cells of memory hierarchies: a scenario on a trace.
 *
 * @module
 */
import { HierarchyReplayer } from "../engine/hierarchy.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import type { Trace } from "../traces/trace.ts";
import type { RunnerSource } from "./pool.ts";
import { hierarchyMetrics } from "./run_metrics.ts";
import type { RunnerFactory } from "./runner.ts";

/** Makes the runner of `run` cells: one replayer for as long as the trace stays the same. */
export const createRunner: RunnerFactory = (module) => {
  let held: { readonly trace: Trace; readonly replayer: HierarchyReplayer } | undefined;
  return async (spec, trace) => {
    const scenario = spec as unknown as HierarchyScenario;
    if (held?.trace !== trace) held = { trace, replayer: new HierarchyReplayer(trace, {}, module) };
    return hierarchyMetrics(await held.replayer.run(scenario, { samples: 0 }));
  };
};

/** What replays a hierarchy, for {@linkcode GridOptions}. */
export function hierarchyRunner(): RunnerSource {
  return { specifier: new URL("./run_cells.ts", import.meta.url).href, createRunner };
}
