/**
 * One result in the form that the command line asks for.
 *
 * @module
 */
import { UsageError, writeFileAtomic } from "kvtier";
import type { Input, Option } from "./options.ts";
import { deliver, refuseNowhere, say, terminalColors, terminalColumns } from "./output.ts";

/** The ways to write one result. */
export interface Writers {
  readonly text: (layout: { readonly width: number; readonly color: boolean }) => string;
  readonly json: () => string;
  readonly csv: () => string;
  readonly markdown: (command: string) => string;
  /** Absent where there is no page. */
  readonly html?: (command: string) => Promise<string>;
}

/** Options of a command whose result can be written in every form but a page. */
export const TEXT_OPTIONS: readonly Option[] = [
  { name: "csv", text: "write CSV" },
  { name: "markdown", text: "write Markdown" },
  {
    name: "out",
    value: "FILE",
    alias: "o",
    text: "write to a file, whole or not at all, instead of stdout",
  },
];

/** Options of a command whose result can be written in every form. */
export const REPORT_OPTIONS: readonly Option[] = [
  ...TEXT_OPTIONS,
  { name: "html", value: "FILE", text: "also write a self-contained HTML report with charts" },
];

const FORMS = ["json", "csv", "markdown"] as const;

/**
 * The one form that was asked for, before any work is done.
 *
 * @param verb What the command does, for the sentence: `size`.
 */
export function chosenForm(input: Input, verb: string): (typeof FORMS)[number] | "text" {
  refuseNowhere(input, ["out", "html", "chrome-trace", "requests", "timeline"]);
  const asked = FORMS.filter((name) => input.has(name));
  if (asked.length < 2) return asked[0] ?? "text";
  throw new UsageError({
    code: "usage/two-outputs",
    message: `Cannot ${verb}: --${asked[0]} and --${asked[1]} both ask for the output`,
    mend: ["choose one; --html can be added to any"],
  });
}

/** Writes the page, if asked for, then the report. */
export async function deliverReport(
  input: Input,
  form: ReturnType<typeof chosenForm>,
  writers: Writers,
): Promise<void> {
  const file = input.value("html");
  if (file !== undefined && writers.html !== undefined) {
    await writeFileAtomic(file, await writers.html(commandLine()));
  }
  await deliver(input, textOf(input, form, writers));
  if (file !== undefined) say(`wrote ${file}`);
}

function textOf(input: Input, form: ReturnType<typeof chosenForm>, writers: Writers): string {
  if (form === "json") return writers.json();
  if (form === "csv") return writers.csv();
  if (form === "markdown") return writers.markdown(commandLine());
  return writers.text(layoutOf(input));
}

/** How a report for people is laid out; colours are for terminals. */
export function layoutOf(input: Input): { readonly width: number; readonly color: boolean } {
  const color = input.value("out") === undefined && terminalColors();
  return { width: terminalColumns(), color };
}

/** The command that repeats this one, for reports. */
export function commandLine(): string {
  return ["kvtier", ...Deno.args.map((arg) => /^[\w./:=%,+-]+$/.test(arg) ? arg : `'${arg}'`)]
    .join(" ");
}
