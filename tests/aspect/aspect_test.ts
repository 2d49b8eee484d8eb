/**
 * Runs the as-pect specs of this folder: AssemblyScript that tests what the engine does not export.
 *
 * Each `*.spec.ts` is compiled with the engine's own compiler and runtime, and each of its tests is
 * a step here. A folder without specs fails, and so does a spec without tests.
 *
 * as-pect's own transform, which compares objects by their fields, is left out: it knows classes
 * by numbers of an older compiler. So specs compare numbers and texts.
 *
 * @module
 */
import { EmptyReporter, TestContext, type TestNode } from "@as-pect/core";
import { instantiateSync } from "@assemblyscript/loader";
import asc from "assemblyscript/asc";

const ROOT = new URL("../../", import.meta.url);
const FOLDER = "tests/aspect";
const TEST = 0;

/** `stub` is the engine's runtime; the arena depends on it. */
const OPTIONS = [
  ...["--runtime", "stub", "--exportRuntime", "--exportTable", "--exportStart", "_start"],
  ...["--enable", "simd", "--debug", "--noColors"],
];

function readSource(name: string, base: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(base === "." ? name : `${base}/${name}`, ROOT));
  } catch {
    return null;
  }
}

async function compile(spec: string): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array | undefined;
  const globals = `${FOLDER}/node_modules/@as-pect/assembly/assembly/index.ts`;
  const { error, stderr } = await asc.main(
    [`${FOLDER}/${spec}`, globals, "--outFile", "spec.wasm", ...OPTIONS],
    {
      readFile: readSource,
      writeFile: (name: string, data: Uint8Array | string) => {
        if (name.endsWith(".wasm")) binary = data as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(`${spec} does not compile:\n${stderr.toString()}`);
  }
  return new Uint8Array(binary);
}

function runSpec(spec: string, binary: Uint8Array<ArrayBuffer>): TestContext {
  const context = new TestContext({ binary, fileName: spec, reporter: new EmptyReporter() });
  // as-pect's imports are loosely typed, and the loader's are not.
  const imports = context.createImports() as Parameters<typeof instantiateSync>[1];
  context.run(instantiateSync(binary, imports) as unknown as Parameters<TestContext["run"]>[0]);
  return context;
}

function failureOf(node: TestNode): string {
  const value = (reflected: { stringify(): string } | null) => reflected?.stringify() ?? "?";
  const parts = [node.message ?? "no message"];
  if (node.actual !== null || node.expected !== null) {
    parts.push(`actual ${value(node.actual)}, expected ${value(node.expected)}`);
  }
  return [...parts, node.stackTrace ?? ""].join("\n");
}

function testsOf(context: TestContext): TestNode[] {
  const tests: TestNode[] = [];
  context.rootNode.visit((node) => {
    if (node.type === TEST) tests.push(node);
  });
  return tests;
}

/** The names of the groups around a test, and its own. */
function titleOf(node: TestNode): string {
  const names = [node.name];
  for (let up = node.parent; up !== null && up.parent !== null; up = up.parent) {
    names.unshift(up.name);
  }
  return names.join(": ");
}

const specs = [...Deno.readDirSync(new URL(`${FOLDER}/`, ROOT))]
  .map(({ name }) => name)
  .filter((name) => name.endsWith(".spec.ts"))
  .sort();

Deno.test("there are specs", () => {
  if (specs.length === 0) throw new Error(`${FOLDER} has no *.spec.ts`);
});

for (const spec of specs) {
  Deno.test(spec, async (t) => {
    const context = runSpec(spec, await compile(spec));
    const faults = [...context.errors, ...context.rootNode.errors];
    if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
    const tests = testsOf(context);
    if (tests.length === 0) throw new Error(`${spec} has no tests`);
    for (const node of tests) {
      await t.step(titleOf(node), () => {
        if (!node.pass) throw new Error(failureOf(node));
      });
    }
    // A group whose own body fails has no failing test.
    const hasPassed = tests.every(({ pass }) => pass);
    if (hasPassed && !context.pass) throw new Error(`${spec} failed outside its tests`);
  });
}
