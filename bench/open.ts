/**
 * How long a trace takes to open: from text, compressed text, and folded `.kvt`.
 *
 * `deno run --allow-read bench/open.ts [--smoke]`
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import process from "node:process";
import { encodeKvt, parseTrace } from "../mod.ts";

const FILES = [
  "conversation_trace.jsonl.gz",
  "synthetic_trace.jsonl.gz",
  "weka_claude_code_rle.jsonl.gz",
];
const ROUNDS = Deno.args.includes("--smoke") ? 1 : 9;

/** Best CPU milliseconds of several rounds, the forms in turns. */
async function measure(forms: readonly Uint8Array[]): Promise<number[]> {
  const best = forms.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, bytes] of forms.entries()) {
      const before = process.cpuUsage();
      await parseTrace(bytes, "bench");
      const { user, system } = process.cpuUsage(before);
      best[index] = Math.min(best[index], (user + system) / 1000);
    }
  }
  return best;
}

console.log("trace                            gzip ms   text ms   .kvt ms   text ÷ .kvt");
for (const file of FILES) {
  const packed = Deno.readFileSync(new URL(`../tests/data/${file}`, import.meta.url));
  const folded = await encodeKvt(await parseTrace(packed, file));
  const [gzip, text, kvt] = await measure([packed, new Uint8Array(gunzipSync(packed)), folded]);
  const cells = [gzip, text, kvt].map((ms) => ms.toFixed(2).padStart(8)).join("  ");
  console.log(`${file.padEnd(31)} ${cells}  ${(text / kvt).toFixed(1).padStart(10)}×`);
}
console.log(`\nCPU time, best of ${ROUNDS} interleaved rounds, in one warm process.`);
