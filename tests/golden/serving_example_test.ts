/**
 * The worked example of serving reports, written out: `KVTIER_GOLDEN=write` rewrites the files.
 */
import { assertEquals } from "@std/assert";
import {
  EXAMPLE_SERVING,
  servingComparisonMarkdown,
  servingCsv,
  servingJson,
  servingMarkdown,
  servingRequestsCsv,
  servingRun,
  servingText,
} from "kvtier";

const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
const runs = ["round-robin", "random"].map((router) => ({ varied: { router }, run }));

const FILES: Readonly<Record<string, string>> = {
  "report.txt": servingText(run),
  "report_narrow.txt": servingText(run, { width: 60 }),
  "report_markdown.txt": servingMarkdown(run, { command: "kvtier latency example.jsonl" }),
  "metrics.csv": servingCsv(run),
  "requests.csv": servingRequestsCsv(run),
  "report_json.txt": servingJson(run, { version: "0.0.0" }),
  "comparison_markdown.txt": servingComparisonMarkdown({ runs, by: "router" }),
};

const FOLDER = new URL("./serving_example/", import.meta.url);

for (const [name, text] of Object.entries(FILES)) {
  Deno.test(`serving_example/${name}`, async () => {
    const file = new URL(name, FOLDER);
    if (Deno.env.get("KVTIER_GOLDEN") === "write") {
      await Deno.mkdir(FOLDER, { recursive: true });
      return await Deno.writeTextFile(file, text);
    }
    assertEquals(text, await Deno.readTextFile(file), "KVTIER_GOLDEN=write rewrites it");
  });
}
