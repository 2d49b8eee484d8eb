/**
 * Where text goes: the report to stdout (or, atomically, to a file), everything else to stderr.
 *
 * @module
 */
import { FileError, writeFileAtomic } from "kvtier";
import type { Input } from "./options.ts";

/**
 * Writes all of a text to stdout; a reader that went away (`| head`) ends the program quietly.
 *
 * @throws {FileError} If stdout cannot take it, as when it is a file on a full disk.
 */
export function print(text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw new FileError(
      {
        code: "file/stdout",
        message: `Cannot write the report: ${(error as Error).message}`,
        place: { file: "stdout" },
        mend: ["make room, or write elsewhere with --out FILE"],
      },
      [],
      { cause: error },
    );
  }
}

/** Writes a line to stderr. */
export function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

/**
 * Refuses files that cannot be written, before any work is done: their folder is missing, they are
 * folders, or the command reads them or writes them twice.
 *
 * @param names Options that name a file to write.
 */
export function refuseNowhere(input: Input, names: readonly string[]): void {
  const taken = new Set(input.args.map(wholePath));
  for (const name of names) {
    const file = input.value(name);
    if (file === undefined) continue;
    if (!isFolder(folderOf(file), true)) {
      const mend = "make the folder first, or check the path";
      throw unwritable(file, "file/not-found", "there is no such folder", mend);
    }
    if (isFolder(file, false)) {
      throw unwritable(file, "file/folder", "it is a folder", "name a file in it");
    }
    if (taken.has(wholePath(file)) && file !== "/dev/null") {
      const wrong = "this command reads it, or writes it for another option";
      throw unwritable(file, "file/taken", wrong, `name another file after --${name}`);
    }
    taken.add(wholePath(file));
  }
}

function unwritable(file: string, code: string, wrong: string, mend: string): FileError {
  return new FileError({
    code,
    message: `Cannot write file: ${wrong}`,
    place: { file },
    mend: [mend],
  });
}

function folderOf(file: string): string {
  const folder = /^(.*)[\\/][^\\/]*$/.exec(file)?.[1];
  return folder === "" ? "/" : folder ?? ".";
}

/** @param inDoubt What to answer where the system does not tell. */
function isFolder(path: string, inDoubt: boolean): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    return inDoubt && !(error instanceof Deno.errors.NotFound);
  }
}

/** The same text for the same file, however it is named; it need not be there yet. */
function wholePath(file: string): string {
  try {
    return `${Deno.realPathSync(folderOf(file))}/${file.replace(/^.*[\\/]/, "")}`;
  } catch {
    return file;
  }
}

/** Prints a report, or writes it to the file of `--out` as a whole or not at all. */
export async function deliver(input: Input, text: string): Promise<void> {
  const file = input.value("out");
  if (file === undefined) return print(text);
  await writeFileAtomic(file, new TextEncoder().encode(text));
  say(`wrote ${file}`);
}

/** Columns of the terminal, for laying out tables; 100 where there is none. */
export function terminalColumns(): number {
  const asked = Number(Deno.env.get("COLUMNS"));
  if (Number.isInteger(asked) && asked >= 40) return asked;
  if (!Deno.stdout.isTerminal()) return 100;
  try {
    return Math.max(40, Deno.consoleSize().columns);
  } catch {
    return 100;
  }
}

/** Whether to paint: on a terminal, unless NO_COLOR is set. */
export function terminalColors(): boolean {
  const { NO_COLOR, TERM } = { NO_COLOR: Deno.env.get("NO_COLOR"), TERM: Deno.env.get("TERM") };
  return Deno.stdout.isTerminal() && (NO_COLOR ?? "") === "" && TERM !== "dumb";
}
