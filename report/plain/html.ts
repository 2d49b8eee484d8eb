/**
 * A plain report as one HTML file that needs nothing else.
 *
 * @module
 */
import { canvasOf, type Chart, drawChart } from "../chart_draw.ts";
import type { Canvas, Spec } from "../chart_input.ts";
import { escapeHtml, htmlPage } from "../html_page.ts";
import { answerBox, DESK_WIDTH, figureSection, list, PHONE_WIDTH, section } from "../html_parts.ts";
import { pairTable } from "../html_tables.ts";
import type { PlainReport, PlainTable } from "./report.ts";

/** A chart that is drawn once for a desk and once for a telephone. */
export interface PlainChart {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly spec: (canvas: Canvas) => Spec;
}

/** Writes a report as a page; loads Vega on first use. */
export async function plainHtml(
  report: PlainReport,
  charts: readonly PlainChart[],
  command: string,
): Promise<string> {
  const desk = await draw(charts, DESK_WIDTH);
  const phone = await draw(charts, PHONE_WIDTH);
  const links = [
    ["answer", "Answer"],
    ...charts.map(({ name, title }) => [name, title]),
    ...report.tables.map(({ id, title }) => [id, title]),
    ["limits", "Limits"],
    ["repeat", "Repeat it"],
  ].map(([id, text]) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`);
  const body = [
    '<a class="skip" href="#answer">To the answer</a>',
    "<header>",
    `<h1>${escapeHtml(report.title)}</h1>`,
    `<p><code>${escapeHtml(report.path)}</code><br>`,
    `<span class="muted">${escapeHtml(report.facts)}</span></p>`,
    `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`,
    "</header>",
    "<main>",
    section("answer", "Answer", answerBox(report.answer)),
    ...charts.map(({ name }) => figureSection(name, desk, phone)),
    ...report.tables.map((table) => section(table.id, table.title, tableMarkup(table))),
    section("limits", "What this report does not show", list(report.limits)),
    section("repeat", "To repeat it", repeat(report, command)),
    "</main>",
    "<footer></footer>",
  ];
  return await htmlPage(report.title, body.join("\n"));
}

async function draw(charts: readonly PlainChart[], width: number): Promise<Chart[]> {
  const canvas = canvasOf({ theme: "page", width });
  const drawn: Chart[] = [];
  for (const { spec, ...words } of charts) {
    drawn.push({ ...words, svg: await drawChart(spec(canvas), canvas) });
  }
  return drawn;
}

function tableMarkup({ head, rows, best, note }: PlainTable): string {
  const heads = head.map((label) => `<th scope="col">${escapeHtml(label)}</th>`).join("");
  const lines = rows.map((row, index) => {
    const [name, ...cells] = row.map(escapeHtml);
    const numbers = cells.map((cell) => `<td>${cell}</td>`).join("");
    const bold = index === best ? ' class="bound"' : "";
    return `<tr${bold}><th scope="row">${name}</th>${numbers}</tr>`;
  });
  const table = `<div class="scroll" tabindex="0"><table><thead><tr>${heads}</tr></thead>\n<tbody>${
    lines.join("\n")
  }</tbody></table></div>`;
  return note === undefined ? table : `${table}\n<p class="note">${escapeHtml(note)}</p>`;
}

function repeat(report: PlainReport, command: string): string {
  return `<pre><code>${escapeHtml(command)}</code></pre>\n` +
    pairTable([...report.repeat.map(([name, value]): [string, string] => [name, value]), [
      "result hash",
      report.resultHash,
    ]]);
}
