/**
 * A page with a list of contents: what the reports of one run share.
 *
 * @module
 */
import type { HtmlOptions } from "./html.ts";
import { escapeHtml, htmlPage } from "./html_page.ts";
import { list, section } from "./html_parts.ts";
import { definitionTable, pairTable } from "./html_tables.ts";

/** A section, with what it is called in the list; left out where it has no markup. */
export interface Content {
  readonly id: string;
  readonly link: string;
  readonly html: string;
}

/** What stands above everything. */
export interface Heading {
  readonly title: string;
  readonly description?: string | undefined;
  /** The run in one line. */
  readonly line: string;
}

/** Writes a page of these sections, the answer first. */
export async function contentsPage(
  heading: Heading,
  contents: readonly Content[],
): Promise<string> {
  const shown = contents.filter(({ html }) => html !== "");
  const body = [
    '<a class="skip" href="#answer">To the answer</a>',
    header(heading, shown),
    "<main>",
    ...shown.map(({ html }) => html),
    "</main>",
    "<footer></footer>",
  ];
  return await htmlPage(heading.title, body.join("\n"));
}

function header({ title, description, line }: Heading, contents: readonly Content[]): string {
  const links = contents.map(({ id, link }) => `<li><a href="#${id}">${link}</a></li>`);
  return [
    "<header>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...(description === undefined ? [] : [`<p>${escapeHtml(description)}</p>`]),
    `<p><span class="muted">${escapeHtml(line)}</span></p>`,
    `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`,
    "</header>",
  ].join("\n");
}

/** What a result is a function of. */
export interface Repetition {
  /** Names, seeds and hashes. */
  readonly facts: readonly (readonly [string, string])[];
  /** Where the numbers behind it come from, in sentences. */
  readonly sources?: readonly string[];
}

/** How every such page ends: limits, definitions, and the command with the hashes to expect. */
export function lastContents(
  limits: readonly string[],
  definitions: Parameters<typeof definitionTable>[0],
  { facts, sources = [] }: Repetition,
  { command, version }: HtmlOptions,
): Content[] {
  const all = [...(version === undefined ? [] : [["kvtier", version] as const]), ...facts];
  const repeat = `<pre><code>${escapeHtml(command)}</code></pre>\n` +
    "<p>Equal trace, scenario and engine give an equal result hash on every machine.</p>\n" +
    (sources.length === 0 ? "" : `${list(sources)}\n`) + pairTable(all);
  const of = (id: string, link: string, title: string, html: string): Content => ({
    id,
    link,
    html: section(id, title, html),
  });
  return [
    of("limits", "Limits", "What this report does not show", list(limits)),
    of("definitions", "Definitions", "Definitions", definitionTable(definitions)),
    of("repeat", "Repeat it", "To repeat it", repeat),
  ];
}
