import { assertEquals } from "@std/assert";
import { readLines } from "./lines.ts";
import { utf8 } from "./testing.ts";

async function linesOf(text: string, pieceBytes: number): Promise<string[]> {
  const bytes = utf8(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
  }
  const lines: string[] = [];
  await readLines({ chunks: pieces(), file: "file" }, (data, start, end, line) => {
    lines.push(`${line}:${new TextDecoder().decode(data.subarray(start, end))}`);
    return true;
  });
  return lines;
}

Deno.test("readLines() gives the same lines however the text is cut", async () => {
  const text = "\ufeffone\r\n\n  \nfour é\nlonger line than before\n\r\nx";
  const expected = ["1:one", "4:four é", "5:longer line than before", "7:x"];
  for (let size = 1; size <= text.length + 4; size++) {
    assertEquals(await linesOf(text, size), expected, `pieces of ${size}`);
  }
});

Deno.test("readLines() stops when the sink wants no more", async () => {
  let count = 0;
  async function* endless() {
    for (;;) yield await Promise.resolve(utf8("a\nb\n"));
  }
  await readLines({ chunks: endless(), file: "file" }, () => ++count < 3);
  assertEquals(count, 3);
});
