/**
 * What a store of results says about itself, and how two of them differ.
 *
 * @module
 */
import { FileError, type Problem } from "../errors/errors.ts";
import type { Axis } from "./plan.ts";
import type { Shard } from "./shard.ts";

/** Everything that a result depends on, but the traces, which are listed as they are opened. */
export interface Manifest {
  /** Release of kvtier: synthetic workloads are made by it. */
  readonly version: string;
  readonly gridName: string;
  readonly gridText: string;
  /** SHA-256 of the grid's text. */
  readonly gridHash: string;
  readonly kind: string;
  readonly scenarios: readonly string[];
  readonly inputs: readonly string[];
  readonly axes: readonly Axis[];
  readonly seeds: readonly number[];
  /** SHA-256 over the specifications of all cells: other scenario files give another one. */
  readonly specHash: string;
  readonly engineHash: string;
  /** Cells of the whole grid. */
  readonly cells: number;
  readonly shard: Shard;
}

/** A trace that cells ran on; `seed` is undefined when it is the same for all seeds. */
export interface TraceRecord {
  /** Index into the inputs. */
  readonly input: number;
  readonly seed?: number;
  readonly hash: string;
}

const short = (hash: string) => hash.slice(0, 12);

/** Everything in which results of `found` cannot stand beside those of `expected`. */
export function differences(
  expected: Manifest,
  found: Manifest,
  action: string,
  file: string,
): Problem[] {
  const rules: [what: string, found: string, expected: string][] = [
    ["grid", short(found.gridHash), short(expected.gridHash)],
    ["scenario", short(found.specHash), short(expected.specHash)],
    ["engine", short(found.engineHash), short(expected.engineHash)],
    ["release of kvtier", found.version, expected.version],
    ["list of traces", found.inputs.join(), expected.inputs.join()],
    ["number of cells", String(found.cells), String(expected.cells)],
  ];
  // A changed grid nearly always changes the specifications too; once is enough.
  const isOtherGrid = found.gridHash !== expected.gridHash;
  return rules
    .filter(([what, a, b]) => a !== b && !(isOtherGrid && /scenario|number|list/.test(what)))
    .map(([what, a, b]) => ({
      code: `sweep/other-${what.split(" ")[0]}`,
      message: `Cannot ${action}: the ${what} is another one`,
      place: { file },
      found: `results of ${what} ${a}`,
      expected: b,
      mend: ["start anew with another --out, or bring back what made the results"],
    }));
}

/** Refuses a trace whose content is not that of the results so far. */
export function otherTrace(name: string, found: string, expected: string, file: string): FileError {
  return new FileError({
    code: "sweep/other-trace",
    message: `Cannot go on: the trace ${name} is another one`,
    place: { file },
    found: `results of trace ${short(expected)}; the trace is now ${short(found)}`,
    mend: ["start anew with another --out, or bring back the trace that made the results"],
  });
}
