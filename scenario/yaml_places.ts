/**
 * Where a key stands in YAML text, so that an error can point at it.
 *
 * `@std/yaml` gives values without places. The text has parsed by the time this is asked, so a
 * walk by indentation is enough; what it cannot follow (flow style) is pointed at by its nearest
 * key.
 *
 * @module
 */

/** A line and a column, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

interface Line {
  readonly number: number;
  readonly indent: number;
  /** Text after the indentation, without a trailing comment. */
  readonly text: string;
}

/** Finds the value at `path` (object keys and array indices); the nearest ancestor otherwise. */
export function placeOf(yaml: string, path: readonly PropertyKey[]): TextPlace {
  let lines = readLines(yaml);
  let place: TextPlace = { line: lines[0]?.number ?? 1, column: (lines[0]?.indent ?? 0) + 1 };
  for (const step of path) {
    const found = typeof step === "number" ? item(lines, step) : key(lines, String(step));
    if (found === undefined) return place;
    place = found.place;
    lines = found.children;
  }
  return place;
}

function readLines(yaml: string): Line[] {
  return yaml.split("\n").flatMap((raw, index) => {
    const text = raw.replace(/(^|\s)#.*$/, "").trimEnd();
    const indent = text.length - text.trimStart().length;
    return text.trim() === "" || text.trim() === "---"
      ? []
      : [{ number: index + 1, indent, text: text.trimStart() }];
  });
}

interface Found {
  readonly place: TextPlace;
  readonly children: Line[];
}

function key(lines: readonly Line[], name: string): Found | undefined {
  const indent = lines[0]?.indent;
  const at = lines.findIndex((line) => line.indent === indent && keyOf(line.text) === name);
  if (at < 0) return undefined;
  const line = lines[at];
  const colon = line.text.indexOf(":");
  const value = line.text.slice(colon + 1);
  const gap = value.length - value.trimStart().length;
  const column = value.trim() === "" ? line.indent + 1 : line.indent + colon + 2 + gap;
  return { place: { line: line.number, column }, children: deeper(lines, at, line.indent) };
}

function keyOf(text: string): string | undefined {
  return /^(["']?)([^"':]+)\1\s*:/.exec(text)?.[2].trim();
}

function item(lines: readonly Line[], index: number): Found | undefined {
  const indent = lines[0]?.indent;
  const dashes = lines.flatMap((line, at) =>
    line.indent === indent && /^-(\s|$)/.test(line.text) ? [at] : []
  );
  const at = dashes[index];
  if (at === undefined) return undefined;
  const line = lines[at];
  const rest = line.text.slice(1);
  const inner = line.indent + 1 + rest.length - rest.trimStart().length;
  const first: Line = { number: line.number, indent: inner, text: rest.trimStart() };
  const children = [first, ...deeper(lines, at, line.indent)];
  return { place: { line: line.number, column: inner + 1 }, children };
}

/** The lines below `at` that belong to it; a sequence may stand at its key's own indentation. */
function deeper(lines: readonly Line[], at: number, indent: number): Line[] {
  const children: Line[] = [];
  for (const line of lines.slice(at + 1)) {
    const dash = line.indent === indent && line.text.startsWith("-") &&
      !lines[at].text.startsWith("-");
    if (line.indent <= indent && !dash) break;
    children.push(line);
  }
  return children;
}
