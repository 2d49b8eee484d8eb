/**
 * Command lines: one declaration of an option gives its parsing, its help and its "did you mean".
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { didYouMean, UsageError } from "kvtier";

/** One option of a command. */
export interface Option {
  /** Long name without dashes. */
  readonly name: string;
  /** What stands for the value in help, such as `FILE`; absent for a switch. */
  readonly value?: string;
  /** Single letter, without a dash. */
  readonly alias?: string;
  readonly text: string;
}

/** A command with its help. */
export interface Command {
  /** As typed, such as `trace info`. */
  readonly name: string;
  /** Arguments after the name, such as `TRACE…`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: readonly Option[];
  /** Commands to copy, each with what it answers. */
  readonly examples: readonly (readonly [command: string, answers: string])[];
  /** Least and most plain arguments. */
  readonly arguments: readonly [min: number, max: number];
  run(input: Input): Promise<number>;
}

/** A parsed command line. */
export interface Input {
  readonly args: readonly string[];
  /** The value of an option, or undefined when it was not given. */
  value(name: string): string | undefined;
  /** The comma-separated values of an option, from all its occurrences. */
  list(name: string): string[] | undefined;
  /** The values of an option as they were given, one for each time. */
  all(name: string): readonly string[];
  /** A whole number of at least `min`. */
  whole(name: string, min: number): number | undefined;
  has(name: string): boolean;
}

/** Options that every command takes. */
export const COMMON: readonly Option[] = [
  { name: "help", alias: "h", text: "show this help" },
];

/**
 * Parses the arguments after a command's name.
 *
 * @throws {UsageError} For an unknown option, a missing value, or too few or many arguments.
 */
export function parseInput(command: Command, args: readonly string[]): Input {
  const options = [...command.options, ...COMMON];
  const valued = options.filter(({ value }) => value !== undefined).map(({ name }) => name);
  const switches = options.filter(({ value }) => value === undefined).map(({ name }) => name);
  const alias = Object.fromEntries(
    options.flatMap(({ name, alias }) => alias === undefined ? [] : [[alias, name]]),
  );
  const unknown: string[] = [];
  const parsed = parseArgs(withNegativeValues(args, valued), {
    string: valued.concat("_"),
    boolean: switches,
    collect: valued,
    alias,
    unknown: (arg, key) => {
      if (key !== undefined) unknown.push(arg);
    },
  });
  if (unknown.length > 0) throw unknownOption(command, unknown[0], options);
  const values = (name: string) => (parsed[name] as string[] | undefined) ?? [];
  for (const name of valued) {
    if (values(name).some((value) => value === "")) throw missingValue(command, name, options);
  }
  const plain = parsed._.map(String);
  if (parsed.help !== true) checkCount(command, plain);
  return {
    args: plain,
    value: (name) => values(name).at(-1),
    all: (name) => values(name),
    list: (name) => {
      const parts = values(name).flatMap((value) => value.split(",")).map((part) => part.trim());
      if (parts.length === 0) return undefined;
      const named = parts.filter((part) => part !== "");
      if (named.length === 0) throw missingValue(command, name, options);
      return named;
    },
    whole: (name, min) => {
      const text = values(name).at(-1);
      if (text === undefined) return undefined;
      const number = /^\d+$/.test(text) ? Number(text) : NaN;
      if (Number.isSafeInteger(number) && number >= min) return number;
      throw new UsageError({
        code: "usage/not-whole",
        message: `Cannot run ${command.name}: --${name} is ${
          Number.isNaN(number) ? "not a whole number" : "out of range"
        }`,
        found: `"${text}"`,
        expected: `a whole number, ${min} or more`,
      });
    },
    has: (name) => parsed[name] === true,
  };
}

/** `--seed -1` is a value, if a wrong one, and not the option `-1`. */
function withNegativeValues(args: readonly string[], valued: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? "";
    if (/^-\d/.test(arg) && valued.includes(before.replace(/^--/, ""))) {
      joined[joined.length - 1] = `${before}=${arg}`;
    } else joined.push(arg);
  }
  return joined;
}

function unknownOption(command: Command, arg: string, options: readonly Option[]): UsageError {
  const typed = arg.replace(/=.*$/, "");
  const hint = didYouMean(typed, options.map(({ name }) => `--${name}`));
  return new UsageError({
    code: "usage/unknown-option",
    message: `Cannot run ${command.name}: ${typed} is not one of its options`,
    mend: [
      ...(hint === undefined ? [] : [hint]),
      `\`kvtier ${command.name} --help\` lists them all`,
    ],
  });
}

function missingValue(command: Command, name: string, options: readonly Option[]): UsageError {
  const value = options.find((option) => option.name === name)?.value;
  return new UsageError({
    code: "usage/missing-value",
    message: `Cannot run ${command.name}: --${name} has no value`,
    expected: `--${name} ${value}`,
  });
}

function checkCount(command: Command, plain: readonly string[]): void {
  const [min, max] = command.arguments;
  if (plain.length >= min && plain.length <= max) return;
  throw new UsageError({
    code: "usage/arguments",
    message: plain.length < min
      ? `Cannot run ${command.name}: an argument is missing`
      : `Cannot run ${command.name}: "${plain[max]}" is one argument too many`,
    expected: `kvtier ${command.name} ${command.usage}`,
    mend: [`\`kvtier ${command.name} --help\` shows examples`],
  });
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const rows = [...command.options, ...COMMON].map(({ name, value, alias, text }) => {
    const short = alias === undefined ? "    " : `-${alias}, `;
    return [`  ${short}--${name}${value === undefined ? "" : ` ${value}`}`, text] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const indent = " ".repeat(width);
  return [
    `kvtier ${command.name} ${command.usage}`.trim(),
    "",
    command.summary,
    "",
    "Options:",
    ...rows.map(([left, text]) => left.padEnd(width) + text.replaceAll("\n", `\n${indent}`)),
    "",
    "Examples:",
    ...command.examples.flatMap(([example, answers]) => [`  # ${answers}`, `  ${example}`]),
    "",
  ].join("\n");
}
