/**
 * Workload files: a kind, a seed and parameters as YAML, every finding with its place.
 *
 * zod and the YAML parser are loaded when a file is.
 *
 * @module
 */

import type { z } from "zod";
import { type Problem, ScenarioError } from "../../errors/errors.ts";
import { didYouMean } from "../../errors/nearest.ts";
import { fileSource } from "../source.ts";
import { KINDS } from "./kinds.ts";
import { SYNTH_PRESETS } from "./presets.ts";
import type { SynthSpec } from "./spec.ts";

/**
 * Reads a workload from YAML text.
 *
 * @param name What to call the text in errors, usually its path.
 * @throws {ScenarioError} With all findings, each with line and column.
 *
 * @example
 * ```ts
 * import { parseWorkload } from "kvtier";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const spec = await parseWorkload("kind: chat\nrate: 3 sessions/s\nsessions: 10");
 * assertEquals(spec, { kind: "chat", rate: "3 sessions/s", sessions: 10 });
 * await assertRejects(() => parseWorkload("kind: chat\nrate: 3"), Error, "rate");
 * ```
 */
export async function parseWorkload(yaml: string, name = "workload"): Promise<SynthSpec> {
  const [{ parse }, { schemaOf }] = await Promise.all([
    import("@std/yaml"),
    import("./schema.ts"),
  ]);
  let value: unknown;
  try {
    value = parse(yaml);
  } catch (error) {
    throw yamlError(error as Error, yaml, name);
  }
  const kind = (value as { kind?: unknown } | null)?.kind;
  const schema = typeof kind === "string" ? schemaOf(kind) : undefined;
  if (schema === undefined) throw unknownKind(kind, yaml, name);
  const result = schema.safeParse(value);
  if (result.success) return result.data as SynthSpec;
  const problems = result.error.issues
    .flatMap((issue) => problemsOf(issue, yaml, name, Object.keys(schema.shape)))
    .sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
  throw new ScenarioError(problems[0], problems.slice(1));
}

/**
 * As {@linkcode parseWorkload}, from a file.
 *
 * @throws {FileError} If the file cannot be read.
 */
export async function loadWorkload(path: string): Promise<SynthSpec> {
  const source = await fileSource(path);
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of source.open()) text += decoder.decode(bytes, { stream: true });
  return await parseWorkload(text + decoder.decode(), path);
}

/** Where a key of the document stands; workload files have no deeper ones. */
function place(yaml: string, file: string, key: string, at: "key" | "value") {
  const lines = yaml.split("\n");
  const pattern = /^(["']?)([A-Za-z][\w-]*)\1\s*:\s*/;
  const index = lines.findIndex((line) => pattern.exec(line)?.[2] === key);
  if (index < 0) return { place: { file, line: 1, column: 1 }, sourceLine: lines[0] };
  const column = at === "key" ? 1 : pattern.exec(lines[index])![0].length + 1;
  return { place: { file, line: index + 1, column }, sourceLine: lines[index] };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  yaml: string,
  file: string,
  names: readonly string[],
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const hint = didYouMean(key, names);
      return {
        code: "workload/invalid",
        message: `Cannot read workload: ${key} is an unknown key`,
        ...place(yaml, file, key, "key"),
        expected: names.join(", "),
        mend: hint === undefined ? [] : [hint],
      };
    });
  }
  const key = String(issue.path[0] ?? "kind");
  return [{
    code: "workload/invalid",
    message: `Cannot read workload: ${key} is not right: ${
      issue.message.replace(/^Invalid input: /, "")
    }`,
    ...place(yaml, file, key, "value"),
  }];
}

function unknownKind(kind: unknown, yaml: string, file: string): ScenarioError {
  const names = [...KINDS, ...SYNTH_PRESETS].map(({ name }) => name);
  const hint = typeof kind === "string" ? didYouMean(kind, names) : undefined;
  return new ScenarioError({
    code: "workload/unknown-kind",
    message: kind === undefined
      ? "Cannot read workload: kind is missing"
      : "Cannot read workload: kind is not a kind of workload",
    ...place(yaml, file, "kind", "value"),
    ...(kind === undefined ? {} : { found: JSON.stringify(kind) }),
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier trace synth --list` shows them all"],
  });
}

function yamlError(error: Error, yaml: string, file: string): ScenarioError {
  const at = /at line (\d+), column (\d+)/.exec(error.message);
  const line = at === null ? 1 : Number(at[1]);
  const column = at === null ? 1 : Number(at[2]);
  return new ScenarioError(
    {
      code: "workload/yaml",
      message: `Cannot read workload: the text is not YAML: ${error.message.split("\n")[0]}`,
      place: { file, line, column },
      sourceLine: yaml.split("\n")[line - 1] ?? "",
      mend: ["check indentation, colons and quotes around this place"],
    },
    [],
    { cause: error },
  );
}
