/**
 * What a scenario names: models, hardware and calibrations of other files.
 *
 * @module
 */
import { type Problem, ScenarioError } from "../errors/errors.ts";
import type { Finding } from "./findings.ts";

/** A path in a scenario starts at the scenario's folder; a name stays a name. */
export function relativeTo(file: string, name: string): string {
  return /[\\/]|\.ya?ml$/.test(name) ? fromFolder(file, name) : name;
}

/** A path that starts at the folder of a file. */
export function fromFolder(file: string, path: string): string {
  if (/^([\\/]|[A-Za-z]:)/.test(path)) return path;
  const folder = /^(.*[\\/])[^\\/]*$/.exec(file)?.[1] ?? "";
  return `${folder}${path}`;
}

/** A reference that leads nowhere, or to a file with faults, at the key that names it. */
export function unreadable(error: unknown, path: readonly PropertyKey[], name: string): Finding {
  if (!(error instanceof ScenarioError)) throw error;
  const [first]: readonly Problem[] = error.problems;
  const { file, line, column } = first.place ?? {};
  const where = line === undefined ? "" : ` (${file}:${line}:${column})`;
  const reason = first.message.replace(/^Cannot \w+ \w+: /, "").replace(`"${name}" `, "");
  return {
    path,
    wrong: line === undefined
      ? `cannot be loaded: "${name}" ${reason}`
      : `cannot be read: ${reason}${where}`,
    code: "reference",
    ...(first.found === undefined ? {} : { found: first.found }),
    ...(first.expected === undefined ? {} : { expected: first.expected }),
    mend: first.mend ?? [],
  };
}
