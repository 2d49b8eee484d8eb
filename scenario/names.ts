/**
 * Names of policies, admitters and prefetchers: one text form, checked where a registry is known.
 *
 * @module
 */
import { didYouMean } from "../errors/nearest.ts";
import type { Finding } from "./findings.ts";

/** What a registry tells of one name. */
export interface RegisteredName {
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly min: number;
    readonly max: number;
  }[];
}

/** Everything that a scenario may name; what is absent is not checked. */
export interface RegisteredNames {
  readonly policies?: readonly RegisteredName[];
  readonly admitters?: readonly RegisteredName[];
  readonly prefetchers?: readonly RegisteredName[];
  readonly routers?: readonly RegisteredName[];
  readonly evictions?: readonly RegisteredName[];
}

type Written = string | { readonly name: string; readonly [parameter: string]: unknown };

/** Writes `{ name: regret, horizon: 64 }` as `regret(horizon=64)`. */
export function policyText(written: Written): string {
  if (typeof written === "string") return written.trim();
  const { name, ...parameters } = written;
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? name : `${name}(${pairs.join(";")})`;
}

/** What is wrong with a name or its parameters; nothing when there is no registry to ask. */
export function checkName(
  written: Written,
  path: readonly PropertyKey[],
  what: string,
  registered: readonly RegisteredName[] | undefined,
): Finding[] {
  if (registered === undefined) return [];
  const text = policyText(written);
  const match = /^([^()]*)(?:\(([^()]*)\))?$/.exec(text);
  const name = match?.[1].trim() ?? text;
  const at = typeof written === "string" ? path : [...path, "name"];
  const entry = registered.find((each) => each.name === name);
  if (match === null || entry === undefined) {
    const hint = didYouMean(name, registered.map((each) => each.name));
    const expected = match === null ? `a name, or name(parameter=value;…)` : undefined;
    return [{
      path: at,
      wrong: `is not ${what}`,
      code: `unknown-${what.split(" ").at(-1)}`,
      found: `"${text}"`,
      ...(expected === undefined ? {} : { expected }),
      mend: [...(hint === undefined ? [] : [hint]), "`kvtier policies` lists them all"],
    }];
  }
  const pairs = (match[2] ?? "").split(";").filter((pair) => pair.trim() !== "");
  return pairs.flatMap((pair) => checkParameter(entry, pair, written, path));
}

function checkParameter(
  entry: RegisteredName,
  pair: string,
  written: Written,
  path: readonly PropertyKey[],
): Finding[] {
  const [key, value] = pair.split("=").map((part) => part.trim());
  const at = typeof written === "string" ? path : [...path, key];
  const parameter = entry.parameters.find((each) => each.name === key);
  if (parameter === undefined) {
    const names = entry.parameters.map((each) => each.name);
    const hint = didYouMean(key, names);
    return [{
      path: at,
      wrong: `has no parameter "${key}"`,
      code: "unknown-parameter",
      atKey: typeof written !== "string",
      expected: names.length === 0 ? `${entry.name} without parameters` : names.join(", "),
      mend: hint === undefined ? [] : [hint],
    }];
  }
  const number = value === undefined || value === "" ? NaN : Number(value);
  if (number >= parameter.min && number <= parameter.max) return [];
  return [{
    path: at,
    wrong: `has "${key}" out of range`,
    found: value ?? "nothing",
    expected: `a number from ${parameter.min} to ${parameter.max}`,
  }];
}
