/**
 * Lines of LightGBM's text models: blocks of `key=value`, each with its place.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";

/** A value and the line it stands in, from 1. */
interface Value {
  readonly text: string;
  readonly line: number;
}

/** The head of the model, or one tree. */
export interface Block {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly values: ReadonlyMap<string, Value>;
  /** Lines without a value, such as `average_output`, and where. */
  readonly flags: ReadonlyMap<string, number>;
}

const VERSIONS = ["v2", "v3", "v4"];
/** A model has tens of thousands of nodes at most; more is not a model. */
const TREES_MAX = 100_000;

/** A number as C writes it. Infinity is a threshold that everything is below. */
const NUMBER = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity)$/i;

/** Cuts a model into its head and its trees. What follows `end of trees` is not the model's. */
export function readBlocks(text: string, file: string): Block[] {
  const lines = text.split(/\r?\n/);
  let block = newBlock(file, 1, "the head");
  const blocks = [block];
  if (lines[0].trim() !== "tree") {
    throw refuseLine(block, undefined, "not a LightGBM text model", quoted(lines[0]), '"tree"');
  }
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index].trim();
    if (line === "end of trees") {
      checkVersion(blocks[0]);
      return blocks;
    }
    if (line === "") continue;
    const cut = line.indexOf("=");
    const key = cut < 0 ? line : line.slice(0, cut);
    const value = line.slice(cut + 1);
    if (key === "Tree" && cut >= 0) {
      block = newBlock(file, index + 1, `tree ${blocks.length - 1}`);
      if (value !== String(blocks.length - 1) || blocks.length > TREES_MAX) {
        const expected = String(Math.min(blocks.length - 1, TREES_MAX));
        throw refuseLine(block, undefined, "a tree out of order", quoted(value), expected);
      }
      blocks.push(block);
    } else if (cut < 0) block.flags.set(key, index + 1);
    else if (block.values.has(key)) {
      const place = { ...block, line: index + 1 };
      throw refuseLine(place, undefined, `${key} stands there twice`);
    } else block.values.set(key, { text: value, line: index + 1 });
  }
  const end = { ...block, line: lines.length };
  throw refuseLine(end, undefined, "it ends early", "the end of the file", '"end of trees"');
}

function newBlock(file: string, line: number, name: string) {
  return { file, line, name, values: new Map<string, Value>(), flags: new Map<string, number>() };
}

function checkVersion(head: Block): void {
  const version = textOf(head, "version");
  if (VERSIONS.includes(version)) return;
  throw refuseLine(head, "version", "a version that is not known", version, VERSIONS.join(", "));
}

/** A refusal at a key's line, or at the block's own. */
export function refuseLine(
  block: Block,
  key: string | undefined,
  what: string,
  found?: string,
  expected?: string,
  mend: readonly string[] = [],
): ScenarioError {
  const line = (key === undefined ? undefined : block.values.get(key)?.line) ?? block.line;
  return new ScenarioError({
    code: "model/lightgbm-text",
    message: `Cannot read model: ${what}${block.name === "" ? "" : `, in ${block.name}`}`,
    place: { file: block.file, line, ...(key === undefined ? {} : { key }) },
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
    mend,
  });
}

/** The value of a key that must be there. */
export function textOf(block: Block, key: string): string {
  const value = block.values.get(key);
  if (value !== undefined) return value.text;
  const hint = didYouMean(key, [...block.values.keys()]);
  const mend = hint === undefined ? [] : [hint];
  throw refuseLine(block, undefined, `${key} is missing`, undefined, `a line "${key}=…"`, mend);
}

/** The numbers of a key, exactly so many, each within bounds. */
export function numbersOf(
  block: Block,
  key: string,
  count: number,
  min: number,
  max: number,
  isWhole = count === 1,
): number[] {
  const parts = textOf(block, key).split(" ").filter((part) => part !== "");
  if (parts.length !== count) {
    const found = `${parts.length} numbers`;
    throw refuseLine(block, key, `${key} has a wrong length`, found, `${count}`);
  }
  return parts.map((part) => {
    const value = NUMBER.test(part) ? numberOf(part) : NaN;
    if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
    const kind = isWhole ? "a whole number" : "a number";
    const expected = `${kind} from ${min} to ${max}`;
    throw refuseLine(block, key, `${key} holds a wrong number`, quoted(part), expected);
  });
}

/** As {@linkcode numbersOf}; zeros when the key is absent, for what scoring does not need. */
export function optionalNumbersOf(
  block: Block,
  key: string,
  count: number,
  min: number,
  max: number,
  isWhole = false,
): number[] {
  if (!block.values.has(key)) return new Array(count).fill(0);
  return numbersOf(block, key, count, min, max, isWhole);
}

function numberOf(part: string): number {
  const infinite = /^([+-]?)inf/i.exec(part);
  if (infinite === null) return Number(part);
  return infinite[1] === "-" ? -Infinity : Infinity;
}

/** The start of a text, in quotes. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
