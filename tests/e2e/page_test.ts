/**
 * What the page shows in a real browser: the sample, a dropped file, a large one, the sliders, the
 * keyboard; with the result hashes of the command line.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CONVERSATION, report, ROOT, SYNTHETIC } from "./command.ts";
import {
  click,
  commandHash,
  drop,
  inPage,
  press,
  screenshot,
  status,
  tab,
  textOf,
} from "./page.ts";

Deno.test(
  inPage("the sample gives the hash of the command line", async ({ page, asked, origin }) => {
    assertEquals(await textOf(page, "failure"), "");
    await click(page, "sample");
    await status(page, "Done.");
    assertStringIncludes(await textOf(page, "facts"), "288,500");
    assertStringIncludes(await textOf(page, "facts"), "Reuse is measured");
    assertStringIncludes(
      await textOf(page, "policies"),
      await commandHash("compare", CONVERSATION),
    );
    assertStringIncludes(await textOf(page, "policies"), "optimal (bound)");
    assertStringIncludes(await textOf(page, "curve"), await commandHash("curve", CONVERSATION));
    assertStringIncludes(await textOf(page, "curve"), "Both lines are exact at every capacity.");
    assertMatch(await page.evaluate("document.title"), /^conversation_trace\.jsonl\.gz/);
    await screenshot(page, "page-sample");
    assertEquals(page.complaints, []);
    assertEquals(asked, ["/"]);
    const others = page.requests.filter((url) => url !== `${origin}/`);
    assertEquals(others.filter((url) => !url.startsWith(`blob:${origin}/`)), []);
  }),
);

Deno.test(inPage("a dropped file, in both touch orders", async ({ page, asked }) => {
  await drop(page, `${ROOT}${SYNTHETIC}`);
  await status(page, "Done.");
  assertStringIncludes(await textOf(page, "policies"), await commandHash("compare", SYNTHETIC));
  await click(page, "sample");
  await page.evaluate('document.querySelector("[value=root-first]").click()');
  await status(page, "Done.");
  const rootFirst = [CONVERSATION, "--touch", "root-first"];
  assertStringIncludes(
    await textOf(page, "policies"),
    await commandHash("compare", ...rootFirst),
  );
  assertStringIncludes(await textOf(page, "curve"), await commandHash("curve", ...rootFirst));
  assertEquals(page.complaints, []);
  assertEquals(asked, ["/"]);
}));

Deno.test(
  inPage("85 million look-ups: the curve at once, the policies when asked", async ({ page }) => {
    await page.chooseFile("#file", `${ROOT}tests/data/weka_claude_code_rle.jsonl.gz`);
    await status(page, "The curve is there.");
    assertStringIncludes(await textOf(page, "facts"), "85,405,325");
    const hash = await commandHash("curve", "tests/data/weka_claude_code_rle.jsonl.gz");
    assertStringIncludes(await textOf(page, "curve"), hash);
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

Deno.test(inPage("the sliders answer in blocks and in bytes", async ({ page }) => {
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

Deno.test(inPage("everything can be done with the keyboard", async ({ page }) => {
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
