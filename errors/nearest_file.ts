/**
 * The files that a mistyped path may have meant.
 *
 * @module
 */
import { nearest } from "./nearest.ts";

/** Names in a folder; none where there is no such folder. */
export type ListFolder = (folder: string) => Promise<readonly string[]>;

/** Folders followed at once when several are near. */
const FOLDERS = 3;

/**
 * Finds paths that exist and are spelled nearly as `path`, folder by folder, at most three.
 *
 * `.yaml` counts for nothing, so that a name typed without it is found.
 *
 * @param list What is there; errors themselves read no disk.
 */
export async function nearestPaths(path: string, list: ListFolder): Promise<string[]> {
  let reached = [/^[\\/]/.test(path) ? "/" : ""];
  for (const part of path.split(/[\\/]+/).filter((part) => part !== "")) {
    const next: string[] = [];
    for (const folder of reached) {
      const names = await namesLike(part, folder === "" ? "." : folder, list);
      next.push(...names.map((name) => `${folder}${name}/`));
    }
    reached = next.slice(0, FOLDERS);
  }
  return reached.map((found) => found.slice(0, -1));
}

async function namesLike(part: string, folder: string, list: ListFolder) {
  if (/^(\.\.?|[A-Za-z]:)$/.test(part)) return [part];
  const names = await list(folder);
  return names.includes(part) ? [part] : nearestFiles(part, names);
}

/** The files spelled nearly as `name`, by their last part and whatever `.yaml` follows it. */
export function nearestFiles(name: string, files: readonly string[]): string[] {
  const stem = (file: string) => file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
  const same = files.filter((file) => stem(file) === stem(name));
  if (same.length > 0) return same;
  const near = new Set(nearest(stem(name), files.map(stem)));
  return [...near].flatMap((each) => files.filter((file) => stem(file) === each));
}
