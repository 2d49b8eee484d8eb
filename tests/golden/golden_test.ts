/**
 * Documents of commands and what they print: every ```` ```sh ```` block of the `.md` files here is
 * run, and the ```` ```out ```` block after it must be what came out.
 *
 * `KVTIER_GOLDEN=write deno test -A tests/golden` rewrites them; read the diff before you commit it.
 */
import { assert, assertEquals } from "@std/assert";
import { kvtier, ROOT } from "../e2e/command.ts";

const FOLDER = new URL("./", import.meta.url);
const BLOCKS = /```sh\n(.*)\n```\n\n```out\n([^]*?)```/g;

const HINT = "KVTIER_GOLDEN=write deno test -A tests/golden rewrites it";

/** Output of a command, refusals after the report, with what changes with each build left out. */
async function output(line: string): Promise<string> {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
  const [name, ...args] = words;
  assertEquals(name, "kvtier", line);
  const { code, stdout, stderr } = await kvtier(args, { COLUMNS: "100" });
  const end = code === 0 ? "" : `exit code ${code}\n`;
  return `${stdout}${stderr}${end}`
    .replaceAll("\r\n", "\n")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "<hash>")
    .replaceAll(ROOT, "");
}

const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => name.endsWith(".md")).sort();

Deno.test("there are golden documents", () => assert(files.length > 0));

for (const file of files) {
  Deno.test(`${file} shows what the commands print`, async (t) => {
    const path = new URL(file, FOLDER);
    const golden = await Deno.readTextFile(path);
    const blocks = [...golden.matchAll(BLOCKS)];
    assert(blocks.length > 0, `${file} has no commands`);
    assertEquals(
      golden.match(/^```sh$/mg)?.length,
      blocks.length,
      `${file}: a command without out`,
    );
    const outputs = await Promise.all(blocks.map(([, line]) => output(line)));
    if (Deno.env.get("KVTIER_GOLDEN") === "write") {
      return await Deno.writeTextFile(path, rewritten(golden, outputs));
    }
    for (const [index, [, line, expected]] of blocks.entries()) {
      await t.step(line, () => assertEquals(outputs[index], expected, HINT));
    }
  });
}

function rewritten(golden: string, outputs: readonly string[]): string {
  let next = 0;
  return golden.replaceAll(
    BLOCKS,
    (_block, line) => `\`\`\`sh\n${line}\n\`\`\`\n\n\`\`\`out\n${outputs[next++]}\`\`\``,
  );
}
