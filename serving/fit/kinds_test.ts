import { assertStringIncludes, assertThrows } from "@std/assert";
import { CalibrationError, describe } from "../../errors/errors.ts";
import { checkKind, type MeasurementKind } from "./kinds.ts";

const SAMPLES: Readonly<Record<string, readonly [MeasurementKind, string]>> = {
  "vidur.csv": ["vidur", "time_stats.emb.min,n_head\n1,32\n"],
  "reduce.csv": ["vidur", ",time_stats.all_reduce.median,rank,collective\n0,1,0,all_reduce\n"],
  "layers.csv": ["layers", "layer,tokens,time_us\nqkv_proj,1,35.8\n"],
  "steps.csv": ["layers", "num_tokens,n_decode,kv_decode,prefill_chunk,step_us\n1,1,1,0,9\n"],
  "log.jsonl": ["requests", '{"queued_ts": 1, "first_token_ts": 2}\n'],
  "requests.csv": ["requests", "request,state,arrivalNs,firstTokenNs,finishNs\n0,finished,0,1,2\n"],
  "scrape.txt": ["metrics", '# HELP vllm:x y\nvllm:x{model="m"} 3\n'],
  "bare.txt": ["metrics", 'vllm:num_requests_running{model="m"} 3.0\n'],
  "prefills.csv": ["prefill", "promptTokens,cachedTokens,seconds\n8192,0,1\n"],
};

Deno.test("a file of another kind is refused with the command that reads it", () => {
  for (const [file, [own, text]] of Object.entries(SAMPLES)) {
    for (const kind of ["vidur", "layers", "requests", "metrics", "prefill"] as const) {
      const check = () => checkKind({ file, text, hash: "" }, kind);
      if (kind === own) check();
      else {
        const said = describe(assertThrows(check, CalibrationError, "looks like"));
        for (const part of [`${file}:1`, `kvtier calibrate ${own} ${file}`]) {
          assertStringIncludes(said, part);
        }
      }
    }
  }
});

Deno.test("an empty file is refused; one that looks like nothing is left to its reader", () => {
  const empty = () => checkKind({ file: "e", text: "\uFEFF \n", hash: "" }, "metrics");
  assertStringIncludes(describe(assertThrows(empty, CalibrationError)), "the file is empty");
  checkKind({ file: "x", text: "a,b\n1,2\n", hash: "" }, "vidur");
});
