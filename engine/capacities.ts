/**
 * Capacities of one tier, as people write them, in blocks of a trace.
 *
 * @module
 */
import { EngineError, UsageError } from "../errors/errors.ts";
import { type Capacity, parseCapacity } from "../scenario/units.ts";
import type { Trace } from "../traces/trace.ts";

/**
 * Capacities in blocks, in the order asked for, each once.
 *
 * @throws {UsageError} For a text that is no capacity.
 * @throws {EngineError} If a tier cannot hold one block.
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
