// The parts of @std/cli, @std/yaml and @std/path that are used here; deno-std ships no types.

declare module "@std/cli/parse-args" {
  export interface ParseOptions {
    readonly boolean?: readonly string[];
    readonly string?: readonly string[];
    readonly collect?: readonly string[];
    readonly alias?: Readonly<Record<string, string>>;
    readonly "--"?: boolean;
    readonly stopEarly?: boolean;
    /** Called for every argument that no option declares; `key` is absent for a plain argument. */
    readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
  }
  export function parseArgs(
    args: readonly string[],
    options?: ParseOptions,
  ): { readonly _: readonly (string | number)[]; readonly [name: string]: unknown };
}

declare module "@std/yaml" {
  /** Parses one YAML document; throws a SyntaxError with line and column in its message. */
  export function parse(text: string): unknown;
}

declare module "@std/path" {
  export function dirname(path: string): string;
  export function basename(path: string): string;
  export function join(...parts: readonly string[]): string;
  export function fromFileUrl(url: string | URL): string;
}
