/**
 * A YAML text with its value, and errors that point into it.
 *
 * @module
 */
import type { z } from "zod";
import { type Place, type Problem, ScenarioError } from "../errors/errors.ts";
import { check, type Finding, keyPath } from "./findings.ts";
import { placesOf } from "./yaml_places.ts";

/** A document that parsed as YAML; nothing is known of its content yet. */
export interface YamlText {
  /** What to call it in errors, usually its path. */
  readonly file: string;
  readonly text: string;
  /** What it is, for sentences: `scenario`, `model`. */
  readonly what: string;
  readonly value: unknown;
}

/** Longer texts are refused: a scenario is written by hand. */
const LENGTH_MAX = 2 ** 20;

/**
 * Parses one document of plain YAML: maps, lists, texts, numbers, true and false. Dates stay texts.
 *
 * @throws {ScenarioError} If the text is not YAML, with line and column.
 */
export async function readYaml(text: string, file: string, what: string): Promise<YamlText> {
  if (text.length > LENGTH_MAX) {
    throw new ScenarioError({
      code: `${what}/too-long`,
      message: `Cannot read ${what}: the text is too long`,
      place: { file, line: 1, column: 1 },
      found: `${text.length} characters`,
      expected: `${LENGTH_MAX} at most`,
    });
  }
  return { file, text, what, value: await yamlValue(text, file, what) };
}

/** The value of a YAML text; what is thrown points into `file`. */
export async function yamlValue(text: string, file: string, what: string): Promise<unknown> {
  const yaml = await import("@std/yaml");
  const parse = yaml.parse as (text: string, options: { schema: "core" }) => unknown;
  try {
    return parse(text, { schema: "core" });
  } catch (error) {
    throw yamlError(error as Error, text, file, what);
  }
}

/**
 * Parses a text and checks it.
 *
 * @returns What the schema makes of it.
 * @throws {ScenarioError} With all findings, each with its place.
 */
export async function parseYaml<T>(
  text: string,
  file: string,
  what: string,
  schema: z.ZodType,
): Promise<T> {
  const yaml = await readYaml(text, file, what);
  refuse(check(schema, yaml.value), yaml);
  return schema.parse(yaml.value) as T;
}

/** Where a finding is to be shown; `undefined` leaves it to the text. */
export type Elsewhere = (path: readonly PropertyKey[]) => Place | undefined;

/** Throws all findings, sorted by place, unless there are none. */
export function refuse(findings: readonly Finding[], yaml: YamlText, elsewhere?: Elsewhere): void {
  throwAll(findings.map((finding) => problemOf(finding, yaml, elsewhere)));
}

/** Throws problems in order of line and column, those without a line last; nothing for none. */
export function throwAll(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const line = ({ place }: Problem) => place?.line ?? Number.MAX_SAFE_INTEGER;
  const column = ({ place }: Problem) => place?.column ?? 0;
  const sorted = [...problems].sort((a, b) => line(a) - line(b) || column(a) - column(b));
  throw new ScenarioError(sorted[0], sorted.slice(1));
}

/** A finding with its place and its source line. */
export function problemOf(finding: Finding, yaml: YamlText, elsewhere?: Elsewhere): Problem {
  const { path, atKey, wrong, code, ...words } = finding;
  const other = elsewhere?.(path);
  const problem = {
    code: `${yaml.what}/${code ?? "invalid"}`,
    ...words,
    message: `Cannot read ${yaml.what}: ${keyPath(path)} ${wrong}`,
  };
  if (other !== undefined) return { ...problem, place: other };
  const { key, value } = placesOf(yaml.text, path);
  const place = atKey ? key : value;
  const sourceLine = yaml.text.split("\n")[place.line - 1].replace(/\r$/, "");
  return { ...problem, place: { file: yaml.file, ...place }, sourceLine };
}

function yamlError(error: Error, yaml: string, file: string, what: string): ScenarioError {
  const at = /at line (\d+), column (\d+)/.exec(error.message);
  const line = Number(at?.[1] ?? 1);
  const column = Math.max(1, Number(at?.[2] ?? 1));
  const reason = error.message.split("\n")[0].replace(/ at line \d+, column \d+:?$/, "");
  return new ScenarioError(
    {
      code: `${what}/yaml`,
      message: `Cannot read ${what}: the text is not YAML: ${reason}`,
      place: { file, line, column },
      sourceLine: yaml.split("\n")[line - 1] ?? "",
      mend: ["check indentation, colons and quotes around this place"],
    },
    [],
    { cause: error },
  );
}
