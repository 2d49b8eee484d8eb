/**
 * Builds the engine: `engine.wasm` (no imports; what others embed), `engine_wasm.ts` (the same
 * bytes for hosts without files), `engine.check.wasm` (with assertions; what tests try first).
 *
 * Run from the root of the repository: `deno task build`; with `--check` it only compares.
 */
import asc from "assemblyscript/asc";

const ENTRY = "assembly/index.ts";
const SHARED = ["--runtime", "stub", "--enable", "simd", "--noColors"];
const RELEASE = ["-O3", "--noAssert", "--use", "abort="];

async function compile(options: string[]): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    ENTRY,
    "--outFile",
    "out.wasm",
    ...SHARED,
    ...options,
  ], {
    readFile: (name, base) =>
      readSource(`${base === "." ? "" : `${base}/`}${name}`),
    writeFile: (name, data) => {
      if (name.endsWith(".wasm")) binary = data as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) {
    console.error(stderr.toString());
    Deno.exit(1);
  }
  return new Uint8Array(binary);
}

function readSource(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8190) {
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + 8190)));
  }
  return text;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

const engine = await compile(RELEASE);
const checking = await compile(["-O1", "--debug"]);
const hash = await sha256(engine);
const text = [
  "// Written by `deno task build`; do not edit. The bytes of engine.wasm, for hosts without files.",
  `export const ENGINE_SHA256 = "${hash}";`,
  `export const ENGINE_BASE64 =\n  "${base64(engine)}";`,
  "",
].join("\n");
const products: readonly (readonly [path: string, bytes: Uint8Array])[] = [
  ["engine/engine.wasm", engine],
  ["engine/engine.check.wasm", checking],
  ["engine/engine_wasm.ts", new TextEncoder().encode(text)],
];

if (Deno.args.includes("--check")) {
  const stale = products.filter(([path, bytes]) => !equals(Deno.readFileSync(path), bytes));
  for (const [path] of stale) {
    console.error(`${path}:1: error: Not what assembly/ compiles to, run "deno task build"`);
  }
  if (stale.length > 0) Deno.exit(1);
} else {
  for (const [path, bytes] of products) await Deno.writeFile(path, bytes);
}
console.log(`engine.wasm ${engine.length} bytes, ${hash.slice(0, 16)}…`);
console.log(`engine.check.wasm ${checking.length} bytes`);

function equals(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
