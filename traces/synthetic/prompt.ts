/**
 * Prompts as sequences of segments, and the blocks that they share.
 *
 * A full block is known by everything up to its last token, so it belongs to the segment that holds
 * that token, and two prompts share blocks as far as their segments are the same. Only full blocks
 * have names: a serving engine does not keep the last, part-filled one.
 *
 * @module
 */

/** Ids of blocks that one segment may have. */
const REGION_IDS = 2 ** 26;

/** Hands out ranges of block ids: one for each text that can follow a given text. */
export class Regions {
  #next = 0;
  readonly #children = new Map<string, number>();

  /** A region for text that nothing else shares. */
  fresh(): number {
    return this.#next++;
  }

  /** The region of the text `key` after the text of region `parent` (-1 at the beginning). */
  child(parent: number, key: string): number {
    const name = `${parent}/${key}`;
    let region = this.#children.get(name);
    if (region === undefined) this.#children.set(name, region = this.fresh());
    return region;
  }
}

/** What a segment holds. */
export type PromptKind =
  | "system"
  /** Tool definitions. */
  | "tools"
  | "document"
  | "question"
  | "tool result"
  | "answer"
  /** Older turns in other words, or text from before the trace. */
  | "history"
  | "summary"
  | "padding";

interface Segment {
  readonly region: number;
  readonly kind: PromptKind;
  readonly endToken: number;
  /** Block of the prompt that has the region's first id. */
  readonly origin: number;
}

/** A prompt that grows. */
export class Prompt {
  #segments: Segment[] = [];

  /** @param hasKinds Whether it remembers what its segments hold. */
  constructor(readonly hasKinds: boolean) {}

  get tokens(): number {
    return this.#segments.at(-1)?.endToken ?? 0;
  }

  /** Region of the last segment; -1 for an empty prompt. */
  get region(): number {
    return this.#segments.at(-1)?.region ?? -1;
  }

  /**
   * Adds tokens; with the region of the last segment they make it longer.
   *
   * @param origin Block of the prompt that has the region's first id: 0 where a block is known by
   * all before it, the first block of the segment where its text is the same anywhere.
   */
  append(region: number, tokens: number, kind: PromptKind, origin = 0): this {
    if (tokens === 0) return this;
    const endToken = this.tokens + tokens;
    const last = this.#segments.at(-1);
    const grows = last?.region === region && (!this.hasKinds || last.kind === kind);
    if (grows) this.#segments.pop();
    this.#segments.push({ region, kind, endToken, origin });
    return this;
  }

  /** A prompt that begins as this one, cut to a length. */
  fork(tokens = this.tokens): Prompt {
    const copy = new Prompt(this.hasKinds);
    let start = 0;
    for (const { region, kind, endToken, origin } of this.#segments) {
      if (start >= tokens) break;
      copy.append(region, Math.min(endToken, tokens) - start, kind, origin);
      start = endToken;
    }
    return copy;
  }

  /** Ids of the full blocks, root first, as runs. */
  runs(blockTokens: number): [first: number, count: number][] {
    const runs: [number, number][] = [];
    let from = 0;
    for (const { region, endToken, origin } of this.#segments) {
      const to = Math.floor(endToken / blockTokens);
      if (to > from) runs.push([region * REGION_IDS + from - origin, to - from]);
      from = to;
    }
    return runs;
  }

  /** What the full blocks hold, root first; `undefined` if the prompt does not remember. */
  kinds(blockTokens: number): [kind: PromptKind, blocks: number][] | undefined {
    if (!this.hasKinds) return undefined;
    let from = 0;
    return this.#segments.map(({ kind, endToken }) => {
      const blocks = Math.floor(endToken / blockTokens) - from;
      from += blocks;
      return [kind, blocks];
    });
  }
}
