/**
 * A session that waits for its own answers: the next turn comes after the last one was served.
 *
 * @module
 */

import { type Declarations, duration, type Making, rate } from "./parameters.ts";
import type { Prompt, PromptKind } from "./prompt.ts";

/** Time that the service takes for a request: a line in new and in generated tokens. */
export interface ServiceParameters {
  readonly overheadNs: number;
  readonly prefillPerSecond: number;
  readonly decodePerSecond: number;
}

/** The parameters, with defaults of the caller's. */
export function serviceParameters(
  [overhead, prefill, decode]: readonly [string, string, string],
  source: string,
): Declarations<ServiceParameters> {
  return {
    overheadNs: duration(overhead, `service: fixed time of a request; ${source}`),
    prefillPerSecond: rate(prefill, `service: prompt tokens that are new, handled; ${source}`),
    decodePerSecond: rate(decode, `service: tokens generated; ${source}`),
  };
}

/** What a turn is made of. */
export interface Turn {
  /** Text that the turn adds, in tokens. */
  readonly newTokens: number;
  /** What that text is. */
  readonly kind: PromptKind;
  readonly outputTokens: number;
  /** Pause since the last answer, in nanoseconds; the first turn has none. */
  readonly pauseNs?: number;
}

/** Who a session is. */
export interface SessionIdentity {
  readonly name: string;
  readonly tenant?: number;
  /** Row of the request that started it. */
  readonly parent?: number;
}

/** One session: its prompt, its clock, its turns. */
export class Session {
  /** When the last answer was complete. */
  nowNs: number;
  turns = 0;
  #region: number;
  #unprocessedTokens: number;

  /**
   * @param prompt What it begins with; it grows.
   * @param freshRegion Gives a region for text of its own.
   */
  constructor(
    readonly making: Making,
    readonly service: ServiceParameters,
    readonly identity: SessionIdentity,
    startNs: number,
    public prompt: Prompt,
    readonly freshRegion: () => number,
  ) {
    this.nowNs = startNs;
    this.#region = freshRegion();
    this.#unprocessedTokens = prompt.tokens;
  }

  /** Plays a turn and gives the row of its request. The answer becomes part of the prompt. */
  play({ newTokens, kind, outputTokens, pauseNs }: Turn): number {
    const { overheadNs, prefillPerSecond, decodePerSecond } = this.service;
    this.prompt.append(this.#region, newTokens, kind);
    const unprocessed = this.#unprocessedTokens + newTokens;
    const serviceNs = overheadNs + Math.round(unprocessed / prefillPerSecond * 1e9) +
      Math.round(outputTokens / decodePerSecond * 1e9);
    this.nowNs += pauseNs ?? 0;
    const row = this.making.add({
      arrivalNs: this.nowNs,
      session: this.identity.name,
      tenant: this.identity.tenant,
      parent: this.identity.parent,
      turn: ++this.turns,
      inputTokens: this.prompt.tokens,
      outputTokens,
      thinkNs: pauseNs,
      apiNs: serviceNs,
      runs: this.prompt.runs(this.making.blockTokens),
      kinds: this.prompt.kinds(this.making.blockTokens),
    });
    this.nowNs += serviceNs;
    this.prompt.append(this.#region, outputTokens, "answer");
    this.#unprocessedTokens = 0;
    return row;
  }

  /** Replaces all after the first `keepTokens` by other text, as compaction or an edit does. */
  rewrite(keepTokens: number, tokens: number, kind: PromptKind): void {
    this.#region = this.freshRegion();
    this.prompt = this.prompt.fork(keepTokens).append(this.#region, tokens, kind);
    this.#unprocessedTokens = tokens;
  }
}
