/**
 * What a schema finds wrong, in our words: what is wrong first, then what was found and expected.
 *
 * @module
 */
import type { z } from "zod";
import { didYouMean } from "../errors/nearest.ts";
import { alternatives, FORMS, formsOf, keysAt, schemasAt, wordsAt } from "./schema_walk.ts";

/** One thing that is wrong in a document. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  /** What is wrong, after the key path: `is an unknown key`. */
  readonly wrong: string;
  /** Last part of the error's code. Default `invalid`. */
  readonly code?: string;
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean;
  readonly found?: string;
  readonly expected?: string;
  readonly mend?: readonly string[];
}

/** What a refinement tells about a value, besides its message. */
export interface RefinementWords {
  readonly found?: string;
  readonly expected?: string;
  readonly mend?: readonly string[];
}

/** Checks a value and lists everything that is wrong with it; an empty list means nothing. */
export function check(schema: z.ZodType, value: unknown): Finding[] {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? [] : result.error.issues.flatMap((issue) => explain(issue, schema, []));
}

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, root: z.ZodType, before: readonly PropertyKey[]): Finding[] {
  const path = [...before, ...issue.path];
  const found = "input" in issue && issue.input !== undefined ? { found: shown(issue.input) } : {};
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(root, [...path, key]));
    case "invalid_union":
      return union(issue, root, path);
    case "invalid_value":
      return [{ path, wrong: "is not one of its values", ...found, ...oneOf(issue) }];
    case "invalid_type":
      if (issue.input === undefined) {
        const expected = formsOf(schemasAt(root, path)).join(", or ") || FORMS[issue.expected];
        return [{ path, wrong: "is missing", code: "missing", expected }];
      }
      return [typeFinding(issue, path, found)];
    case "custom":
      return [{ path, wrong: issue.message, ...found, ...issue.params as RefinementWords }];
    case "too_small":
    case "too_big":
      return [{ path, wrong: "is out of range", ...found, expected: rangeOf(issue) }];
    default:
      return [{ path, wrong: `is not right: ${issue.message}`, ...found }];
  }
}

/** A key that no map at this place has, with those that it has. */
export function unknownKey(root: z.ZodType, path: readonly PropertyKey[]): Finding {
  const names = keysAt(root, path.slice(0, -1));
  const hint = didYouMean(String(path.at(-1)), names);
  return {
    path,
    wrong: "is an unknown key",
    code: "unknown-key",
    atKey: true,
    ...(names.length === 0 ? {} : { expected: names.join(", ") }),
    mend: hint === undefined ? [] : [hint],
  };
}

function typeFinding(
  issue: z.core.$ZodIssueInvalidType,
  path: readonly PropertyKey[],
  found: { readonly found?: string },
): Finding {
  // A schema with words of its own says them; zod's say only "expected string, received number".
  const own = issue.message.startsWith("Invalid input") ? undefined : issue.message;
  const [wrong, expected] = own?.split("; expected ") ?? [];
  const form = expected ?? FORMS[issue.expected] ?? String(issue.expected);
  return { path, wrong: wrong ?? `is not ${form}`, ...found, expected: form };
}

function rangeOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const least = issue.code === "too_small";
  const bound = least ? issue.minimum : issue.maximum;
  if (issue.origin === "string") return least ? "a text that is not empty" : "a shorter text";
  if (issue.origin === "array") return `${bound} entries or ${least ? "more" : "fewer"}`;
  return `a number ${issue.inclusive === false ? (least ? "above " : "below ") : ""}${bound}` +
    (issue.inclusive === false ? "" : least ? " or more" : " or less");
}

function oneOf(issue: z.core.$ZodIssueInvalidValue): RefinementWords {
  const words = issue.values.map(String);
  const hint = typeof issue.input === "string" ? didYouMean(issue.input, words) : undefined;
  return { expected: words.join(", "), mend: hint === undefined ? [] : [hint] };
}

/** Of several forms, the one that the value seems to be tells what is wrong with it. */
function union(
  issue: z.core.$ZodIssueInvalidUnion,
  root: z.ZodType,
  path: readonly PropertyKey[],
): Finding[] {
  const branches = issue.errors as readonly (readonly Issue[])[];
  if (branches.length === 0) return [discriminator(issue, root, path)];
  const meant = branches.filter((issues) => !issues.some(isOtherForm));
  if (meant.length === 1) return meant[0].flatMap((each) => explain(each, root, path));
  const found = issue.input === undefined ? {} : { found: shown(issue.input) };
  const schemas = schemasAt(root, path).flatMap(alternatives);
  const hint = typeof issue.input === "string"
    ? didYouMean(issue.input, wordsAt(root, path))
    : undefined;
  return [{
    path,
    wrong: issue.input === undefined ? "is missing" : "is none of the forms that it may have",
    ...(issue.input === undefined ? { code: "missing" } : {}),
    ...found,
    expected: formsOf(schemas).join(", or "),
    mend: hint === undefined ? [] : [hint],
  }];
}

function isOtherForm(issue: Issue): boolean {
  return issue.path.length === 0 &&
    (issue.code === "invalid_type" || issue.code === "invalid_value");
}

/** A map whose `kind` is missing or unknown. */
function discriminator(
  issue: z.core.$ZodIssueInvalidUnion,
  root: z.ZodType,
  path: readonly PropertyKey[],
): Finding {
  const words = wordsAt(root, path);
  const typed = issue.input as Record<PropertyKey, unknown> | undefined;
  const value = typed === null || typeof typed !== "object" ? typed : typed[path.at(-1) ?? ""];
  const hint = typeof value === "string" ? didYouMean(value, words) : undefined;
  return {
    path,
    wrong: value === undefined ? "is missing" : "is not one of its values",
    ...(value === undefined ? { code: "missing" } : { found: shown(value) }),
    expected: words.join(", "),
    mend: hint === undefined ? [] : [hint],
  };
}

const SHOWN_LENGTH = 60;
const SHOWN_DEPTH = 3;

/** A value for an error: short, and safe for values that contain themselves. */
export function shown(value: unknown, depth = 0): string {
  if (value === null || typeof value !== "object") {
    const text = typeof value === "string" ? JSON.stringify(value.slice(0, 200)) : String(value);
    return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH - 1)}…` : text;
  }
  if (depth === SHOWN_DEPTH) return "…";
  const entries = Object.entries(value).slice(0, 8).map(([key, item]) =>
    (Array.isArray(value) ? "" : `${key}: `) + shown(item, depth + 1)
  );
  const inside = entries.join(", ");
  const text = inside.length > SHOWN_LENGTH ? `${inside.slice(0, SHOWN_LENGTH - 1)}…` : inside;
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

/** Writes a path as people do: `tiers[1].capacity`. */
export function keyPath(path: readonly PropertyKey[]): string {
  const text = path.map((step) => typeof step === "number" ? `[${step}]` : `.${String(step)}`);
  return text.join("").replace(/^\./, "") || "the document";
}
