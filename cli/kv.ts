/**
 * `kvtier kv`: what a model's KV takes, and what fits.
 *
 * @module
 */
import {
  didYouMean,
  kvArithmetic,
  kvText,
  loadModel,
  parseBytes,
  SCHEME_NAMES,
  type SchemeName,
  UsageError,
  VERSION,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { print, terminalColors, terminalColumns } from "./output.ts";

export const kvCommand: Command = {
  name: "kv",
  usage: "MODEL|FILE [options]",
  summary: "Works out the bytes of a model's KV, line by line, and what fits in a memory.",
  arguments: [1, 1],
  options: [
    { name: "tokens", value: "N", text: "tokens of a request (default 32768)" },
    { name: "block-tokens", value: "N", text: "tokens of a block (default 16)" },
    {
      name: "scheme",
      value: "a,b",
      text: `schemes to show, of ${SCHEME_NAMES.join(", ")} (default all)`,
    },
    { name: "capacity", value: "SIZE", alias: "c", text: 'memory for KV, such as "80GiB"' },
    { name: "json", text: "write JSON" },
  ],
  examples: [
    ["kvtier kv llama-3.1-70b", "how large is a token, a block, a request?"],
    ["kvtier kv gpt-oss-120b --tokens 131072 --capacity 80GiB", "how many long requests fit?"],
    ["kvtier kv llama-3.1-8b --scheme int4 --json", "what does quantising save?"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const tokens = input.whole("tokens", 1);
  const blockTokens = input.whole("block-tokens", 1);
  const schemes = input.list("scheme")?.map(schemeName);
  const capacity = input.value("capacity");
  const capacityBytes = capacity === undefined ? undefined : bytes(capacity);
  const arithmetic = kvArithmetic(await loadModel(input.args[0]), {
    ...(tokens === undefined ? {} : { tokens }),
    ...(blockTokens === undefined ? {} : { blockTokens }),
    ...(schemes === undefined ? {} : { schemes }),
    ...(capacityBytes === undefined ? {} : { capacityBytes }),
  });
  if (input.has("json")) {
    const document = { command: "kv", version: VERSION, schema: 1, ...arithmetic };
    print(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    print(kvText(arithmetic, { width: terminalColumns(), color: terminalColors() }));
  }
  return 0;
}

function schemeName(text: string): SchemeName {
  const name = SCHEME_NAMES.find((each) => each === text);
  if (name !== undefined) return name;
  const hint = didYouMean(text, SCHEME_NAMES);
  throw new UsageError({
    code: "usage/scheme",
    message: "Cannot run kv: --scheme has no such scheme",
    found: `"${text}"`,
    expected: SCHEME_NAMES.join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}

function bytes(text: string): number {
  try {
    return parseBytes(text);
  } catch (error) {
    throw new UsageError(
      { code: "usage/capacity", message: `Cannot run kv: --capacity ${(error as Error).message}` },
      [],
      { cause: error },
    );
  }
}
