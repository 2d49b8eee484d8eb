/**
 * A TTL result as JSON, and the schema of that document.
 *
 * @module
 */
import type { TtlResult } from "../../curves/ttl_result.ts";
import type { DocumentOptions } from "../json.ts";
import { traceDocument } from "../json_parts.ts";
import { closed, hash, type Schema, text, traceSchema, whole } from "../schema_parts.ts";

/** Version of the JSON document; raised when a key changes its meaning or goes away. */
export const TTL_SCHEMA = 1;

/** What a TTL document says beside the result. */
export interface TtlDocumentOptions extends DocumentOptions {
  /** Whether the whole curve is written, which may be long. */
  readonly curve?: boolean;
}

/** The document as a value: plain data with keys in their written order; endless is `null`. */
export function ttlDocument(
  result: TtlResult,
  options: TtlDocumentOptions,
): Record<string, unknown> {
  const { trace, engine, blockBytes, touch, spanNs, inputTokens, bill } = result;
  const endless = (ttlNs: number) => ttlNs === Infinity ? null : ttlNs;
  return {
    command: options.command ?? "ttl",
    version: options.version,
    schema: TTL_SCHEMA,
    trace: traceDocument(trace),
    engine: { hash: engine.hash, abiVersion: engine.abiVersion },
    blockBytes: blockBytes ?? null,
    touch,
    spanNs,
    inputTokens,
    rows: result.rows.map((row) => ({ ...row, ttlNs: endless(row.ttlNs) })),
    curve: options.curve === true
      ? { points: result.curve.points, prefixPoints: result.curve.prefixPoints }
      : null,
    ages: result.ages,
    together: result.together.map((cell) => ({ ...cell, ttlNs: endless(cell.ttlNs) })),
    bill: {
      plans: bill.plans.map((plan) => ({ ...plan, ttlNs: endless(plan.ttlNs) })),
      cheapest: bill.cheapest,
      splits: bill.splits,
    },
    resultHash: result.resultHash,
  };
}

/** Writes a TTL result as JSON, indented by two, ending in a newline. */
export function ttlJson(result: TtlResult, options: TtlDocumentOptions): string {
  return `${JSON.stringify(ttlDocument(result, options), null, 2)}\n`;
}

const list = (items: Schema, description: string): Schema => ({
  type: "array",
  items,
  description,
});
const number = (description: string): Schema => ({ type: "number", minimum: 0, description });
const orNull = (description: string): Schema => ({ type: ["number", "null"], description });
const endless = orNull("Idle time to live in nanoseconds; null never forgets.");

const ranks = (description: string): Schema => ({
  description,
  ...closed({
    blocks: whole("Blocks counted."),
    p10Ns: orNull("10th percentile by nearest rank, in nanoseconds."),
    p50Ns: orNull("Median."),
    p90Ns: orNull("90th percentile."),
    maxNs: orNull("Largest."),
  }),
});

const HITS = {
  hits: whole("Block hits."),
  prefixHits: whole("Hits in the leading runs."),
};

function rowSchema(): Schema {
  return closed({
    ttlNs: endless,
    ...HITS,
    hitTokens: whole("Prompt tokens covered by the leading runs."),
    residentBlocksMean: orNull("Blocks held, mean over the trace's time; null without time."),
    residentBlocksPeak: whole("Blocks held at most."),
  });
}

function billSchema(): Schema {
  return closed({
    plans: list(
      closed({
        name: text("Name of the plan."),
        ttlNs: endless,
        write: number("Price of a token that is not read, in uncached input tokens."),
        read: number("Price of a token that is read, in uncached input tokens."),
        readTokens: whole("Tokens read from the cache."),
        writtenTokens: whole("Tokens not read from it."),
        cost: number("Charge, in uncached input tokens."),
      }),
      "Plans in the order asked for.",
    ),
    cheapest: text("Name of the plan with the lowest charge."),
    splits: list(
      closed({
        by: { enum: ["tenant", "session"], description: "Column that the bill is split by." },
        groups: whole("Tenants or sessions."),
        cheapestFor: list(whole("Groups."), "How many groups each plan is cheapest for."),
        mixedCost: number("Charge if each group had its cheapest plan, known only afterwards."),
        largest: list(
          closed({
            name: text("Name of the group."),
            requests: whole("Requests."),
            inputTokens: whole("Prompt tokens."),
            costs: list(number("Charge."), "Charge under each plan, in uncached input tokens."),
            cheapest: text("Name of the plan with the lowest charge."),
          }),
          "Groups with the most prompt tokens.",
        ),
      }),
      "One entry for each of the columns tenant and session that the trace has.",
    ),
  });
}

/** JSON Schema (2020-12) of the document of `kvtier ttl --json`. */
export function ttlSchema(): Record<string, unknown> {
  const points = list(
    { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
    "Steps: from this TTL in nanoseconds on, so many hits.",
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvtier ttl, version 1",
    description: "Hits, held blocks and a provider's bill over idle times to live. Made from " +
      "report/ttl/json.ts by `deno task docs`; change it there.",
    ...closed({
      command: text("Command that wrote the document."),
      version: text("Version of kvtier."),
      schema: { const: TTL_SCHEMA, description: "Version of this shape." },
      trace: traceSchema(),
      engine: closed({
        hash: hash("SHA-256 of engine.wasm."),
        abiVersion: whole("Version of the boundary to the engine."),
      }),
      blockBytes: orNull("Bytes of one full block, or null when not known."),
      touch: { enum: ["root-first", "tail-first"], description: "Order of touching blocks." },
      spanNs: number("From the first arrival to the last, in nanoseconds."),
      inputTokens: whole("Prompt tokens."),
      rows: list(rowSchema(), "An endless cache at each TTL, rising."),
      curve: {
        ...closed({ points, prefixPoints: points }),
        type: ["object", "null"],
        description: "The whole curve, exact at every TTL; null unless --curve asks for it.",
      },
      ages: list(
        closed({
          capacityBlocks: whole("Capacity of an LRU cache."),
          hit: ranks("Idle time of blocks that were hit."),
          evicted: ranks("Idle time of blocks that left."),
          missed: ranks("Idle time of blocks that came back after they had left."),
          boundBy: { enum: ["capacity", "reuse", "nothing"], description: "Which is felt." },
        }),
        "Idle times in an LRU cache of each capacity.",
      ),
      together: list(
        closed({ capacityBlocks: whole("Capacity of an LRU cache."), ttlNs: endless, ...HITS }),
        "Capacity and TTL together, capacity-major.",
      ),
      bill: billSchema(),
      resultHash: hash("SHA-256 over everything that is a number here; equal on every host."),
    }),
  };
}

/** The text of `docs/schema/ttl.v1.json`. */
export function ttlSchemaJson(): string {
  return `${JSON.stringify(ttlSchema(), null, 2)}\n`;
}
