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

Deno.test({
  name: "writeFileAtomic() writes into a pipe, and does not take its place",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const pipe = `${folder}/pipe`;
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    // Open for both, so that nobody waits for a reader.
    const end = await Deno.open(pipe, { read: true, write: true });
    await writeFileAtomic(pipe, "three");
    assertEquals((await Deno.stat(pipe)).isFifo, true);
    const text = new Uint8Array(8);
    assertEquals(new TextDecoder().decode(text.subarray(0, (await end.read(text))!)), "three");
    end.close();
    await Deno.remove(folder, { recursive: true });
  },
});
