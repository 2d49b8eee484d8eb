/**
 * The HTML report in a real browser: nothing fetched, nothing complained of, tables that sort, and
 * a page that fits a desk and a telephone.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Browser, findChromium, type Page } from "./browser.ts";
import { CONVERSATION, inFolder, kvtier } from "./command.ts";

const chromium = await findChromium();

/** Clicks the head of a column and gives its sort order with the values below it. */
async function sortBy(page: Page, column: number): Promise<{ order: string; values: string[] }> {
  return await page.evaluate(`(() => {
    const table = document.querySelector("table.sortable");
    const head = table.tHead.rows[0].cells[${column}];
    head.querySelector("button").click();
    const rows = [...table.tBodies[0].rows];
    const values = rows.map((row) => row.cells[${column}].dataset.value);
    return { order: head.getAttribute("aria-sort"), values };
  })()`);
}

async function checkSorting(page: Page): Promise<void> {
  const columns = await page.evaluate(
    'document.querySelector("table.sortable").tHead.rows[0].cells.length',
  );
  assert(columns > 5, `${columns} columns`);
  for (let column = 0; column < columns; column++) {
    const [first, second] = [await sortBy(page, column), await sortBy(page, column)];
    assertEquals([first.order, second.order].sort(), ["ascending", "descending"]);
    for (const { order, values } of [first, second]) {
      const known = values.filter((value) => value !== "");
      const isNumeric = known.every((value) => !Number.isNaN(Number(value)));
      const sorted = known.toSorted((a, b) => isNumeric ? +a - +b : a < b ? -1 : a > b ? 1 : 0);
      if (order === "descending") sorted.reverse();
      assertEquals(known, sorted, `column ${column} ${order}`);
      // What has no value stands last, whichever way.
      assertEquals(values.slice(0, known.length), known, `column ${column} ${order}`);
    }
  }
}

/** What sticks out of the page, other than inside a frame that scrolls. */
async function tooWide(page: Page, width: number): Promise<string[]> {
  return await page.evaluate(`(() => {
    if (document.documentElement.scrollWidth <= ${width}) return [];
    const isWide = (part) =>
      part.getBoundingClientRect().right > ${width} || part.scrollWidth > part.clientWidth;
    const parts = [...document.querySelectorAll("main :not(svg *), header *")].filter((part) =>
      part.closest(".scroll") === null && part.clientWidth > 0 && isWide(part)
    );
    return ["the page", ...parts.map((part) => part.outerHTML.slice(0, 80))];
  })()`);
}

for (const width of [1200, 390]) {
  Deno.test({
    name: `the HTML report works in Chromium, ${width} pixels wide (needs one)`,
    ignore: chromium === undefined,
    fn: () =>
      inFolder(async (folder) => {
        const file = `${folder}/report.html`;
        // A name that would break out of the page if it were not escaped.
        const trace = `${folder}/<img src=x onerror=alert(1)>"'&.jsonl.gz`;
        await Deno.copyFile(CONVERSATION, trace);
        const args = ["-p", "all,variants", "-c", "1%,10%,100%", "--limit", "2000", "--html", file];
        const { code, stderr } = await kvtier(["compare", trace, ...args]);
        assertEquals(code, 0, stderr);
        const browser = await Browser.launch(chromium!);
        try {
          const page = await browser.newPage(width);
          await page.open(`file://${file}`);
          assertEquals(page.complaints, []);
          assertEquals(page.requests, [`file://${file}`]);
          assertMatch(await page.evaluate("document.title"), /jsonl\.gz/);
          assertEquals(await page.evaluate("document.images.length"), 0);
          // Wide tables scroll in their own frame; the page itself never does.
          assertEquals(await tooWide(page, width), []);
          const shown = await page.evaluate(`[...document.querySelectorAll("figure svg")]
            .filter((svg) => svg.getBoundingClientRect().width > 100).length`);
          assert(shown >= 3, `${shown} charts`);
          await checkSorting(page);
          await page.screenshot(`${folder}/report.png`);
          const { size } = await Deno.stat(`${folder}/report.png`);
          assert(size > 20_000, `a picture of ${size} bytes`);
          const keep = Deno.env.get("KVTIER_SCREENSHOTS");
          if (keep !== undefined) {
            await Deno.copyFile(`${folder}/report.png`, `${keep}/report-${width}.png`);
          }
          assertEquals(page.complaints, []);
        } finally {
          await browser.close();
        }
      }),
  });
}
