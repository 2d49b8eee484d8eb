/**
 * Where a key stands in YAML text, so that an error can point at it.
 *
 * `@std/yaml` gives values without places. The text has parsed by the time this is asked, so a
 * walk by indentation (and by brackets, in flow style) is enough; what it cannot follow, such as a
 * value behind an alias, is pointed at by its nearest key.
 *
 * @module
 */
import { flowPlace, type KeyPlace, type TextPlace } from "./yaml_flow.ts";

export type { KeyPlace, TextPlace };

interface Line {
  readonly number: number;
  readonly indent: number;
  /** Text after the indentation, without a trailing comment. */
  readonly text: string;
}

/** Finds the value at `path` (object keys and array indices); the nearest ancestor otherwise. */
export function placeOf(yaml: string, path: readonly PropertyKey[]): TextPlace {
  return placesOf(yaml, path).value;
}

/** As {@linkcode placeOf}, with the place of the key. */
export function placesOf(yaml: string, path: readonly PropertyKey[]): KeyPlace {
  let lines = readLines(yaml);
  const start = { line: lines[0]?.number ?? 1, column: (lines[0]?.indent ?? 0) + 1 };
  let place: KeyPlace = { value: start, key: start };
  for (const [depth, step] of path.entries()) {
    const [first] = lines;
    if (first !== undefined && /^[[{]/.test(first.text)) {
      const open = { line: first.number, column: first.indent + 1 };
      const found = flowPlace(yaml, open, path.slice(depth));
      return found === undefined || found.value === open ? place : found;
    }
    const found = typeof step === "number" ? item(lines, step) : key(lines, String(step));
    if (found === undefined) return place;
    place = found.place;
    const rest = path.slice(depth + 1);
    if (found.flow && rest.length > 0) {
      return flowPlace(yaml, place.value, rest) ?? place;
    }
    lines = found.children;
  }
  return place;
}

function readLines(yaml: string): Line[] {
  return yaml.split("\n").flatMap((raw, index) => {
    const text = withoutComment(raw).trimEnd();
    const indent = text.length - text.trimStart().length;
    return text.trim() === "" || text.trim() === "---"
      ? []
      : [{ number: index + 1, indent, text: text.trimStart() }];
  });
}

/** A `#` opens a comment at the start or after a blank, but not inside quotes. */
function withoutComment(raw: string): string {
  let quote = "";
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at];
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if ((char === '"' || char === "'") && /(^|[\s:[{,-])$/.test(raw.slice(0, at))) {
      quote = char;
    } else if (char === "#" && (at === 0 || /\s/.test(raw[at - 1]))) return raw.slice(0, at);
  }
  return raw;
}

interface Found {
  readonly place: KeyPlace;
  readonly children: Line[];
  /** The value is written with brackets. */
  readonly flow: boolean;
}

/** Anchors and tags stand before the value that they belong to. */
const PROPERTIES = /^((&|!)\S*\s+)+/;

function key(lines: readonly Line[], name: string): Found | undefined {
  const indent = lines[0]?.indent;
  const at = lines.findIndex((line) => line.indent === indent && keyOf(line.text) === name);
  if (at < 0) return undefined;
  const line = lines[at];
  const colon = colonOf(line.text);
  const after = line.text.slice(colon + 1);
  const gap = after.length - after.trimStart().length;
  const properties = PROPERTIES.exec(after.trimStart())?.[0].length ?? 0;
  const value = after.slice(gap + properties);
  const keyPlace = { line: line.number, column: line.indent + 1 };
  const column = line.indent + colon + 2 + gap + properties;
  return {
    place: {
      key: keyPlace,
      value: value.trim() === "" ? keyPlace : { line: line.number, column },
    },
    children: deeper(lines, at, line.indent),
    flow: /^[[{]/.test(value),
  };
}

const KEY = /^(["']?)([^"']+?)\1\s*:(\s|$)/;

function keyOf(text: string): string | undefined {
  return KEY.exec(text)?.[2].trim();
}

function colonOf(text: string): number {
  const match = KEY.exec(text);
  return match === null ? text.indexOf(":") : match[0].lastIndexOf(":");
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
  const properties = PROPERTIES.exec(rest.trimStart())?.[0].length ?? 0;
  const inner = line.indent + 1 + rest.length - rest.trimStart().length + properties;
  const text = rest.trimStart().slice(properties);
  const place = { line: line.number, column: inner + 1 };
  const first: Line = { number: line.number, indent: inner, text };
  const below = deeper(lines, at, line.indent);
  const children = text === "" ? below : [first, ...below];
  return { place: { key: place, value: place }, children, flow: /^[[{]/.test(text) };
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
