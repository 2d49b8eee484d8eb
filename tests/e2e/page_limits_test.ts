/**
 * What the page does not do: break off at 360 pixels, call anybody, keep silent about a fault.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Browser } from "./browser.ts";
import { command, CONVERSATION, inFolder, ROOT, text } from "./command.ts";
import {
  chromium,
  click,
  commandHash,
  drop,
  html,
  inPage,
  needsChromium,
  screenshot,
  serve,
  status,
  textOf,
  until,
} from "./page.ts";

Deno.test(
  inPage(
    "what cannot be read is told with its place; then another file can be",
    async ({ page, folder }) => {
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
      await until(page, 'document.getElementById("failure").innerText.includes("empty.csv")');
      await page.chooseFile("#file", `${ROOT}tests/data/azure_2023_code.csv.gz`);
      await status(page, "azure_2023_code.csv.gz: read.");
      assertEquals(await textOf(page, "failure"), "");
      assertStringIncludes(await textOf(page, "facts"), "No reuse evidence");
      assertStringIncludes(await textOf(page, "curve"), "There is no curve");
      assertEquals(page.complaints, []);
    },
  ),
);

Deno.test(inPage("a cancelled file goes on where it was", async ({ page }) => {
  await page.evaluate(`(() => {
      document.getElementById("sample").click();
      document.getElementById("cancel").click();
    })()`);
  await status(page, "Cancelled.");
  assertEquals(await page.evaluate('document.getElementById("cancel").hidden'), true);
  await click(page, "resume");
  await status(page, "Done.");
  assertStringIncludes(await textOf(page, "policies"), await commandHash("compare", CONVERSATION));
  assertEquals(page.complaints, []);
}));

Deno.test(
  inPage("nothing sticks out at 360 pixels, in light and dark", async ({ page, folder }) => {
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
  }, 360),
);

Deno.test(
  inPage(
    "its security policy forbids connections, in the page and in its worker",
    async ({ page, asked, origin }) => {
      const tries = `fetch("${origin}/stolen").then(() => "sent", () => "refused")`;
      assertEquals(await page.evaluate(tries), "refused");
      const inWorker = await page.evaluate(`new Promise((resolve) => {
      const script = ${JSON.stringify(`${tries}.then((said) => postMessage(said))`)};
      const worker = new Worker(URL.createObjectURL(new Blob([script])));
      worker.onmessage = ({ data }) => resolve(data);
    })`);
      assertEquals(inWorker, "refused");
      assertEquals(asked, ["/"]);
    },
  ),
);

Deno.test(needsChromium("it works from a file, too", () =>
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
  })));

Deno.test(needsChromium("over http from another machine it says why it cannot work", async () => {
  const server = serve();
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
}));

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
