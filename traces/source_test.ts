import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../errors/errors.ts";
import { writeFileAtomic } from "./source.ts";

Deno.test("writeFileAtomic() replaces a file whole and leaves nothing beside it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.txt`;
  await writeFileAtomic(path, "one");
  await writeFileAtomic(path, new Uint8Array([116, 119, 111]));
  assertEquals(await Deno.readTextFile(path), "two");
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.txt"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("writeFileAtomic() refuses a missing folder with a FileError", async () => {
  const folder = await Deno.makeTempDir();
  const error = await assertRejects(() => writeFileAtomic(`${folder}/no/a`, "x"), FileError);
  assertEquals(error.code, "file/not-found");
  assertEquals(error.place.file, `${folder}/no/a`);
  await Deno.remove(folder);
});

Deno.test("writeFileAtomic() keeps the old file when the new one cannot be put in place", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/a/inner`, { recursive: true });
  await assertRejects(() => writeFileAtomic(`${folder}/a`, "x"), FileError);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a"]);
  await Deno.remove(folder, { recursive: true });
});
