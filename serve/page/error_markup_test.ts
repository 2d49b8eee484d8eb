import { assertEquals } from "@std/assert";
import { describe, TraceError } from "../../errors/errors.ts";
import { errorMarkup } from "./error_markup.ts";

Deno.test("a quoted line stands with its caret, and everything is escaped", () => {
  const problem = {
    code: "trace/x",
    message: "Cannot read trace: <b> is no count",
    place: { file: "a.jsonl", line: 12, column: 3 },
    sourceLine: '{"<i>": 1}',
    found: "1",
  };
  const quote =
    '<span class="quote" role="region" tabindex="0" aria-label="The line in question">' +
    "12 | {&quot;&lt;i&gt;&quot;: 1}\n       ^</span>";
  const one = "error: Cannot read trace: &lt;b&gt; is no count\n  --&gt; a.jsonl:12:3" + quote +
    "  = found 1";
  assertEquals(errorMarkup(describe(new TraceError(problem))), `<pre>${one}</pre>`);
  const two = errorMarkup(describe(new TraceError(problem, [problem])));
  assertEquals(two, `<pre>${one}\n${one}</pre>`);
});

Deno.test("an error without a quote is its lines", () => {
  assertEquals(errorMarkup("error: a\n  = b & c"), "<pre>error: a\n  = b &amp; c</pre>");
});
