/**
 * Conversations: sessions that interleave, think, and carry their answers along.
 *
 * @module
 */

import { type ArrivalParameters, arrivalParameters, Arrivals } from "./arrivals.ts";
import type { Distribution } from "./distribution.ts";
import {
  choice,
  count,
  counts,
  durations,
  type Kind,
  kinds,
  type Making,
  number,
} from "./parameters.ts";
import { Prompt, Regions } from "./prompt.ts";
import { Zipf } from "./random.ts";
import { type ServiceParameters, serviceParameters, Session } from "./session.ts";

interface ChatParameters extends ArrivalParameters, ServiceParameters {
  readonly sessions: number;
  readonly turns: Distribution;
  readonly systemPrompts: number;
  readonly systemZipf: number;
  readonly systemTokens: Distribution;
  readonly firstTokens: Distribution;
  readonly userTokens: Distribution;
  readonly outputTokens: Distribution;
  readonly thinkTime: Distribution;
  readonly contextTokens: number;
  readonly onLimit: "end" | "drop-oldest" | "summarise";
  readonly kinds: boolean;
  readonly blockTokens: number;
}

/** What a summary leaves of a conversation, and what dropping leaves: shares of the limit. */
const SUMMARY_SHARE = 0.1;
const DROPPED_SHARE = 0.5;

/** Multi-turn conversations. */
export const chat: Kind<ChatParameters> = {
  name: "chat",
  summary:
    "conversations that interleave, with think time, growing contexts, shared system prompts",
  defaultSeed: 1,
  parameters: {
    sessions: count(1000, "conversations"),
    ...arrivalParameters("0.1 sessions/s", "ours"),
    turns: counts(
      "geometric(mean=4.18)",
      "requests of a conversation; BurstGPT_3 has a mean of 4.18",
    ),
    systemPrompts: count(8, "distinct system prompts; kvcache-sim has 8"),
    systemZipf: number(1, "Zipf exponent of their popularity; ours", 0, 10),
    systemTokens: counts("128", "length of each system prompt; kvcache-sim has 128"),
    firstTokens: counts(
      "lognormal(median=1020; mean=1155)",
      "first message; prompts of Azure 2023 conversation",
    ),
    userTokens: counts("lognormal(median=64; p90=512; min=1)", "later messages; ours"),
    outputTokens: counts(
      "lognormal(median=129; mean=211; min=1)",
      "answers; Azure 2023 conversation",
    ),
    thinkTime: durations(
      "lognormal(median=124 s; p90=2331 s; max=24 h)",
      "from an answer to the next message; BurstGPT_3",
    ),
    contextTokens: count(32_768, "longest prompt and answer; ours"),
    onLimit: choice(
      ["end", "drop-oldest", "summarise"],
      "end",
      "at the limit: end, keep the newest half, or keep a summary of a tenth",
    ),
    ...serviceParameters(
      ["50 ms", "8,000 tokens/s", "38 tokens/s"],
      "Mooncake FAST'25, figure 14, LLaMA3-70B on 8 A800 (the fixed time is ours)",
    ),
    kinds: kinds(),
    blockTokens: count(16, "tokens of a block; vLLM's default"),
  },
  make,
};

function make(parameters: ChatParameters, making: Making): void {
  const regions = new Regions();
  const arrivals = new Arrivals(parameters, making.random("arrivals"));
  const prompts = systemPrompts(parameters, making, regions);
  const turnCounts = making.random("turns");
  for (let index = 0; index < parameters.sessions; index++) {
    const { prompt, tenant } = prompts();
    const session = new Session(
      making,
      parameters,
      { name: `chat-${index}`, tenant },
      arrivals.next(),
      prompt,
      () => regions.fresh(),
    );
    play(session, parameters.turns.draw(turnCounts), parameters, making);
  }
}

interface SystemParameters {
  readonly systemPrompts: number;
  readonly systemZipf: number;
  readonly systemTokens: Distribution;
  readonly kinds: boolean;
}

/** Draws system prompts by popularity; each has one length for good. */
export function systemPrompts(
  { systemPrompts, systemZipf, systemTokens, kinds }: SystemParameters,
  making: Making,
  regions: Regions,
): () => { prompt: Prompt; tenant: number } {
  const lengths = making.random("system-lengths");
  const tokens = Array.from({ length: systemPrompts }, () => systemTokens.draw(lengths));
  const popularity = new Zipf(systemPrompts, systemZipf);
  const choices = making.random("system-prompts");
  return () => {
    const tenant = popularity.draw(choices);
    const region = regions.child(-1, `system-${tenant}`);
    const prompt = new Prompt(kinds).append(region, tokens[tenant], "system");
    return { prompt, tenant };
  };
}

function play(session: Session, turns: number, parameters: ChatParameters, making: Making): void {
  const { firstTokens, userTokens, outputTokens, thinkTime, contextTokens, onLimit } = parameters;
  const systemTokens = session.prompt.tokens;
  const most = contextTokens - systemTokens - 1;
  if (most < 1) {
    throw new RangeError(`contextTokens leaves no room beside a system prompt of ${systemTokens}`);
  }
  const lengths = making.random("lengths");
  const answers = making.random("answers");
  const thinking = making.random("think");
  for (let turn = 0; turn < turns; turn++) {
    const isFirst = turn === 0;
    let newTokens = Math.max(1, (isFirst ? firstTokens : userTokens).draw(lengths));
    const answer = Math.min(outputTokens.draw(answers), most);
    const pauseNs = isFirst ? undefined : thinkTime.draw(thinking);
    if (session.prompt.tokens + newTokens + answer > contextTokens) {
      if (onLimit === "end" && !isFirst) return;
      const room = contextTokens - systemTokens - answer;
      newTokens = Math.min(newTokens, isFirst ? room : Math.ceil(room / 2));
      if (!isFirst) {
        const share = onLimit === "summarise" ? SUMMARY_SHARE : DROPPED_SHARE;
        const kept = Math.min(Math.floor(contextTokens * share), room - newTokens);
        session.rewrite(systemTokens, kept, onLimit === "summarise" ? "summary" : "history");
      }
    }
    session.play({ newTokens, kind: "question", outputTokens: answer, pauseNs });
  }
}
