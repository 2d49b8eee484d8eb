/**
 * `JSON.parse` that does not round integers.
 *
 * @module
 */

/** Marks a text that stands for an integer of too many digits for a number. */
const LONG_MARK = "\u0001";

const LONG_DIGITS = /\d{16}/;
const STRINGS_AND_LONG_INTEGERS = /"(?:[^"\\]|\\[^])*"|-?\d{16,}(?![\d.eE])/g;

/**
 * Parses JSON; integers of 16 digits or more come as texts that {@linkcode longInteger} knows.
 *
 * @throws {SyntaxError} As `JSON.parse` does.
 */
export function parseExact(text: string): unknown {
  if (!LONG_DIGITS.test(text)) return JSON.parse(text);
  const quoted = text.replace(
    STRINGS_AND_LONG_INTEGERS,
    (match) => match[0] === '"' ? match : `"\\u0001${match}"`,
  );
  try {
    return JSON.parse(quoted);
  } catch {
    // The fault is in the text as well, and there its position is right.
    return JSON.parse(text);
  }
}

/** The digits of an integer that was too long for a number, or `undefined` for anything else. */
export function longInteger(value: unknown): string | undefined {
  if (typeof value !== "string" || !value.startsWith(LONG_MARK)) return undefined;
  const digits = value.slice(1);
  return /^-?\d+$/.test(digits) ? digits : undefined;
}

/** A value of {@linkcode parseExact} as it stood in the text, cut to a length fit for a message. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) {
    const isShort = value.length <= 4 && value.every((item) => typeof item !== "object");
    return isShort ? `[${value.map(showValue).join(", ")}]` : `an array of ${value.length} values`;
  }
  if (typeof value === "object" && value !== null) {
    return `an object with keys ${Object.keys(value).slice(0, 8).join(", ")}`;
  }
  const text = longInteger(value) ?? JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
