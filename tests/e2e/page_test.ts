/**
 * The page of `kvtier page` in a real browser: the sample, a dropped file, the keyboard, refusals,
 * and that nothing leaves it.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openTrace } from "kvtier";
import { traceCurves } from "../../curves/trace_curves.ts";
import { Browser, findChromium, type Page } from "./browser.ts";
import { command, CONVERSATION, inFolder, report, ROOT, SYNTHETIC, text } from "./command.ts";

const chromium = await findChromium();

/** Builds the page as `deno task page` does. */
async function build(folder: string, ...more: string[]): Promise<string> {
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-run"];
  const args = ["run", "--quiet", ...permissions, "cli.ts", "page", "--out", folder, ...more];
  const { code, stdout, stderr } = text(
    await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output(),
  );
  assertEquals({ code, stdout }, { code: 0, stdout: "" }, stderr);
  assertEquals(stderr, `wrote ${folder}/index.html\n`);
  return await Deno.readTextFile(`${folder}/index.html`);
}

const html = chromium === undefined ? "" : await (async () => {
  let built = "";
  await inFolder(async (folder) => void (built = await build(`${folder}/deep/page`)));
  return built;
})();

/** Opens the page from a server of this machine; gives it with the paths that were asked for. */
async function withPage(
  body: (page: Page, asked: readonly string[], origin: string) => Promise<void>,
  width = 1200,
): Promise<void> {
  const asked: string[] = [];
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = Deno.serve(options, (request) => {
    asked.push(new URL(request.url).pathname);
    return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const browser = await Browser.launch(chromium!);
  try {
    const page = await browser.newPage(width);
    await page.open(`${origin}/`);
    await body(page, asked, origin);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

/** Waits until the page has come to an end, and checks which. */
async function status(page: Page, wanted: string): Promise<void> {
  const ends = JSON.stringify(["Cancelled.", "It did not work.", wanted]);
  await until(page, `${ends}.includes(document.getElementById("status").textContent)`);
  assertEquals(await textOf(page, "status"), wanted, await textOf(page, "failure"));
}

/** Waits until an expression of the page is true. */
async function until(page: Page, expression: string): Promise<void> {
  const isTrue = await page.evaluate(`(async () => {
    for (let i = 0; i < 1000 && !(${expression}); i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return ${expression};
  })()`);
  assert(isTrue, expression);
}

async function textOf(page: Page, id: string): Promise<string> {
  return await page.evaluate(`document.getElementById("${id}").innerText`);
}

async function click(page: Page, id: string): Promise<void> {
  await page.evaluate(`document.getElementById("${id}").click()`);
}

/** Drops a file on the page, as a hand would. */
async function drop(page: Page, file: string): Promise<void> {
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await page.call("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
}

const KEYS: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  ArrowLeft: 37,
  ArrowDown: 40,
};

async function press(page: Page, key: string): Promise<void> {
  const parameters = { key, code: key, windowsVirtualKeyCode: KEYS[key] };
  const down = { type: "keyDown", ...parameters, ...(key === "Enter" ? { text: "\r" } : {}) };
  await page.call("Input.dispatchKeyEvent", down);
  await page.call("Input.dispatchKeyEvent", { type: "keyUp", ...parameters });
}

/** Presses Tab and gives what has the focus then. */
async function tab(page: Page): Promise<string> {
  await press(page, "Tab");
  return await page.evaluate(
    "document.activeElement.id || document.activeElement.value || " +
      "document.activeElement.getAttribute('aria-label')",
  );
}

async function commandHash(...args: string[]): Promise<string> {
  return JSON.parse(await report("compare", ...args, "--json")).resultHash;
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("KVTIER_SCREENSHOTS");
  if (folder !== undefined) await page.screenshot(`${folder}/${name}.png`);
}

/** A test that needs Chromium. */
function inChromium(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `the page in Chromium (needs one): ${name}`, ignore: !chromium, fn });
}

inChromium(
  "the sample gives the hash of the command line",
  () =>
    withPage(async (page, asked, origin) => {
      assertEquals(await textOf(page, "failure"), "");
      await click(page, "sample");
      await status(page, "Done.");
      assertStringIncludes(await textOf(page, "facts"), "288,500");
      assertStringIncludes(await textOf(page, "facts"), "Reuse is measured");
      assertStringIncludes(await textOf(page, "policies"), await commandHash(CONVERSATION));
      assertStringIncludes(await textOf(page, "policies"), "optimal (bound)");
      const curves = await traceCurves(await openTrace(`${ROOT}${CONVERSATION}`));
      assertStringIncludes(await textOf(page, "curve"), curves.resultHash);
      assertStringIncludes(await textOf(page, "curve"), "Both lines are exact at every capacity.");
      assertMatch(await page.evaluate("document.title"), /^conversation_trace\.jsonl\.gz/);
      await screenshot(page, "page-sample");
      assertEquals(page.complaints, []);
      assertEquals(asked, ["/"]);
      const others = page.requests.filter((url) => url !== `${origin}/`);
      assertEquals(others.filter((url) => !url.startsWith(`blob:${origin}/`)), []);
    }),
);

inChromium("a dropped file, in both touch orders", () =>
  withPage(async (page, asked) => {
    await drop(page, `${ROOT}${SYNTHETIC}`);
    await status(page, "Done.");
    assertStringIncludes(await textOf(page, "policies"), await commandHash(SYNTHETIC));
    await click(page, "sample");
    await page.evaluate('document.querySelector("[value=root-first]").click()');
    await status(page, "Done.");
    const hash = await commandHash(CONVERSATION, "--touch", "root-first");
    assertStringIncludes(await textOf(page, "policies"), hash);
    assertEquals(page.complaints, []);
    assertEquals(asked, ["/"]);
  }));

inChromium(
  "85 million look-ups: the curve at once, the policies when asked",
  () =>
    withPage(async (page) => {
      await page.chooseFile("#file", `${ROOT}tests/data/weka_claude_code_rle.jsonl.gz`);
      await status(page, "The curve is there.");
      assertStringIncludes(await textOf(page, "facts"), "85,405,325");
      assertMatch(await textOf(page, "target-answer"), /LRU [\d,]+ blocks\. The optimum needs/);
      assertStringIncludes(await textOf(page, "policies"), "3,416 million look-ups");
      await click(page, "compare");
      assertEquals(await page.evaluate('document.getElementById("cancel").hidden'), false);
      await click(page, "cancel");
      await status(page, "Cancelled.");
      assertEquals(await page.evaluate("document.activeElement.id"), "resume");
      assertEquals(page.complaints, []);
    }),
);

inChromium("the sliders answer in blocks and in bytes", () =>
  withPage(async (page) => {
    await click(page, "sample");
    await status(page, "Done.");
    const choose = async (id: string, value: string) => {
      await page.evaluate(`(() => {
        const field = document.getElementById("${id}");
        field.value = ${JSON.stringify(value)};
        for (const type of ["input", "change"]) field.dispatchEvent(new Event(type));
      })()`);
    };
    await choose("target", "100");
    assertMatch(await textOf(page, "target-answer"), /^100 % of the ceiling \(36\.6 of 36\.6 %/);
    await choose("target", "50");
    const blocks = Number(
      /takes LRU ([\d,]+) blocks/.exec(await textOf(page, "target-answer"))![1].replace(",", ""),
    );
    // By the command line: one block less serves less than half of what an endless cache would.
    const args = ["-p", "lru", "-c", `${blocks - 1},${blocks}`, "--json"];
    const { results } = JSON.parse(await report("compare", CONVERSATION, ...args));
    const half = (288_500 - 182_790) / 2;
    const [less, enough] = results.map((run: { prefixHits: number }) => run.prefixHits);
    assert(less < half && half <= enough, `${less} ${half} ${enough} at ${blocks}`);
    await choose("model", "own");
    await choose("block-bytes", "160 parsecs");
    assertMatch(await textOf(page, "block-bytes-error"), /160 parsecs/);
    await choose("block-bytes", "1 GiB");
    assertEquals(await textOf(page, "block-bytes-error"), "");
    await choose("capacity", "0");
    assertMatch(await textOf(page, "capacity-answer"), /^1 block \(1\.00 GiB\): LRU serves/);
    assertEquals(page.complaints, []);
  }));

inChromium("everything can be done with the keyboard", () =>
  withPage(async (page) => {
    await page.call("Page.setInterceptFileChooserDialog", { enabled: true });
    const chooser = page.connection.event("Page.fileChooserOpened", page.session);
    assertEquals(await tab(page), "choose");
    await press(page, "Enter");
    await chooser;
    assertEquals(await tab(page), "sample");
    await press(page, "Enter");
    await status(page, "Done.");
    assertEquals(await tab(page), "tail-first");
    await press(page, "ArrowDown");
    await status(page, "Done.");
    assertStringIncludes(await textOf(page, "policies"), "--touch root-first");
    assertEquals(await tab(page), "model");
    assertEquals(await tab(page), "target");
    await press(page, "ArrowLeft");
    assertMatch(await textOf(page, "target-value"), /^89 %/);
    assertEquals(await tab(page), "capacity");
    const before = await textOf(page, "capacity-answer");
    await press(page, "ArrowLeft");
    assert(before !== await textOf(page, "capacity-answer"));
    assertEquals(await tab(page), "Prefix hit ratio by policy and capacity");
    assertEquals(await tab(page), "save");
    // Every field has a name that a reader of screens can say.
    const nameless = await page.evaluate(`[...document.querySelectorAll("input, select, button")]
      .filter((field) => !field.hidden && field.offsetParent !== null &&
        field.textContent.trim() === "" && field.labels.length === 0).map((field) => field.id)`);
    assertEquals(nameless, []);
  }));

inChromium(
  "what cannot be read is told with its place; then another file can be",
  () =>
    inFolder((folder) =>
      withPage(async (page) => {
        const row = '{"timestamp": 0, "input_length": 700, "output_length": 5, "hash_ids": [0, 1]}';
        const broken = `${folder}/broken.jsonl`;
        await Deno.writeTextFile(
          broken,
          `${row}\n{"timestamp": 1, "input_length": -5, "hash_ids": []}`,
        );
        await drop(page, broken);
        await status(page, "It did not work.");
        assertMatch(await textOf(page, "failure"), /^error: .*\n +--> broken\.jsonl:2/);
        await Deno.writeTextFile(`${folder}/empty.csv`, "");
        await page.chooseFile("#file", `${folder}/empty.csv`);
        await page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))");
        assertMatch(await textOf(page, "failure"), /empty\.csv/);
        await page.chooseFile("#file", `${ROOT}tests/data/azure_2023_code.csv.gz`);
        await status(page, "azure_2023_code.csv.gz: read.");
        assertEquals(await textOf(page, "failure"), "");
        assertStringIncludes(await textOf(page, "facts"), "No reuse evidence");
        assertStringIncludes(await textOf(page, "curve"), "There is no curve");
        assertEquals(page.complaints, []);
      })
    ),
);

inChromium("a cancelled file goes on where it was", () =>
  withPage(async (page) => {
    await page.evaluate(`(() => {
      document.getElementById("sample").click();
      document.getElementById("cancel").click();
    })()`);
    await status(page, "Cancelled.");
    assertEquals(await page.evaluate('document.getElementById("cancel").hidden'), true);
    await click(page, "resume");
    await status(page, "Done.");
    assertStringIncludes(await textOf(page, "policies"), await commandHash(CONVERSATION));
    assertEquals(page.complaints, []);
  }));

inChromium(
  "nothing sticks out at 360 pixels, in light and dark",
  () =>
    inFolder((folder) =>
      withPage(async (page) => {
        const width = () => page.evaluate("document.documentElement.scrollWidth");
        const isWide = async (name: string) => {
          const wide = await width();
          assert(wide <= 360, `${name}: ${wide} pixels`);
        };
        await isWide("empty");
        const broken = `${folder}/${"long-name-".repeat(12)}.jsonl`;
        await Deno.writeTextFile(broken, `{"${"key".repeat(90)}": 1}\n`);
        await page.chooseFile("#file", broken);
        await status(page, "It did not work.");
        await isWide("refused");
        for (const value of ["light", "dark"]) {
          const features = [{ name: "prefers-color-scheme", value }];
          await page.call("Emulation.setEmulatedMedia", { features });
          await click(page, "sample");
          await status(page, "Done.");
          await isWide(value);
          await screenshot(page, `page-360-${value}`);
        }
        const backgrounds = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        assertEquals(backgrounds, "rgb(20, 23, 27)");
      }, 360)
    ),
);

inChromium(
  "its security policy forbids connections, in the page and in its worker",
  () =>
    withPage(async (page, asked, origin) => {
      const tries = `fetch("${origin}/stolen").then(() => "sent", () => "refused")`;
      assertEquals(await page.evaluate(tries), "refused");
      const inWorker = await page.evaluate(`new Promise((resolve) => {
      const script = ${JSON.stringify(`${tries}.then((said) => postMessage(said))`)};
      const worker = new Worker(URL.createObjectURL(new Blob([script])));
      worker.onmessage = ({ data }) => resolve(data);
    })`);
      assertEquals(inWorker, "refused");
      assertEquals(asked, ["/"]);
    }),
);

inChromium("it works from a file, too", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/index.html`, html);
    const browser = await Browser.launch(chromium!);
    try {
      const page = await browser.newPage();
      await page.open(`file://${folder}/index.html`);
      await click(page, "sample");
      await status(page, "Done.");
      assertEquals(page.complaints, []);
    } finally {
      await browser.close();
    }
  }));

inChromium("over http from another machine it says why it cannot work", async () => {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const headers = { "content-type": "text/html; charset=utf-8" };
  const server = Deno.serve(options, () => new Response(html, { headers }));
  const rule = "--host-resolver-rules=MAP elsewhere.test 127.0.0.1";
  const browser = await Browser.launch(chromium!, [rule]);
  try {
    const page = await browser.newPage();
    await page.open(`http://elsewhere.test:${server.addr.port}/`);
    assertMatch(await textOf(page, "failure"), /no SHA-256.*\n.*save this page/);
    assertEquals(await page.evaluate('document.getElementById("choose").disabled'), true);
  } finally {
    await browser.close();
    await server.shutdown();
  }
});

Deno.test("kvtier page says what it needs when it may not run the bundler", async () => {
  await inFolder(async (folder) => {
    const args = ["page", "--out", `${folder}/page`];
    const { code, stdout, stderr } = text(
      await command(args, { stdout: "piped", stderr: "piped" }).output(),
    );
    assertEquals({ code, stdout }, { code: 1, stdout: "" });
    assertStringIncludes(stderr, "`deno task page`");
    assertStringIncludes(stderr, "--allow-run");
  });
});
