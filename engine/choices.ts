/**
 * What a user named, as the engine takes it: policies as choices, capacities in blocks.
 *
 * @module
 */
import { EngineError, UsageError } from "../errors/errors.ts";
import { type Capacity, parseCapacity } from "../scenario/units.ts";
import type { Trace } from "../traces/trace.ts";
import { LEARNED } from "./model.ts";
import type { Choice, Registry } from "./registry.ts";

/**
 * Expands `all` and `variants`, and drops what is named twice.
 *
 * @throws {UsageError} For a name or a parameter that makes no sense.
 */
export function choosePolicies(registry: Registry, specs: readonly string[]): Choice[] {
  const chosen = specs.flatMap((spec) => {
    if (spec !== "all" && spec !== "variants") return [registry.policy(spec)];
    return registry.policies
      // Without a model `learned` is LRU by another name: it runs when it is named.
      .filter(({ name, variant, heuristic }) =>
        variant === (spec === "variants") && name !== LEARNED && !heuristic
      )
      .map(({ name }) => registry.policy(name));
  });
  const labels = chosen.map(({ label }) => label);
  return chosen.filter(({ label }, index) => labels.indexOf(label) === index);
}

/**
 * Capacities in blocks, in the order asked for, each once.
 *
 * @param texts Blocks, shares of the distinct blocks, or bytes.
 * @throws {UsageError} For a text that is no capacity, or bytes of blocks of unknown size.
 * @throws {EngineError} If one block does not fit.
 */
export function resolveCapacities(
  texts: readonly string[],
  trace: Trace,
  blockBytes: number | undefined,
): number[] {
  const blocks = texts.map((text) => {
    let capacity: Capacity;
    try {
      capacity = parseCapacity(text);
    } catch (error) {
      throw new UsageError(
        {
          code: "usage/capacity",
          message: `Cannot choose capacity: ${(error as Error).message}`,
        },
        [],
        { cause: error },
      );
    }
    return toBlocks(capacity, text, trace, blockBytes);
  });
  return [...new Set(blocks)];
}

function toBlocks(
  capacity: Capacity,
  text: string,
  trace: Trace,
  blockBytes: number | undefined,
): number {
  if (capacity.kind === "blocks") return capacity.blocks;
  if (capacity.kind === "share") {
    return Math.max(1, Math.floor(capacity.share * trace.uniqueBlocks));
  }
  if (blockBytes === undefined) {
    throw new UsageError({
      code: "usage/block-bytes",
      message:
        `Cannot choose capacity: "${text}" is in bytes, and the size of a block is not known`,
      mend: ["give --model or --block-bytes, or write the capacity in blocks or per cent"],
    });
  }
  const blocks = Math.floor(capacity.bytes / blockBytes);
  if (blocks >= 1) return blocks;
  throw new EngineError({
    code: "engine/CapacityZero",
    message: "Cannot compare: the tier cannot hold one block",
    found: `${text} for blocks of ${blockBytes} bytes (${trace.blockTokens} tokens)`,
    expected: "room for 1 block or more",
    mend: ["raise the capacity, or use a model (or precision) with fewer bytes per token"],
  });
}
