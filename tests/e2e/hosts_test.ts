/**
 * One comparison in Deno, in a worker, in Node and in Chromium: the same result hash; and the
 * examples for Node and browsers do what they say.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as library from "kvtier";
import { Browser, findChromium, type Page } from "./browser.ts";
import { CONVERSATION, findProgram, inFolder, ROOT, text } from "./command.ts";
import { trial } from "./trial.mjs";

const bytes = await Deno.readFile(`${ROOT}${CONVERSATION}`);
const expected: string = await trial(library, bytes);

/** Runs `body` with a fresh bundle of the library. */
async function withBundle(body: (bundle: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const bundle = `${folder}/kvtier.js`;
    const options = ["--quiet", "--platform", "browser", "--output", bundle];
    const { code, stderr } = text(
      await new Deno.Command(Deno.execPath(), {
        args: ["bundle", ...options, "mod.ts"],
        cwd: ROOT,
      }).output(),
    );
    assertEquals(code, 0, stderr);
    await body(bundle);
  });
}

const nodeFile = await findProgram("node");
const chromium = await findChromium();

async function node(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const outcome = await new Deno.Command(nodeFile!, { args: [...args], cwd: ROOT, env }).output();
  const { code, stdout, stderr } = text(outcome);
  assertEquals(code, 0, stderr);
  return stdout;
}

Deno.test("the trial gives two hashes, which differ", () => {
  assertMatch(expected, /^[0-9a-f]{64} [0-9a-f]{64}$/);
  assert(expected.slice(0, 64) !== expected.slice(65));
});

Deno.test("a worker gives the same hashes", async () => {
  const worker = new Worker(new URL("./trial_worker.ts", import.meta.url), { type: "module" });
  try {
    const answer = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
    worker.postMessage(bytes);
    assertEquals(await answer, expected);
  } finally {
    worker.terminate();
  }
});

Deno.test("the bundle gives the same hashes in Deno", async () => {
  await withBundle(async (bundle) => {
    assertEquals(await trial(await import(`file://${bundle}`), bytes), expected);
  });
});

Deno.test({
  name: "the bundle gives the same hashes in Node (needs `node`), and the example runs",
  ignore: nodeFile === undefined,
  fn: () =>
    withBundle(async (bundle) => {
      // Deno can pose as Node, and would prove nothing.
      assertEquals(await node(["-p", "String(process.versions.deno)"]), "undefined\n");
      const out = await node(["tests/e2e/trial_node.mjs", bundle, CONVERSATION]);
      assertEquals(out.trim(), expected);
      const example = await node(["examples/node/compare.mjs", CONVERSATION], {
        KVTIER_BUNDLE: `file://${bundle}`,
      });
      assertStringIncludes(example, `result ${await exampleHash()}\n`);
    }),
});

Deno.test({
  name: "the example of the bare engine runs in Node (needs `node`)",
  ignore: nodeFile === undefined,
  fn: async () => {
    const lines = (await node(["examples/node/raw_engine.mjs"])).trim().split("\n");
    // A loop of 600 blocks over 500 slots: LRU never hits, the optimum keeps most of it.
    const hits = lines.map((line) => line.split(/\s+/).slice(0, 2).join(" ")).sort();
    assertEquals(hits, ["lru 0", "mru 4500", "optimal-demand 4500"]);
  },
});

/** The comparison that the examples make, here. */
async function exampleHash(): Promise<string> {
  const { resultHash } = await library.compare(await library.parseTrace(bytes), {
    policies: ["lru", "arc", "s3-fifo", "optimal"],
    capacities: ["1%", "10%"],
  });
  return resultHash;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
};

/** Serves the repository on this machine only, with the bundle where `deno task bundle` puts it. */
function serve(bundle: string): Deno.HttpServer<Deno.NetAddr> {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  return Deno.serve(options, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/favicon.ico") return new Response(null, { status: 204 });
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const file = name === "/out/kvtier.js" ? bundle : `${ROOT}${name.slice(1)}`;
    const type = TYPES[/\.\w+$/.exec(name)?.[0] ?? ""] ?? "application/octet-stream";
    const content = await Deno.readFile(file).catch(() => undefined);
    if (content === undefined) return new Response("not found", { status: 404 });
    return new Response(content, { headers: { "content-type": type } });
  });
}

/** Waits until the example page has its result. */
async function checkExample(page: Page, hash: string): Promise<void> {
  const title = await page.evaluate(`(async () => {
    while (!/^([0-9a-f]{64}|error)$/.test(document.title)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return document.title;
  })()`);
  const shown = await page.evaluate('document.getElementById("report").textContent');
  assertEquals(title, hash, shown);
  assertStringIncludes(shown, "optimal (bound)");
}

Deno.test({
  name: "the bundle gives the same hashes in Chromium (needs one), and the example page works",
  ignore: chromium === undefined,
  fn: () =>
    withBundle(async (bundle) => {
      const server = serve(bundle);
      const origin = `http://127.0.0.1:${server.addr.port}`;
      const browser = await Browser.launch(chromium!);
      try {
        const page = await browser.newPage();
        await page.open(`${origin}/examples/web/`);
        const answer = await page.evaluate(`(async () => {
          const [library, { trial }, response] = await Promise.all([
            import("/out/kvtier.js"),
            import("/tests/e2e/trial.mjs"),
            fetch("/${CONVERSATION}"),
          ]);
          return await trial(library, new Uint8Array(await response.arrayBuffer()));
        })()`);
        assertEquals(answer, expected);

        const hash = await exampleHash();
        await page.open(`${origin}/examples/web/`);
        await page.chooseFile("#file", `${ROOT}${CONVERSATION}`);
        await checkExample(page, hash);
        await page.open(`${origin}/examples/web/?trace=/${CONVERSATION}`);
        await checkExample(page, hash);
        assertEquals(page.complaints, []);
        assertEquals(page.requests.filter((url) => !url.startsWith(origin)), []);
      } finally {
        await browser.close();
        await server.shutdown();
      }
    }),
});
