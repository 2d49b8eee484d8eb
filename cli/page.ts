/**
 * `kvtier page`: one HTML file that does what `compare` does, in a browser.
 *
 * @module
 */
import {
  bytesPerToken,
  encodeKvt,
  FileError,
  loadModel,
  openTrace,
  parseTrace,
  shippedNames,
  UsageError,
  VERSION,
  writeFileAtomic,
} from "kvtier";
import { pageDocument } from "../serve/page/document.ts";
import type { PageModel } from "../serve/page/markup.ts";
import type { Command, Input } from "./options.ts";
import { say } from "./output.ts";

const ROOT = new URL("../", import.meta.url);

/** A real trace that the page can show at once: Mooncake's conversations. */
const SAMPLE = new URL("tests/data/conversation_trace.jsonl.gz", ROOT);

const SAMPLE_CREDIT = "Mooncake's conversation trace (kvcache-ai/Mooncake, FAST'25), Apache-2.0";

export const pageCommand: Command = {
  name: "page",
  usage: "--out DIR [options]",
  summary: "Writes a page that reads and compares traces in a browser; nothing leaves the machine.",
  arguments: [0, 0],
  options: [
    {
      name: "out",
      value: "DIR",
      alias: "o",
      text: "folder for index.html, made if it is not there",
    },
    {
      name: "sample",
      value: "FILE",
      text: 'trace behind the button "Try the sample"; it becomes part of the page\n' +
        "(default Mooncake's conversation trace)",
    },
    { name: "no-sample", text: "leave the sample out" },
  ],
  examples: [
    ["kvtier page --out out/page", "a page to open from disk or put on any static server"],
    ["kvtier page --out out/page --sample ours.jsonl.gz", "with your own trace inside, to pass on"],
  ],
  run,
};

async function run(input: Input): Promise<number> {
  const folder = input.value("out");
  if (folder === undefined || (input.has("no-sample") && input.value("sample") !== undefined)) {
    throw wrongUsage(folder);
  }
  const [mainScript, workerScript] = [await bundled("main.ts"), await bundled("worker.ts")];
  const sample = input.has("no-sample") ? {} : await packedSample(input.value("sample"));
  const html = await pageDocument({
    version: VERSION,
    models: await models(),
    mainScript,
    workerScript,
    ...sample,
  });
  await makeFolder(folder);
  const file = `${folder.replace(/\/+$/, "")}/index.html`;
  await writeFileAtomic(file, html);
  say(`wrote ${file}`);
  return 0;
}

function wrongUsage(folder: string | undefined): UsageError {
  return folder === undefined
    ? new UsageError({
      code: "usage/missing-out",
      message: "Cannot run page: it was not said where to write",
      expected: "kvtier page --out DIR",
    })
    : new UsageError({
      code: "usage/two-samples",
      message: "Cannot run page: --sample and --no-sample contradict each other",
      mend: ["keep one of the two"],
    });
}

/** A script of the page and all that it imports, as one classic script. */
async function bundled(name: string): Promise<string> {
  const entry = new URL(`serve/page/${name}`, ROOT).href;
  const options = ["--quiet", "--platform", "browser", "--format", "iife", "--minify"];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", ...options, entry],
    }).output();
  } catch (error) {
    throw notBundled((error as Error).message, [
      "run `deno task page`, or give Deno --allow-run: the page is bundled by `deno bundle`",
    ], error);
  }
  if (output.success) return new TextDecoder().decode(output.stdout);
  const [reason] = new TextDecoder().decode(output.stderr).trim().split("\n");
  throw notBundled(reason, [
    "`deno bundle` fetches its bundler on first use: see that the npm registry can be reached",
  ]);
}

function notBundled(found: string, mend: string[], cause?: unknown): FileError {
  return new FileError(
    {
      code: "file/not-bundled",
      message: "Cannot build the page: its scripts could not be bundled",
      found,
      mend,
    },
    [],
    { cause },
  );
}

/** The sample as the page holds it: folded, so that a megabyte of text is a hundred kilobytes. */
async function packedSample(file: string | undefined) {
  const sampleName = (file ?? SAMPLE.pathname).split(/[\\/]/).pop()!;
  const trace = file === undefined
    ? await parseTrace(await (await fetch(SAMPLE)).blob(), sampleName)
    : await openTrace(file);
  // The page shall not tell where its maker keeps files.
  const kvt = await encodeKvt({ ...trace, path: sampleName });
  const packed = new Blob([kvt as Uint8Array<ArrayBuffer>]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const sample = new Uint8Array(await new Response(packed).arrayBuffer());
  return { sample, sampleName, ...(file === undefined ? { sampleCredit: SAMPLE_CREDIT } : {}) };
}

async function models(): Promise<PageModel[]> {
  return await Promise.all((await shippedNames("models")).map(async (name) => ({
    name,
    bytesPerToken: bytesPerToken(await loadModel(name)),
  })));
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new FileError(
      {
        code: "file/no-folder",
        message: "Cannot make folder",
        place: { file: folder },
        found: (error as Error).message,
        mend: ["choose another folder, or check its permissions"],
      },
      [],
      { cause: error },
    );
  }
}
