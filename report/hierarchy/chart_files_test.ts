import { assert, assertEquals, assertRejects } from "@std/assert";
import { EngineError } from "../../errors/errors.ts";
import { writeCharts } from "./chart_files.ts";
import { hierarchyCharts } from "./charts.ts";
import { EXAMPLE_RUN } from "./example.ts";
import { svgPng } from "./png.ts";

const { result, scenario } = EXAMPLE_RUN;

Deno.test("writeCharts() makes an SVG of every chart, with a prefix if asked for", async () => {
  const charts = await hierarchyCharts(result, scenario);
  const files = await writeCharts(charts, { prefix: "run-" });
  assertEquals(files.map(({ name }) => name), charts.map(({ name }) => `run-${name}.svg`));
  assertEquals(new TextDecoder().decode(files[0].bytes), `${charts[0].svg}\n`);
});

/** Width and height that the head of a PNG states. */
function sizeOf(png: Uint8Array): [width: number, height: number] {
  assertEquals([...png.slice(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "no PNG");
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

Deno.test("writeCharts() draws PNG of the size of the SVG times the scale", async () => {
  const [chart] = await hierarchyCharts(result, scenario, { width: 400 });
  const [, , height] = /width="([\d.]+)" height="([\d.]+)"/.exec(chart.svg)!;
  const [, png] = await writeCharts([chart], { png: true, scale: 3 });
  assertEquals(png.name, "served.png");
  const [wide, high] = sizeOf(png.bytes);
  assertEquals(wide, 1200);
  assert(Math.abs(high - 3 * Number(height)) <= 1);
});

Deno.test("svgPng() draws letters: text without a font would leave the picture empty", async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="5" y="20" ` +
    `font-family="system-ui, sans-serif">${text}</text></svg>`;
  const [empty, letters] = [await svgPng(svg("")), await svgPng(svg("µs ≥ 12"))];
  assert(letters.length > 2 * empty.length, `${letters.length} bytes beside ${empty.length}`);
});

Deno.test("svgPng() refuses what is no SVG", async () => {
  await assertRejects(() => svgPng("<svg"), EngineError, "Cannot draw PNG");
});
