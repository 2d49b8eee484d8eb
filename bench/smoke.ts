/**
 * Every benchmark on a little, as a process of its own: whether it still runs, and, where it
 * compares answers, whether they agree.
 *
 * ```sh
 * deno task bench:smoke
 * ```
 *
 * A benchmark is a file here that says how it is started; `--smoke` is what it takes from here.
 *
 * @module
 */

const FOLDER = new URL("./", import.meta.url);
const SELF = import.meta.url.replace(/^.*\//, "");

/** Files whose first lines say `deno run … bench/NAME.ts`, or `deno task bench`. */
async function benchmarks(): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (!name.endsWith(".ts") || name === SELF) continue;
    const [header] = (await Deno.readTextFile(new URL(name, FOLDER))).split("*/");
    if (header.includes(` bench/${name}`) || header.includes("deno task bench")) found.push(name);
  }
  return found.sort();
}

async function passes(name: string): Promise<boolean> {
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", new URL(name, FOLDER).pathname, "--smoke"],
  }).output();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${success ? "ok" : "FAILED"}  ${name}  ${seconds} s`);
  for (const text of success ? [] : [stdout, stderr]) console.error(new TextDecoder().decode(text));
  return success;
}

let isWrong = false;
for (const name of await benchmarks()) isWrong = !await passes(name) || isWrong;
Deno.exit(isWrong ? 1 : 0);
