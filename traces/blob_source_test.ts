import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../errors/errors.ts";
import { openTrace, parseTrace } from "./open.ts";

const PATH = "tests/data/synthetic_trace.jsonl.gz";

Deno.test("parseTrace() streams a Blob, and knows how large it is", async () => {
  const bytes = await Deno.readFile(PATH);
  const told: (readonly [number, number | undefined])[] = [];
  const onProgress = (read: number, total: number | undefined) => void told.push([read, total]);
  const trace = await parseTrace(new Blob([bytes]), "dropped", { onProgress });
  assertEquals(trace.hash, (await openTrace(PATH)).hash);
  assertEquals(trace.path, "dropped");
  assertEquals(told.at(-1), [bytes.length, bytes.length]);
});

Deno.test("a Blob of several gzip members is read again from its beginning", async () => {
  const bytes = await Deno.readFile("tests/data/mooncake_dynamo.jsonl");
  const packed = await new Response(
    new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")),
  ).bytes();
  const twice = await parseTrace(new Blob([packed, packed]), "twice", { sort: true });
  const once = await parseTrace(bytes);
  assertEquals(twice.requestCount, 2 * once.requestCount);
});

Deno.test("a file that is gone is refused with its name", async () => {
  class Gone extends Blob {
    override stream() {
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: (controller) => controller.error(new DOMException("it is gone", "NotFoundError")),
      });
    }
  }
  const error = await assertRejects(() => parseTrace(new Gone(["x"]), "a.jsonl"), FileError);
  assert(error instanceof FileError);
  assertEquals([error.code, error.place.file], ["file/unreadable", "a.jsonl"]);
});
