/** The laws of the house hold: see `tools/tidy.ts`. */
import { assertEquals } from "@std/assert";
import { tidy } from "../tools/tidy.ts";

const inGit = await new Deno.Command("git", { args: ["rev-parse", "--git-dir"] }).output()
  .then(({ success }) => success, () => false);
const why = inGit ? "" : " (skipped: no git checkout to list the files of)";

Deno.test({
  name: `the laws of tidy hold for every file${why}`,
  ignore: !inGit,
  async fn() {
    const findings = await tidy();
    assertEquals(findings.map(({ file, line, message }) => `${file}:${line}: ${message}`), []);
  },
});
