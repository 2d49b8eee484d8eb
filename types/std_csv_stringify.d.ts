// The part of @std/csv that report/ uses; the npm package deno-std ships no types.

declare module "@std/csv" {
  /** Writes rows as RFC 4180: lines end in CR LF, fields are quoted where they must be. */
  export function stringify(
    data: readonly (readonly (string | number | boolean | null | undefined)[])[],
  ): string;

  /** Reads RFC 4180 text into rows of fields. */
  export function parse(text: string): string[][];
}
