/**
 * Traces made from a seed.
 *
 * @module
 */

import { UsageError } from "../../errors/errors.ts";
import { TraceBuilder } from "../builder.ts";
import type { Trace } from "../trace.ts";
import { KINDS } from "./kinds.ts";
import { type PageKind, type PageParameters, scalarsByBlock } from "./pages.ts";
import { humanName } from "./parameters.ts";
import { Random } from "./random.ts";
import { type ResolvedSpec, resolveSpec, type SynthSpec } from "./spec.ts";

/**
 * Makes a trace. The same spec gives the same trace, bit for bit, in every host.
 *
 * @throws {UsageError} If a name, a parameter or a combination makes no sense.
 *
 * @example
 * ```ts
 * import { synthesize, traceInfo } from "kvtier";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const trace = await synthesize({ kind: "chat", sessions: 20, rate: "1 session/s" });
 * assertEquals(traceInfo(trace).sessionCount, 20);
 * assertEquals(trace.path, "synth:chat?sessions=20&rate=1session/s&seed=1");
 * ```
 */
export async function synthesize(spec: SynthSpec): Promise<Trace> {
  const resolved = resolveSpec(spec);
  const { kind, seed, parameters, name } = resolved;
  const blockTokens = parameters.blockTokens as number;
  const builder = new TraceBuilder({ blockTokens, path: name, format: "synthetic", sort: true });
  const streams = new Map<string, Random>();
  const random = (stream: string) => {
    let found = streams.get(stream);
    if (found === undefined) streams.set(stream, found = new Random(seed, stream));
    return found;
  };
  withPlace(resolved, () =>
    kind.make(
      parameters,
      { blockTokens, random, add: (request) => builder.add(request).requestCount - 1 },
      seed,
    ));
  const trace = await builder.build();
  // The builder tells of its sorting, which is how sessions are made and nothing to remark on.
  return { ...trace, notes: [`made by kvtier: ${kind.summary}`] };
}

/** Says of which workload a range is wrong. */
function withPlace<T>({ kind }: ResolvedSpec, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      {
        code: "usage/workload-parameter",
        message: `Cannot make trace ${kind.name}: ${error.message}`,
      },
      [],
      { cause: error },
    );
  }
}

/**
 * Sizes of the blocks of a workload of pages, as numbers that each block holds, by block of the
 * trace that {@linkcode synthesize} makes of the same spec. `undefined` for workloads whose blocks
 * are all alike.
 *
 * @throws {UsageError} As {@linkcode synthesize}.
 *
 * @example
 * ```ts
 * import { blockScalars } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const scalars = blockScalars({ kind: "lab-periodic-reuse" });
 * assertEquals(scalars?.length, 9);
 * assertEquals(blockScalars({ kind: "chat" }), undefined);
 * ```
 */
export function blockScalars(spec: SynthSpec): Uint32Array | undefined {
  const resolved = resolveSpec(spec);
  if (!("stream" in resolved.kind)) return undefined;
  const kind = resolved.kind as unknown as PageKind<PageParameters>;
  const parameters = resolved.parameters as unknown as PageParameters;
  return scalarsByBlock(withPlace(resolved, () => kind.stream(parameters, resolved.seed)));
}

/** One parameter of a kind, for lists. */
export interface SynthParameter {
  readonly name: string;
  readonly default: string;
  readonly expected: string;
  readonly text: string;
}

/** One kind of workload, for lists. */
export interface SynthKind {
  readonly name: string;
  readonly summary: string;
  readonly defaultSeed: number;
  readonly parameters: readonly SynthParameter[];
}

/**
 * All kinds of workloads with their parameters.
 *
 * @example
 * ```ts
 * import { synthKinds } from "kvtier";
 * import { assert } from "@std/assert";
 *
 * assert(synthKinds().some(({ name }) => name === "lab-chat-continuation"));
 * ```
 */
export function synthKinds(): SynthKind[] {
  return KINDS.map(({ name, summary, defaultSeed, parameters }) => ({
    name,
    summary,
    defaultSeed,
    parameters: Object.entries(parameters).map(([field, declaration]) => {
      const { default: normal, expected, text } = declaration as {
        default: string;
        expected: string;
        text: string;
      };
      return { name: humanName(field), default: normal, expected, text };
    }),
  }));
}
