import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pageDocument } from "./document.ts";

const INPUT = {
  version: "1.2.3",
  models: [{ name: "<model>", bytesPerToken: 327_680 }],
  mainScript: 'say("</script><!--")',
  workerScript: 'go("</SCRIPT >")',
};

Deno.test("a script cannot end its element, whatever its strings say", async () => {
  const html = await pageDocument(INPUT);
  assertStringIncludes(html, '<script>say("\\x3c/script>\\x3c!--")</script>');
  assertStringIncludes(html, 'id="worker-script">go("\\x3c/SCRIPT >")</script>');
});

Deno.test("the policy names the script and the style of the page by their hashes", async () => {
  const html = await pageDocument(INPUT);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)![1];
  assertMatch(policy, /^default-src 'none'; /);
  for (const [tag, directive] of [["script", "script-src"], ["style", "style-src"]]) {
    const content = RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)![1];
    const bytes = new TextEncoder().encode(content);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    assertStringIncludes(policy, `${directive} 'sha256-${btoa(String.fromCharCode(...digest))}'`);
  }
  assert(
    !/unsafe-inline|unsafe-eval'|connect-src|https?:/.test(policy.replace("wasm-unsafe-eval", "")),
  );
});

Deno.test("names are escaped, and a page without a sample has no button for one", async () => {
  const html = await pageDocument(INPUT);
  assertStringIncludes(html, '<option value="327680">&lt;model&gt;</option>');
  assert(!html.includes("sample-data") && !html.includes('id="sample"'));
  const sample = new Uint8Array([1, 2, 255]);
  const full = await pageDocument({ ...INPUT, sample, sampleName: '"><img>' });
  assertStringIncludes(full, 'id="sample-data" data-name="&quot;&gt;&lt;img&gt;">AQL/</script>');
  assertEquals(full.includes("<img>"), false);
});
