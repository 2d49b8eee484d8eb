/**
 * What the blocks of WEKA sessions hold, as far as they tell.
 *
 * @module
 */

import type { KindShares } from "./kinds.ts";
import type { Fields, WekaFields } from "./weka_fields.ts";

/** What every prompt of a session begins with, in tokens. */
export interface Lead {
  readonly toolTokens: number;
  readonly systemTokens: number;
}

/** For people: what was taken for what. */
export const KINDS_NOTE =
  "kinds: each prompt is taken to begin with its session's tool_tokens of " +
  "tool definitions, then its system_tokens";

/** What a session, or a sub-agent, says of its prompts; nothing unless kinds are asked for. */
export function leadOf(reader: WekaFields, fields: Fields, place: string): Lead | undefined {
  if (reader.context.options.kinds !== true) return undefined;
  const tokens = (key: string) => {
    if (fields[key] === undefined || fields[key] === null) return 0;
    const count = reader.count(fields, key, place === "" ? key : place);
    return Number.isNaN(count) ? 0 : count;
  };
  return { toolTokens: tokens("tool_tokens"), systemTokens: tokens("system_tokens") };
}

/**
 * Kinds of a prompt's blocks: tool definitions, then the system prompt, as the Messages API of the
 * model lays them out, then the conversation. A block is of the kind of its last token.
 */
export function leadShares(lead: Lead, blocks: number, blockTokens: number): KindShares {
  const { toolTokens, systemTokens } = lead;
  const tools = Math.min(blocks, Math.floor(toolTokens / blockTokens));
  const leading = Math.min(blocks, Math.floor((toolTokens + systemTokens) / blockTokens));
  return [["tools", tools], ["system", leading - tools], ["conversation", blocks - leading]];
}
