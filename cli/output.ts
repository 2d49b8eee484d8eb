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
 * Refuses files that cannot be written because their folder is missing, before any work is done.
 *
 * @param names Options that name a file to write.
 */
export function refuseNowhere(input: Input, names: readonly string[]): void {
  for (const name of names) {
    const file = input.value(name);
    const folder = /^(.*)[\\/][^\\/]*$/.exec(file ?? "")?.[1] ?? ".";
    if (file === undefined || isThere(folder === "" ? "/" : folder)) continue;
    throw new FileError({
      code: "file/not-found",
      message: "Cannot write file: there is no such folder",
      place: { file },
      mend: ["make the folder first, or check the path"],
    });
  }
}

function isThere(folder: string): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
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
