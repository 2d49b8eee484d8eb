/**
 * Quantities inside schemas: texts with units that stay texts, checked where they stand.
 *
 * @module
 */
import { z } from "zod";
import type { RefinementWords } from "./findings.ts";
import { QUANTITIES, type QuantityKind, readQuantity } from "./units.ts";

/** Runs a parser of `units.ts` inside zod, keeping its sentence. */
export function checked(
  parse: (text: string) => unknown,
): (text: string, context: z.RefinementCtx) => void {
  return (text, context) => {
    try {
      parse(text);
    } catch (error) {
      const message = `is not right: ${(error as Error).message}`;
      context.addIssue({ code: "custom", message, input: text });
    }
  };
}

/** A text that is a quantity of one kind; a number is told that it lacks a unit. */
export function quantity(kind: keyof typeof QUANTITIES): z.ZodString {
  const rules: QuantityKind = QUANTITIES[kind];
  return withoutUnit(rules.form).superRefine((text, context) => {
    const reading = readQuantity(text, rules);
    if ("wrong" in reading) context.addIssue(refusal(text, reading));
  }).meta({ pattern: pattern(rules) });
}

/** Bytes with a unit, or whole blocks. */
export function bytesOrBlocks(): z.ZodString {
  const form = `${QUANTITIES.bytes.form}, or blocks such as "500 blocks"`;
  return withoutUnit(form).superRefine((text, context) => {
    const reading = /blocks?\s*$/.test(text) ? readBlocks(text) : readQuantity(
      text,
      QUANTITIES.bytes,
    );
    if ("wrong" in reading) context.addIssue(refusal(text, { ...reading, expected: form }));
  }).meta({ pattern: `${pattern(QUANTITIES.bytes)}|^\\s*[0-9][0-9_,]*\\s*blocks?\\s*$` });
}

/** Reads `500 blocks`. */
export function readBlocks(
  text: string,
): { readonly value: number } | { readonly wrong: string; readonly expected: string } {
  const match = /^\s*([0-9][0-9_,]{0,20})\s*blocks?\s*$/.exec(text);
  const value = Number(match?.[1].replaceAll(/[_,]/g, ""));
  const expected = 'whole blocks such as "500 blocks"';
  if (match === null) return { wrong: "is not a number of blocks", expected };
  if (!(value >= 1 && value < 2 ** 31)) return { wrong: "is out of range", expected };
  return { value };
}

/** A part of a whole: a number above 0 and below 1. */
export function share(): z.ZodNumber {
  const form = "a number above 0 and below 1, such as 0.3 for 30 %";
  return z.number({
    error: ({ input }) => input === undefined ? undefined : `is not a share; expected ${form}`,
  }).gt(0).lt(1);
}

function withoutUnit(form: string): z.ZodString {
  return z.string({
    error: (issue) => typeof issue.input === "number" ? `has no unit; expected ${form}` : undefined,
  });
}

function refusal(
  text: string,
  reading: { readonly wrong: string; readonly expected: string; readonly hint?: string },
) {
  const words: RefinementWords = {
    expected: reading.expected,
    mend: reading.hint === undefined ? [] : [reading.hint],
  };
  return { code: "custom" as const, message: reading.wrong, input: text, params: { ...words } };
}

/** What editors check while typing; the reader itself decides. */
function pattern({ units, sign = "" }: QuantityKind): string {
  const escape = (text: string) => text.replaceAll(/[$^*+?.()|[\]{}\\]/g, "\\$&");
  return `^\\s*${escape(sign)}[0-9.][0-9_,.]*\\s*(${
    Object.keys(units).map(escape).join("|")
  })\\s*$`;
}
