/**
 * Commands that repeat what the page shows.
 *
 * @module
 */
import type { Touch } from "../../engine/result.ts";
import { fileName } from "../../report/html_parts.ts";

/** A command about a file; names that a shell would read are quoted. */
export function commandLine(name: "compare" | "curve", path: string, touch: Touch): string {
  const file = fileName(path);
  const word = /^[\w.:=%,+-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
  const order = touch === "tail-first" ? "" : ` --touch ${touch}`;
  return `kvtier ${name} ${word}${order} --json`;
}
