/**
 * Key paths as people type them: `tiers[1].capacity`, `tiers[hbm].policy`, `tiers[*].policy`.
 *
 * @module
 */

/** One step of a typed path: a key, an index, every entry of a list, or the entry of a name. */
export type Step = string | number | { readonly entry: string };

/** Every entry of a list. */
export const EVERY = "*";

const HEAD = /^[A-Za-z][\w-]*/;
const NEXT = /^(?:\.([A-Za-z][\w-]*)|\[(\d{1,6})\]|\[(\*|[^\][]{1,100})\])/;

/** Splits a typed path, or gives `undefined` if it is none. */
export function parseKeyPath(text: string): Step[] | undefined {
  const head = HEAD.exec(text)?.[0];
  if (head === undefined) return undefined;
  const steps: Step[] = [head];
  for (let rest = text.slice(head.length); rest !== "";) {
    const match = NEXT.exec(rest);
    if (match === null) return undefined;
    const [whole, key, index, entry] = match;
    steps.push(key ?? (index === undefined ? { entry } : Number(index)));
    rest = rest.slice(whole.length);
  }
  return steps;
}
