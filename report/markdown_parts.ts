/**
 * What the Markdown of all reports is made of.
 *
 * @module
 */

import { NO_BREAK, visible } from "./format.ts";

/** Makes text harmless in a Markdown paragraph or cell, whatever it holds. */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replaceAll(NO_BREAK, " ")
    .replace(/[\\`*_{}[\]<>|~#&]/g, (sign) => sign === "<" ? "&lt;" : `\\${sign}`);
}

/** A span of code that no run of backquotes inside can end. */
export function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${visible(text)}${space}${fence}`;
}

/** A table; all columns but the first are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => i === 0 ? "---" : "---:")), ...rows.map(line), ""];
}
