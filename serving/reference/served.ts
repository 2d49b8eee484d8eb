/**
 * What goes into an engine and comes out of it.
 *
 * @module
 */
import { EngineError } from "../../errors/errors.ts";
import type { StepModel } from "../../engine/step_model.ts";

/** A request to serve. */
export interface EngineRequest {
  /** Nanoseconds; requests come in this order. */
  readonly arrivalNs: number;
  /** 1 or more. */
  readonly promptTokens: number;
  /** 1 or more. */
  readonly outputTokens: number;
  /** Keys of the prompt's full blocks, root first: equal keys hold equal content. Safe integers. */
  readonly blockKeys: readonly number[];
}

/** How the replica is set up. */
export interface EngineSettings {
  readonly step: StepModel;
  /** Blocks of KV. */
  readonly blocks: number;
  /** Tokens of a block; 16 when absent. */
  readonly blockTokens?: number;
  /** Tokens of a step at most; 2,048 when absent. */
  readonly tokenBudget?: number;
  /** Requests that run at once at most; 256 when absent. */
  readonly sequencesMax?: number;
  /** Whether computed blocks are found again; true when absent. */
  readonly prefixCache?: boolean;
  /**
   * A block that was computed although another one with its content is there is given up for that
   * one, as SGLang does; false, as in vLLM, when absent.
   */
  readonly shareCopies?: boolean;
  /** Rule that says which free block is evicted first, by name; `lru`, vLLM's, when absent. */
  readonly eviction?: string;
  /** Parameters of that rule; their usual values where absent. */
  readonly evictionParameters?: Readonly<Record<string, number>>;
  /** Admit a request only when its whole prompt fits, not just its first chunk; true when absent. */
  readonly reservePrompt?: boolean;
}

/** When what happened to a request, in nanoseconds. */
export interface ServedRequest {
  readonly arrivalNs: number;
  /** When its first step began. */
  readonly scheduledNs: number;
  readonly firstTokenNs: number;
  readonly lastTokenNs: number;
  /** Prompt tokens that the prefix cache held when the request was first admitted. */
  readonly cachedTokens: number;
  readonly preemptions: number;
}

/** What the replica did. */
export interface ServedRun {
  readonly requests: readonly ServedRequest[];
  readonly steps: number;
  /** Nanoseconds in which a step ran. */
  readonly busyNs: number;
  readonly peakBlocks: number;
  /** Prompt tokens that the cache held behind a block that it did not, at first admission. */
  readonly strandedTokens: number;
  /** Blocks that were computed although another one with their content was there. */
  readonly copies: number;
}

/**
 * Refuses a request that could never run.
 *
 * @throws {EngineError} If it needs more blocks than there are.
 */
export function checkFits(
  { promptTokens, outputTokens }: EngineRequest,
  index: number,
  blocks: number,
  blockTokens: number,
): void {
  const needed = Math.ceil((promptTokens + outputTokens - 1) / blockTokens);
  if (needed <= blocks) return;
  throw new EngineError({
    code: "engine/request-too-long",
    message: "Cannot serve: a request needs more KV than there is",
    place: { row: index + 1 },
    found: `${needed} blocks of ${blockTokens} tokens`,
    expected: `${blocks} at most`,
    mend: ["give the replica more memory, or more devices with tensorParallel"],
  });
}
