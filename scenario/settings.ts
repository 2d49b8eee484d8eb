/**
 * Single values that take the place of a document's: `--set tiers[1].capacity=64GiB`, and what a
 * grid varies.
 *
 * @module
 */
import type { z } from "zod";
import { type Place, type Problem, UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import { keyPath, shown } from "./findings.ts";
import { EVERY, parseKeyPath, type Step } from "./key_path.ts";
import { below, formsOf, hasList, keysOf, schemasAt } from "./schema_walk.ts";
import { yamlValue } from "./yaml_text.ts";

/** A value for one place of a scenario. */
export interface Setting {
  /** Such as `tiers[1].capacity`, `tiers[hbm].policy`, `tiers[*].policy`. */
  readonly path: string;
  readonly value: unknown;
  /** Where it was written, for errors. */
  readonly place: Place;
}

/**
 * Reads `--set` options in the order given.
 *
 * @throws {UsageError} If one has no `=`.
 * @throws {ScenarioError} If a value is not YAML.
 */
export async function readSettings(texts: readonly string[]): Promise<Setting[]> {
  return await Promise.all(texts.map(async (text, index) => {
    const file = `--set, argument ${index + 1}`;
    const equals = text.indexOf("=");
    if (equals < 1 || equals === text.length - 1) {
      throw new UsageError({
        code: "usage/set",
        message: "Cannot read --set: it is not key=value",
        place: { file },
        found: shown(text),
        expected: "a key path and a value, such as tiers[1].capacity=64GiB",
      });
    }
    const value = await yamlValue(text.slice(equals + 1), file, "scenario");
    return { path: text.slice(0, equals).trim(), value, place: { file } };
  }));
}

/** Texts read and settings kept, in the order given. */
export async function settingsOf(given: readonly (string | Setting)[]): Promise<Setting[]> {
  const texts = given.filter((each) => typeof each === "string");
  const read = (await readSettings(texts)).values();
  return given.map((each) => typeof each === "string" ? read.next().value! : each);
}

/** A document with settings in it. */
export interface SetDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the value at a path was set, if it was. */
  placeOf(path: readonly PropertyKey[]): Place | undefined;
  /** Whether the value at exactly this path was set. */
  isSet(path: readonly PropertyKey[]): boolean;
}

/** Puts settings into a copy of a document, in order; what leads nowhere becomes a problem. */
export function applySettings(
  document: unknown,
  settings: readonly Setting[],
  schema: z.ZodType,
): SetDocument {
  const value = structuredClone(document);
  const problems: Problem[] = [];
  const places: { readonly path: PropertyKey[]; readonly place: Place }[] = [];
  const leaves = new Set<string>();
  for (const setting of settings) {
    const outcome = expand(value, setting, schema);
    if ("problem" in outcome) {
      problems.push(outcome.problem);
      continue;
    }
    for (const path of outcome.paths) {
      put(value as Container, path, structuredClone(setting.value));
      places.push({ path, place: setting.place });
      for (const leaf of leavesOf(path, setting.value)) leaves.add(leaf);
    }
  }
  return {
    value,
    problems,
    placeOf: (path) =>
      places.findLast((set) => set.path.every((step, at) => path[at] === step))?.place,
    isSet: (path) => leaves.has(keyPath(path)),
  };
}

type Container = Record<PropertyKey, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

type Expansion = { readonly paths: PropertyKey[][] } | { readonly problem: Problem };

/** The paths that a typed path means in a document. */
function expand(document: unknown, setting: Setting, schema: z.ZodType): Expansion {
  const steps = parseKeyPath(setting.path);
  if (steps === undefined) {
    const expected = "a key path such as tiers[1].capacity, tiers[hbm].policy or tiers[*].policy";
    return refusal(setting, `"${setting.path}" is not a key path`, { expected });
  }
  let paths: { readonly path: PropertyKey[]; readonly at: unknown }[] = [{
    path: [],
    at: document,
  }];
  for (const [depth, step] of steps.entries()) {
    const next: typeof paths = [];
    for (const { path, at } of paths) {
      const found = advance(schema, path, at, step, setting);
      if ("problem" in found) return found;
      for (const key of found.keys) {
        const child = isContainer(at) && Object.hasOwn(at, key) ? at[key] : undefined;
        const last = depth === steps.length - 1;
        if (!last && child !== undefined && !isContainer(child)) {
          return refusal(setting, `${keyPath([...path, key])} is ${shown(child)}, not a map`, {
            mend: [`set ${keyPath([...path, key])} as a whole, such as {name: …}`],
          });
        }
        next.push({ path: [...path, key], at: child });
      }
    }
    paths = next;
  }
  return { paths: paths.map(({ path }) => path) };
}

/** The keys or indices of one step, checked against the schema and against the list. */
function advance(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  at: unknown,
  step: Step,
  setting: Setting,
): { readonly keys: PropertyKey[] } | { readonly problem: Problem } {
  const here = schemasAt(schema, path);
  if (typeof step === "string") {
    if (below(here, step).length > 0) return { keys: [step] };
    const keys = keysOf(here);
    const hint = didYouMean(step, keys);
    const expected = keys.length > 0 ? keys.join(", ") : formsOf(here).join(", or ");
    return refusal(setting, `${keyPath([...path, step])} is an unknown key`, {
      expected,
      mend: hint === undefined ? [] : [hint],
    });
  }
  const name = keyPath(path);
  if (!hasList(here)) return refusal(setting, `${name} is not a list`, {});
  const list = Array.isArray(at) ? at : [];
  if (typeof step === "number") {
    if (step < list.length) return { keys: [step] };
    return refusal(setting, `${name}[${step}] is not there`, {
      expected: `an index below ${list.length}, as the first is 0`,
    });
  }
  if (step.entry === EVERY) return { keys: list.map((_, index) => index) };
  const names = list.map((entry) => isContainer(entry) ? String(entry.name) : "");
  const index = names.indexOf(step.entry);
  if (index >= 0) return { keys: [index] };
  const hint = didYouMean(step.entry, names);
  return refusal(setting, `${name} has no entry of the name "${step.entry}"`, {
    expected: names.join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}

function refusal(setting: Setting, wrong: string, words: Partial<Problem>): {
  readonly problem: Problem;
} {
  const message = `Cannot read scenario: ${wrong}`;
  return { problem: { code: "scenario/set", ...words, message, place: setting.place } };
}

/** Keys that say the same for both directions, and keys that exclude each other. */
const SPLITS: Readonly<Record<string, readonly string[]>> = {
  bandwidth: ["readBandwidth", "writeBandwidth"],
  latency: ["readLatency", "writeLatency"],
  energy: ["readEnergy", "writeEnergy"],
  model: ["bytesPerToken"],
  bytesPerToken: ["model"],
  copies: ["perGpu"],
  perGpu: ["copies"],
};

/** Writes a value; the last word on one direction leaves the other as it was. */
function put(document: Container, path: readonly PropertyKey[], value: unknown): void {
  let at = document;
  for (const step of path.slice(0, -1)) {
    if (!Object.hasOwn(at, step)) at[step] = {};
    at = at[step] as Container;
  }
  const key = String(path.at(-1));
  for (const other of SPLITS[key] ?? []) delete at[other];
  for (const [both, [read, write]] of Object.entries(SPLITS)) {
    if ((key !== read && key !== write) || write === undefined || !Object.hasOwn(at, both)) {
      continue;
    }
    const other = key === read ? write : read;
    at[other] ??= at[both];
    delete at[both];
  }
  at[path.at(-1)!] = value;
}

function leavesOf(path: readonly PropertyKey[], value: unknown): string[] {
  if (!isContainer(value) || Array.isArray(value)) return [keyPath(path)];
  return [
    keyPath(path),
    ...Object.keys(value).map((key) => keyPath([...path, key])),
  ];
}
