/**
 * `docs/abi.md`, written from the comments and numbers of `assembly/abi*.ts`.
 *
 * @module
 */

const INTRODUCTION = `# The boundary

<!-- Written by \`deno task docs\` from assembly/abi*.ts. Change them there. -->

\`engine.wasm\` imports nothing, does no I/O and reads no clock. Everything crosses as
little-endian numbers at the offsets below; columns are placed with \`alloc\` and named by their
addresses. Any change of an offset, an order or a meaning raises \`ABI_VERSION\`.
\`examples/node/raw_engine.mjs\` drives it by hand in sixty lines.

## Calls

| export | meaning |
| --- | --- |
| \`abiVersion()\` | the host refuses a module of another version |
| \`alloc(bytes)\` | address of zeroed memory, 16-byte aligned; before \`openTrace\` only |
| \`registryCount(kind)\`, \`registryName(kind, i)\`, \`registryParameters(kind, i)\`, \`registryTraits(kind, i)\` | what the module can do; strings are UTF-16 with their byte length in the 4 bytes before them; parameters read \`name=default:min:max\` |
| \`openTrace(header)\` | takes a trace (\`TraceField\`); its columns stay where they are |
| \`openRun(header)\` | begins a replay (\`RunField\`); the one before it is dropped |
| \`advance(accesses)\` | replays about so many accesses, in whole requests; gives the requests left |
| \`closeRun()\` | ends the replay and checks the books |
| \`result()\` | address of the counters (\`ResultField\`) |
| \`openServing(header)\`, \`advanceServing(events)\`, \`closeServing()\`, \`servingResult()\` | simulates a cluster on the trace (\`ServingField\`, \`ServingResultField\`); \`advanceServing\` gives 1 while more is to come |
| \`failure()\` | address of the last refusal (\`FailureField\`) |
| \`foldRoom(rows, blocks)\`, \`foldBatch(rows)\`, \`foldHeader()\` | hashes to extents, batch by batch (\`FoldField\`) |
| \`openFolded(task, touch, capacityBlocks)\`, \`advanceFolded()\`, \`closeFolded()\`, \`foldedResult()\` | a task on extents (\`FoldedTask\`, \`FoldedResultField\`); advance until it gives 0 |

Calls that can refuse give an \`ErrorCode\`, 0 when all is well. A trap is a fault of the engine,
except when \`failure\` says \`OutOfMemory\`. An instance holds one trace; replays follow each other
in it. Memory may grow in any call: take views anew after each.
`;

/** The document, from the text of `abi.ts`. */
export function abiMarkdown(source: string): string {
  const parts: string[] = [INTRODUCTION];
  const constants = [...source.matchAll(/^(?:\/\*\* (.*) \*\/\n)?export const (\w+) = (\d+);/gm)];
  const rows = constants.map(([, text, name, value]) =>
    `| \`${name}\` | ${value} | ${text ?? ""} |`
  );
  parts.push(
    `## Constants\n\n| name | value | meaning |\n| --- | --- | --- |\n${rows.join("\n")}\n`,
  );
  const enums = source.matchAll(/\/\*\* ([^*]*) \*\/\nexport enum (\w+) \{\n([\s\S]*?)\n\}/g);
  for (const [, text, name, body] of enums) {
    const fields = [...body.matchAll(/^\s*(\w+) = (\d+),(?: \/\/ (.*))?$/gm)];
    const column = name.endsWith("Field") ? "offset" : "value";
    const lines = fields.map(([, field, value, meaning]) =>
      `| \`${field}\` | ${value} | ${meaning ?? ""} |`
    );
    parts.push(
      `## ${name}\n\n${text}\n\n| name | ${column} | meaning |\n| --- | --- | --- |\n${
        lines.join("\n")
      }\n`,
    );
  }
  return parts.join("\n");
}
