/**
 * Errors as the command line prints them, for screens of any width.
 *
 * @module
 */
import { escapeHtml } from "../../report/html_page.ts";

/** A quoted line of a file and, under it, the caret that points into it. */
const QUOTE = /^(\d+ \| .*)\n( *\^)$/gm;

/**
 * An error as markup: lines wrap, but a quoted line and its caret scroll together.
 *
 * @param text Of `describe`; anything that a file contains may be in it.
 */
export function errorMarkup(text: string): string {
  const parts: string[] = [];
  let end = 0;
  for (const { 0: quote, index } of text.matchAll(QUOTE)) {
    // A quote is a block: it needs no line breaks around it.
    parts.push(lines(text.slice(end, index - 1)), quoted(quote));
    end = index + quote.length + 1;
  }
  parts.push(lines(text.slice(end)));
  return `<pre>${parts.join("")}</pre>`;
}

function quoted(quote: string): string {
  return `<span class="quote" role="region" tabindex="0" aria-label="The line in question">${
    lines(quote)
  }</span>`;
}

/** Escapes a text, keeping its lines. */
function lines(text: string): string {
  return text.split("\n").map(escapeHtml).join("\n");
}
