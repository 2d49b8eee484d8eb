/**
 * Places inside flow style: `{ name: hbm, scheme: { name: int4 } }`, over any number of lines.
 *
 * The text has parsed, so brackets match and quotes end; a walk that loses its way gives up.
 *
 * @module
 */
/** A line and a column, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Where a value stands, and the key (or the dash) before it. */
export interface KeyPlace {
  readonly value: TextPlace;
  readonly key: TextPlace;
}

/**
 * Finds `path` below the bracket at `start`.
 *
 * @returns The nearest ancestor when a step is not there, `undefined` when `start` is no bracket.
 */
export function flowPlace(
  yaml: string,
  start: TextPlace,
  path: readonly PropertyKey[],
): KeyPlace | undefined {
  const lineStarts = startsOfLines(yaml);
  const first = lineStarts[start.line - 1] + start.column - 1;
  if (!/[[{]/.test(yaml[first] ?? "")) return undefined;
  const textPlace = (at: number): TextPlace => {
    let line = start.line;
    while (line < lineStarts.length && lineStarts[line] <= at) line++;
    return { line, column: at - lineStarts[line - 1] + 1 };
  };
  let at = first;
  let place: KeyPlace = { value: start, key: start };
  for (const step of path) {
    const found = entry(yaml, at, step);
    if (found === undefined) return place;
    place = { key: textPlace(found.key), value: textPlace(found.value) };
    at = found.value;
  }
  return place;
}

function startsOfLines(yaml: string): number[] {
  const starts = [0];
  for (let at = yaml.indexOf("\n"); at >= 0; at = yaml.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

interface Entry {
  readonly key: number;
  readonly value: number;
}

/** The entry of a map by its key, or of a list by its index. */
function entry(yaml: string, open: number, step: PropertyKey): Entry | undefined {
  const isMap = yaml[open] === "{";
  if (!isMap && yaml[open] !== "[") return undefined;
  let at = skipBlank(yaml, open + 1);
  for (let index = 0; at < yaml.length && !/[\]}]/.test(yaml[at]); index++) {
    const key = at;
    let name: PropertyKey = index;
    if (isMap) {
      at = skipNode(yaml, at, true);
      name = yaml.slice(key, at).trim().replace(/^(["'])(.*)\1$/, "$2");
      at = skipBlank(yaml, at);
      if (yaml[at] === ":") at = skipBlank(yaml, at + 1);
    }
    if (name === step) return { key, value: at };
    at = skipBlank(yaml, skipNode(yaml, at, false));
    if (yaml[at] === ",") at = skipBlank(yaml, at + 1);
    else if (!/[\]}]/.test(yaml[at] ?? "")) return undefined;
  }
  return undefined;
}

function skipBlank(yaml: string, from: number): number {
  let at = from;
  while (at < yaml.length) {
    if (yaml[at] === "#" && /\s/.test(yaml[at - 1] ?? " ")) {
      while (at < yaml.length && yaml[at] !== "\n") at++;
    } else if (/\s/.test(yaml[at])) at++;
    else break;
  }
  return at;
}

/** The end of a scalar or of a bracketed value; a key ends at its colon. */
function skipNode(yaml: string, from: number, isKey: boolean): number {
  let depth = 0;
  for (let at = from; at < yaml.length;) {
    const char = yaml[at];
    const starts = at === from || /[\s,:[{]/.test(yaml[at - 1]);
    if ((char === '"' || char === "'") && starts) at = skipQuoted(yaml, at);
    else if (char === "[" || char === "{") {
      depth++;
      at++;
    } else if (char === "]" || char === "}") {
      if (depth === 0) return at;
      depth--;
      at++;
      if (depth === 0) return at;
    } else if (depth === 0 && char === ",") return at;
    else if (depth === 0 && isKey && char === ":" && /^([\s,\]}[{]|$)/.test(yaml[at + 1] ?? "")) {
      return at;
    } else if (char === "#" && /\s/.test(yaml[at - 1] ?? " ")) at = skipBlank(yaml, at);
    else at++;
  }
  return yaml.length;
}

function skipQuoted(yaml: string, from: number): number {
  const quote = yaml[from];
  for (let at = from + 1; at < yaml.length; at++) {
    if (quote === '"' && yaml[at] === "\\") at++;
    else if (yaml[at] === quote) {
      if (quote === "'" && yaml[at + 1] === "'") at++;
      else return at + 1;
    }
  }
  return yaml.length;
}
