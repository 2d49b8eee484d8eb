/**
 * kvtier as a process: what a shell would see of it.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";

/** The root of the repository, where commands run. */
export const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

export const CONVERSATION = "tests/data/conversation_trace.jsonl.gz";
export const SYNTHETIC = "tests/data/synthetic_trace.jsonl.gz";

/** A trace that is read at once. */
export const SMALL: readonly string[] = [CONVERSATION, "--limit", "300"];

/** What is left of a process. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Arguments for Deno that run kvtier with the permissions of the README. */
export const KVTIER: readonly string[] = [
  ...["run", "--quiet", "--allow-read", "--allow-write", "--allow-env"],
  `${ROOT}cli.ts`,
];

/** A process of kvtier, not yet started; terminal variables of the caller do not reach it. */
export function command(
  args: readonly string[],
  options: Omit<Deno.CommandOptions, "args"> = {},
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    cwd: ROOT,
    stdin: "null",
    ...options,
    args: [...KVTIER, ...args],
    env: { NO_COLOR: "", COLUMNS: "", ...options.env },
  });
}

/** Runs kvtier to its end. */
export async function kvtier(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return text(await command(args, { env, stdout: "piped", stderr: "piped" }).output());
}

/** The streams of a process as texts. */
export function text({ code, stdout, stderr }: Deno.CommandOutput): Outcome {
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/**
 * The path of the first of these programs that PATH has. Folders of Deno's own are passed over: it
 * puts one in front in which it poses as Node.
 */
export async function findProgram(...names: readonly string[]): Promise<string | undefined> {
  const folders = (Deno.env.get("PATH") ?? "").split(":")
    .filter((folder) => !folder.includes("node_compat_bin"));
  for (const path of names.flatMap((name) => folders.map((folder) => `${folder}/${name}`))) {
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  return undefined;
}

/** Runs `body` with the path of a new folder, which is removed afterwards. */
export async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kvtier-test-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The names in a folder, in order. */
export async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}

/** Runs a command that must end well, in silence on stderr. */
export async function report(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await kvtier(args);
  assertEquals({ code, stderr }, { code: 0, stderr: "" }, args.join(" "));
  return stdout;
}

/** Runs a command that must be refused, with nothing on stdout. */
export async function refusal(code: number, ...args: string[]): Promise<string> {
  const outcome = await kvtier(args);
  const { stderr, ...rest } = outcome;
  assertEquals(rest, { code, stdout: "" }, `${args.join(" ")}\n${stderr}`);
  assertMatch(stderr, /^error: /);
  return stderr;
}
