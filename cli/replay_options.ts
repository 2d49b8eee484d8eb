/**
 * Options that say how to replay a trace, shared by the commands that do.
 *
 * @module
 */
import { bytesPerToken, loadModel, parseBytes, type Touch, type Trace, UsageError } from "kvtier";
import type { Input, Option } from "./options.ts";

/** Order of touches, size of a block, seed. */
export const REPLAY_OPTIONS: readonly Option[] = [
  {
    name: "touch",
    value: "root-first|tail-first",
    text: "order in which a request touches its blocks; serving engines free the tail first,\n" +
      "libCacheSim and the published LRU tables go root first (default tail-first)",
  },
  {
    name: "model",
    value: "NAME|FILE",
    text: "model in configs/models: gives the bytes of a block",
  },
  { name: "block-bytes", value: "SIZE", text: 'bytes of a block with a unit, such as "160MiB"' },
  { name: "seed", value: "N", text: "seed of every random stream (default 42)" },
];

/**
 * The order of `--touch`.
 *
 * @param action What cannot be done without, such as `compare`.
 */
export function touchOrder(text: string | undefined, action: string): Touch | undefined {
  if (text === undefined || text === "root-first" || text === "tail-first") return text;
  throw new UsageError({
    code: "usage/touch",
    message: `Cannot ${action}: --touch has no such order`,
    found: `"${text}"`,
    expected: "root-first or tail-first",
  });
}

/** Where the bytes of a block come from. */
export interface BlockSize {
  readonly model?: string | undefined;
  readonly blockBytes?: string | undefined;
}

/** The model and the bytes of the command line; not both. */
export function askedSize(input: Input, action: string): BlockSize {
  const size = { model: input.value("model"), blockBytes: input.value("block-bytes") };
  if (size.model === undefined || size.blockBytes === undefined) return size;
  throw new UsageError({
    code: "usage/model-and-bytes",
    message: `Cannot ${action}: --model and --block-bytes both give the size of a block`,
    mend: ["keep one of the two"],
  });
}

/** Bytes of a full block, or `undefined` where nothing gives them. */
export async function bytesOfBlock(
  trace: Trace,
  { model, blockBytes }: BlockSize,
  action: string,
): Promise<number | undefined> {
  if (blockBytes !== undefined) {
    try {
      return parseBytes(blockBytes);
    } catch (error) {
      throw new UsageError(
        {
          code: "usage/block-bytes",
          message: `Cannot ${action}: --block-bytes ${(error as Error).message}`,
        },
        [],
        { cause: error },
      );
    }
  }
  if (model === undefined) return undefined;
  return Math.ceil(bytesPerToken(await loadModel(model)) * trace.blockTokens);
}
