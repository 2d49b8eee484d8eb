/// <reference lib="dom" />
/**
 * The comparison of policies: the answer, the table, the hash, and how to repeat it.
 *
 * @module
 */
import type { Comparison, Touch } from "../../engine/result.ts";
import { VERSION } from "../../engine/version.ts";
import { answer, limits } from "../../report/findings.ts";
import { escapeHtml } from "../../report/html_page.ts";
import { answerBox, fileName, list } from "../../report/html_parts.ts";
import { pairTable, ratioMatrix } from "../../report/html_tables.ts";
import { comparisonJson } from "../../report/json.ts";
import { groupByCapacity } from "../../report/series.ts";
import { commandLine } from "./command_line.ts";
import { element, fill, show } from "./elements.ts";

/** Shows a comparison; sizes in bytes where somebody said how large a block is. */
export function showPolicies(
  comparison: Comparison,
  touch: Touch,
  blockBytes: number | undefined,
): void {
  const name = fileName(comparison.trace.path);
  const shown = blockBytes === undefined ? comparison : { ...comparison, blockBytes };
  fill(
    "policies-content",
    [
      answerBox(answer(shown)),
      ratioMatrix(groupByCapacity(shown), shown),
      "<h3>To repeat it</h3>",
      `<pre><code>${escapeHtml(commandLine("compare", comparison.trace.path, touch))}</code></pre>`,
      pairTable([
        ["trace hash", comparison.trace.hash],
        ["engine hash", comparison.engine.hash],
        ["result hash", comparison.resultHash],
      ]),
      '<p class="muted note">The command line prints the same result hash for this file.</p>',
      '<p><button type="button" id="save">Save as JSON</button></p>',
    ].join("\n"),
  );
  element("save").addEventListener("click", () => save(comparison, name));
  show("policies-ask", false);
  fill("limits-content", list(limits(comparison)));
  show("limits", true);
}

/** Hands the document of `kvtier compare --json` to the user. */
function save(comparison: Comparison, name: string): void {
  const text = comparisonJson(comparison, { version: VERSION });
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${name.replace(/\.(jsonl|csv|kvt|json|gz)+$/g, "")}.compare.json`;
  link.click();
  URL.revokeObjectURL(address);
}
