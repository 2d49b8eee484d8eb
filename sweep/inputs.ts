/**
 * Traces of a sweep: files, and workloads that are made from a seed.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { firstRequests } from "../traces/limit.ts";
import { openTrace } from "../traces/open.ts";
import { parseSynthName, resolveSpec, type SynthSpec } from "../traces/synthetic/spec.ts";
import { synthesize } from "../traces/synthetic/synthesize.ts";
import type { Trace } from "../traces/trace.ts";
import type { SweepInput } from "./job.ts";

/** A trace file; every seed replays the same one. */
export function fileInput(path: string, limit?: number): SweepInput {
  const options = limit === undefined ? {} : { limit };
  return { name: path, seeded: false, open: () => openTrace(path, options) };
}

/**
 * A workload by name, such as `chat(sessions=20;rate=3 req/s)` or `synth:chat?sessions=20`; every
 * seed makes another trace, unless the name pins one.
 *
 * @throws {UsageError} If the name or a parameter is not understood.
 */
export function workloadInput(text: string, limit?: number): SweepInput {
  const spec = parseSynthName(text) ?? specOf(text);
  resolveSpec(spec);
  const open = async (seed: number): Promise<Trace> => {
    const trace = await synthesize({ ...spec, seed: spec.seed ?? seed });
    return limit === undefined ? trace : await firstRequests(trace, limit);
  };
  return { name: text, seeded: spec.seed === undefined, open };
}

function specOf(text: string): SynthSpec {
  const match = /^\s*([^()\s]+)\s*(?:\((.*)\))?\s*$/.exec(text);
  if (match === null) throw misread(text, text);
  const spec: Record<string, string | number> = { kind: match[1] };
  for (const pair of (match[2] ?? "").split(";").filter((each) => each.trim() !== "")) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (equals < 1 || value === "" || key === "kind" || Object.hasOwn(spec, key)) {
      throw misread(text, pair);
    }
    spec[key] = key === "seed" && /^\d+$/.test(value) ? Number(value) : value;
  }
  return spec as unknown as SynthSpec;
}

function misread(text: string, part: string): UsageError {
  return new UsageError({
    code: "usage/workload-name",
    message: `Cannot read workload: "${part.trim()}" in "${text}" is not understood`,
    expected: "name(parameter=value;parameter=value), each parameter once",
  });
}
