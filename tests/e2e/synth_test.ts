/**
 * `kvtier trace synth` as a process.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openTrace, synthesize } from "kvtier";
import { inFolder, kvtier, namesIn } from "./command.ts";

Deno.test("trace synth writes the trace of a kind, with seed and settings", async () => {
  await inFolder(async (folder) => {
    const out = `${folder}/chat.kvt`;
    const set = ["--set", "sessions=20,rate=1 session/s", "--set", "turns=uniform(min=1;max=3)"];
    const { code, stdout, stderr } = await kvtier(
      ["trace", "synth", "chat", "--out", out, "--seed", "4", ...set],
    );
    assertEquals([code, stdout], [0, ""], stderr);
    assertStringIncludes(stderr, "synth:chat?sessions=20&rate=1session/s&turns=");
    const spec = { kind: "chat", seed: 4, sessions: 20, rate: "1 session/s" };
    const expected = await synthesize({ ...spec, turns: "uniform(min=1;max=3)" });
    assertEquals((await openTrace(out)).hash, expected.hash);
  });
});

Deno.test("trace synth takes workload files and names, and settings go before them", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/work.yaml`;
    await Deno.writeTextFile(file, "kind: rag-pressure\nseed: 9\nrequests: 50\ndocuments: 30\n");
    const sources = [file, "synth:rag-pressure?seed=9&requests=50&documents=30"];
    for (const [index, source] of sources.entries()) {
      const out = `${folder}/${index}.kvt`;
      const { code, stderr } = await kvtier(
        ["trace", "synth", source, "--out", out, "--set", "documents=40"],
      );
      assertEquals(code, 0, stderr);
      const expected = await synthesize({ kind: "rag", seed: 9, requests: 50, documents: 40 });
      assertEquals((await openTrace(out)).hash, expected.hash);
    }
  });
});

Deno.test("trace synth --list shows kinds and presets, or the parameters of one", async () => {
  const all = await kvtier(["trace", "synth", "--list"]);
  assertEquals([all.code, all.stderr], [0, ""]);
  for (const name of ["chat ", "lab-rag-burst", "agents-tracelab", "uniform-pressure"]) {
    assertStringIncludes(all.stdout, name);
  }
  const one = await kvtier(["trace", "synth", "rag-pressure", "--list"]);
  assertEquals([one.code, one.stderr], [0, ""]);
  for (const line of ["documents = 500", "documentZipf = 1.2", "seed = 1"]) {
    assertStringIncludes(one.stdout, line);
  }
});

Deno.test("trace synth refuses what it cannot make, and writes nothing", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/bad.yaml`;
    await Deno.writeTextFile(file, "kind: chat\nsesions: 3\n");
    const out = ["--out", `${folder}/x.kvt`];
    const cases: [args: string[], code: number, words: string][] = [
      [[], 2, "KIND is missing"],
      [["chat"], 2, "--out is missing"],
      [["chad", ...out], 2, 'did you mean "chat"?'],
      [["chad", "--list"], 2, "--list"],
      [["chat", ...out, "--set", "rate"], 2, "not key=value"],
      [["chat", ...out, "--set", "rate=3"], 2, "has no unit"],
      [["chat", ...out, "--set", "sesions=3"], 2, 'did you mean "sessions"'],
      [["chat", ...out, "--seed", "x"], 2, "whole number"],
      [["loop", ...out, "--kinds"], 2, '"kinds" is not one of its parameters'],
      [["synth:chat?seed", ...out], 2, "not understood"],
      [[file, ...out], 1, "bad.yaml:2:1"],
      [[`${folder}/none.yaml`, ...out], 1, "none.yaml"],
    ];
    for (const [args, code, words] of cases) {
      const outcome = await kvtier(["trace", "synth", ...args]);
      assertEquals([outcome.code, outcome.stdout], [code, ""], outcome.stderr);
      assert(outcome.stderr.includes(words), outcome.stderr);
    }
    assertEquals(await namesIn(folder), ["bad.yaml"]);
  });
});
