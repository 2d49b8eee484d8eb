/**
 * Compiles and runs the flat C twins, where there is a C compiler.
 *
 * @module
 */
import type { TwinColumns } from "../twins/twin.ts";

const SOURCES: Readonly<Record<string, string>> = { lru: "lru.c", sieve: "sieve.c" };
const ROUNDS = 5;

/** Hits, and best CPU nanoseconds per access; `undefined` without a twin or a compiler. */
export async function runC(
  policy: string,
  columns: TwinColumns,
  capacity: number,
  repeats: number,
): Promise<{ hits: number; ns: number } | undefined> {
  if (!(policy in SOURCES)) return undefined;
  const folder = await Deno.makeTempDir();
  try {
    const source = decodeURIComponent(new URL(SOURCES[policy], import.meta.url).pathname);
    const args = ["-O3", "-march=native", "-o", `${folder}/twin`, source];
    if (!await succeeds("cc", args)) return undefined;
    const file = await Deno.open(`${folder}/columns`, { write: true, create: true });
    const head = Uint32Array.of(columns.block.length, columns.blocks, capacity, repeats, ROUNDS);
    for (const words of [head, columns.block, columns.previous, columns.next]) {
      const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    }
    file.close();
    const { stdout } = await new Deno.Command(`${folder}/twin`, { args: [`${folder}/columns`] })
      .output();
    const [hits, ns] = new TextDecoder().decode(stdout).trim().split(" ").map(Number);
    return { hits, ns };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function succeeds(command: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}
