/**
 * What workload to make: its name, its seed and its parameters, as people write them.
 *
 * @module
 */

import { UsageError } from "../../errors/errors.ts";
import { didYouMean } from "../../errors/nearest.ts";
import { type AnyKind, KINDS } from "./kinds.ts";
import { humanName } from "./parameters.ts";
import { SYNTH_PRESETS } from "./presets.ts";

/**
 * A workload to make. Besides `kind` and `seed` it has the parameters of its kind (`kvtier trace
 * synth KIND --list` shows them), with units: `{ kind: "chat", rate: "3 req/s" }`.
 */
export interface SynthSpec {
  /** A kind, such as `chat`, or a preset, such as `chat-pressure`. */
  readonly kind: string;
  /** Seed of all streams: a safe integer, 0 or more. */
  readonly seed?: number;
  readonly [parameter: string]: string | number | undefined;
}

/** A spec that was understood. */
export interface ResolvedSpec {
  readonly kind: AnyKind;
  readonly seed: number;
  /** In base units, by field of the generator. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The shortest name that means the same, such as `synth:chat?sessions=10&seed=3`. */
  readonly name: string;
}

/** Reads and checks a spec. */
export function resolveSpec(spec: SynthSpec): ResolvedSpec {
  const { kind, set } = findKind(spec.kind);
  const { kind: _, seed = kind.defaultSeed, ...own } = spec;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw refused(spec.kind, "seed", String(seed), "a whole number from 0 to 9007199254740991");
  }
  const written = { ...set, ...own };
  checkNames(spec.kind, kind, Object.keys(written));
  const parameters: Record<string, unknown> = {};
  const changed: string[] = [];
  for (const [field, declaration] of Object.entries(kind.parameters)) {
    const name = humanName(field);
    const value = written[name];
    if (typeof value === "number" && !declaration.takesNumber) {
      throw refused(spec.kind, name, String(value), declaration.expected);
    }
    const text = value === undefined ? declaration.default : String(value);
    if (text !== declaration.default) changed.push(`${name}=${text.replaceAll(/\s+/g, "")}`);
    try {
      parameters[field] = declaration.parse(text);
    } catch (error) {
      throw refused(spec.kind, name, (error as Error).message, declaration.expected, error);
    }
  }
  return {
    kind,
    seed,
    parameters,
    name: `synth:${kind.name}?${[...changed, `seed=${seed}`].join("&")}`,
  };
}

function findKind(name: string): { kind: AnyKind; set: Readonly<Record<string, string | number>> } {
  const preset = SYNTH_PRESETS.find((preset) => preset.name === name);
  const kind = KINDS.find((kind) => kind.name === (preset?.kind ?? name));
  if (kind !== undefined) return { kind, set: preset?.set ?? {} };
  const names = [...KINDS, ...SYNTH_PRESETS].map(({ name }) => name);
  const hint = didYouMean(name, names);
  throw new UsageError({
    code: "usage/unknown-workload",
    message: `Cannot make trace: "${name}" is not a kind of workload`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier trace synth --list` shows them all"],
  });
}

function checkNames(label: string, kind: AnyKind, written: readonly string[]): void {
  const names = Object.keys(kind.parameters).map(humanName);
  const unknown = written.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, names);
  throw new UsageError({
    code: "usage/unknown-parameter",
    message: `Cannot make trace ${label}: "${unknown}" is not one of its parameters`,
    expected: ["seed", ...names].join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}

function refused(
  label: string,
  key: string,
  found: string,
  expected: string,
  cause?: unknown,
): UsageError {
  return new UsageError(
    {
      code: "usage/workload-parameter",
      message: `Cannot make trace ${label}: ${key} is not right`,
      place: { key },
      found,
      expected,
    },
    [],
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Reads the name of a workload, as it stands where a trace's path may stand.
 *
 * @returns The spec, or `undefined` if the text does not begin with `synth:`.
 * @throws {UsageError} If it does, and is not `synth:KIND?key=value&key=value`. Whether the kind
 * and its parameters exist is checked by {@linkcode synthesize}.
 *
 * @example
 * ```ts
 * import { parseSynthName } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSynthName("synth:chat?seed=1&rate=3 req/s"), {
 *   kind: "chat",
 *   seed: 1,
 *   rate: "3 req/s",
 * });
 * assertEquals(parseSynthName("trace.jsonl"), undefined);
 * ```
 */
export function parseSynthName(text: string): SynthSpec | undefined {
  if (!text.startsWith("synth:")) return undefined;
  const [kind, ...queries] = text.slice("synth:".length).split("?");
  const pairs = queries.join("?").split("&").filter((pair) => pair !== "");
  const spec: Record<string, string | number> = { kind };
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    if (at < 1 || value === "" || key === "kind" || key in spec) {
      throw new UsageError({
        code: "usage/workload-name",
        message: `Cannot read workload: "${pair}" in "${text}" is not understood`,
        expected: "synth:KIND?key=value&key=value, each key once",
      });
    }
    spec[key] = key === "seed" ? seedOf(value) : value;
  }
  return spec as unknown as SynthSpec;
}

/** Reads a seed from text. */
export function seedOf(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(seed)) return seed;
  throw new UsageError({
    code: "usage/seed",
    message: "Cannot make trace: the seed is not a whole number",
    found: `"${text}"`,
    expected: "a whole number from 0 to 9007199254740991",
  });
}
