/**
 * Options that say how large a block is, and in which order blocks are touched.
 *
 * @module
 */
import { bytesPerToken, loadModel, type Model, parseBytes, UsageError } from "kvtier";
import type { Input, Option } from "./options.ts";

/** Options of the size of a block and of the touch order. */
export const BLOCK_OPTIONS: readonly Option[] = [
  {
    name: "model",
    value: "NAME|FILE",
    text: "model in configs/models: gives the bytes of a block",
  },
  { name: "block-bytes", value: "SIZE", text: 'bytes of a block with a unit, such as "160MiB"' },
  {
    name: "touch",
    value: "root-first|tail-first",
    text: "order in which a request touches its blocks (default tail-first)",
  },
];

/** Bytes of a full block, and the model that they are of; empty when nobody said. */
export interface BlockSize {
  readonly model?: Model;
  readonly blockBytes?: number;
}

/** The size of a block that the options give. */
export async function blockSizeOf(input: Input, blockTokens: number): Promise<BlockSize> {
  const name = input.value("model");
  const text = input.value("block-bytes");
  if (name !== undefined && text !== undefined) {
    throw new UsageError({
      code: "usage/model-and-bytes",
      message: "Cannot tell the size of a block: --model and --block-bytes both give it",
      mend: ["keep one of the two"],
    });
  }
  if (name !== undefined) {
    const model = await loadModel(name);
    return { model, blockBytes: Math.ceil(bytesPerToken(model) * blockTokens) };
  }
  return text === undefined ? {} : { blockBytes: refused("--block-bytes", () => parseBytes(text)) };
}

/** The touch order that was asked for. */
export function touchOf(input: Input): "root-first" | "tail-first" | undefined {
  const text = input.value("touch");
  if (text === undefined || text === "root-first" || text === "tail-first") return text;
  throw new UsageError({
    code: "usage/touch",
    message: "Cannot replay: --touch has no such order",
    found: `"${text}"`,
    expected: "root-first or tail-first",
  });
}

/** A number above 0, or `undefined` when the option is absent. */
export function positive(input: Input, name: string, unit: string): number | undefined {
  const text = input.value(name);
  if (text === undefined) return undefined;
  const value = Number(text.replace(/^\$/, ""));
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new UsageError({
    code: `usage/${name}`,
    message: `Cannot read --${name}: it is no amount`,
    found: `"${text}"`,
    expected: `a number above 0, in ${unit}`,
  });
}

/** Reads a value; what a reader throws becomes a refusal that names the option. */
export function refused<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const code = `usage/${option.replace(/^-+/, "")}`;
    throw new UsageError(
      { code, message: `Cannot read ${option}: ${error.message}` },
      [],
      { cause: error },
    );
  }
}
