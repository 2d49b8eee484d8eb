/**
 * The host's files of `scenario/`: texts at paths, shipped files by name, and what a mistyped one
 * may have meant.
 *
 * @module
 */
import { type Problem, ScenarioError } from "../errors/errors.ts";
import { didYouMean, didYouMeanOneOf } from "../errors/nearest.ts";
import { nearestFiles, nearestPaths } from "../errors/nearest_file.ts";

/** What the folders of shipped files hold. */
const SHIPPED = { models: "model", hardware: "hardware", calibrations: "calibration" } as const;

/**
 * Reads a shipped file of `configs/`, or the file at a path.
 *
 * @param nameOrPath A path if it has a slash or ends in `.yaml`, else a name.
 * @throws {ScenarioError} If there is no such file; names the nearest ones.
 */
export async function loadNamed(
  folder: keyof typeof SHIPPED,
  nameOrPath: string,
): Promise<{ readonly file: string; readonly text: string }> {
  const what = SHIPPED[folder];
  if (/[\\/]|\.ya?ml$/.test(nameOrPath)) {
    return { file: nameOrPath, text: await readText(nameOrPath, what) };
  }
  const names = await shippedNames(folder);
  if (!names.includes(nameOrPath)) {
    const hint = didYouMean(nameOrPath, names) ??
      didYouMeanOneOf(await nearestPaths(`${nameOrPath}.yaml`, listFolder));
    throw new ScenarioError({
      code: `scenario/unknown-${what}`,
      message: `Cannot load ${what}: "${nameOrPath}" is not a shipped ${
        what === "hardware" ? "piece of hardware" : what
      }`,
      expected: `one of ${names.join(", ")}, or the path of a YAML file`,
      mend: hint === undefined ? [] : [hint],
    });
  }
  const file = `configs/${folder}/${nameOrPath}.yaml`;
  const url = new URL(`../${file}`, import.meta.url);
  return { file, text: await Deno.readTextFile(url) };
}

/** Names of the files in a folder of `configs/`, sorted. */
export async function shippedNames(folder: keyof typeof SHIPPED): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(new URL(`../configs/${folder}/`, import.meta.url))) {
    if (entry.name.endsWith(".yaml")) names.push(entry.name.replace(/\.yaml$/, ""));
  }
  return names.sort();
}

/**
 * Reads the text of a file.
 *
 * @param what What it is meant to be, for the sentence.
 * @throws {ScenarioError} If it cannot be read; names the nearest files when there is none.
 */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new ScenarioError(await unreadable(path, what, error), [], { cause: error });
  }
}

async function unreadable(path: string, what: string, error: unknown): Promise<Problem> {
  const problem = { code: "scenario/unreadable", place: { file: path } };
  if (error instanceof Deno.errors.NotFound) {
    const near = await nearestPaths(path, listFolder);
    const hint = didYouMeanOneOf(near.length > 0 ? near : await nearestShipped(path, what));
    const mend = [...(hint === undefined ? [] : [hint]), "check the path"];
    return { ...problem, message: `Cannot read ${what}: there is no such file`, mend };
  }
  const names = (await listFolder(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (error instanceof Deno.errors.IsADirectory || names.length > 0) {
    return {
      ...problem,
      message: `Cannot read ${what}: it is a folder`,
      expected: names.length === 0 ? "a file" : `one of its files: ${names.join(", ")}`,
    };
  }
  const message = `Cannot read ${what}: ${(error as Error).message}`;
  return { ...problem, message, mend: ["check the path and its permissions"] };
}

/** Folders of `configs/` to look in for a file that is not where it was said to be. */
const SHIPPED_FOLDERS: Readonly<Record<string, string>> = {
  scenario: "scenarios",
  grid: "sweeps",
  model: "models",
  hardware: "hardware",
  calibration: "calibrations",
};

/** Shipped files of that name: those that have names by these, others by their paths. */
async function nearestShipped(path: string, what: string): Promise<string[]> {
  const folder = SHIPPED_FOLDERS[what];
  const root = decodeURIComponent(new URL("../", import.meta.url).pathname);
  const found = nearestFiles(path, await filesBelow(`${root}configs/${folder}/`));
  if (folder in SHIPPED) return found.map((file) => file.replace(/^.*\/|\.yaml$/g, ""));
  const here = `${Deno.cwd()}/`;
  return found.map((file) => file.startsWith(here) ? file.slice(here.length) : file);
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of await listFolder(folder)) {
    files.push(...name.endsWith(".yaml") ? [folder + name] : await filesBelow(`${folder}${name}/`));
  }
  return files.sort();
}

/** Names in a folder; none where it cannot be listed, because a hint may be missing. */
async function listFolder(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch {
    return [];
  }
}
