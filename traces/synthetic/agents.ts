/**
 * Agents: long sessions of tool calls with sub-agents, after the published Claude Code sessions.
 *
 * @module
 */

import { type ArrivalParameters, arrivalParameters, Arrivals } from "./arrivals.ts";
import { systemPrompts } from "./chat.ts";
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
import { type ServiceParameters, serviceParameters, Session, type Turn } from "./session.ts";

interface AgentParameters extends ArrivalParameters, ServiceParameters {
  readonly sessions: number;
  readonly turns: Distribution;
  readonly resumedShare: number;
  readonly resumedTurns: Distribution;
  readonly promptScope: "shared" | "session";
  readonly systemPrompts: number;
  readonly systemZipf: number;
  readonly systemTokens: Distribution;
  readonly startTokens: Distribution;
  readonly resumedTokens: Distribution;
  readonly resultTokens: Distribution;
  readonly outputTokens: Distribution;
  readonly humanShare: number;
  readonly toolTime: Distribution;
  readonly humanTime: Distribution;
  readonly rewriteShare: number;
  readonly contextTokens: Distribution;
  readonly compactedTokens: Distribution;
  readonly subAgentShare: number;
  readonly subAgents: Distribution;
  readonly subAgentTurns: Distribution;
  readonly subAgentPrefix: "role" | "parent";
  readonly subAgentSystemTokens: number;
  readonly subAgentTaskTokens: Distribution;
  readonly kinds: boolean;
  readonly blockTokens: number;
}

/** A session that begins near its limit gets room to go on: so many times its beginning. */
const ROOM = 1.25;

const WEKA = "WEKA Claude Code";

/** Tool-calling agents. */
export const agents: Kind<AgentParameters> = {
  name: "agents",
  summary: "tool-calling agents with sub-agents, close to the WEKA Claude Code sessions",
  defaultSeed: 1,
  parameters: {
    sessions: count(100, "agents started by people"),
    ...arrivalParameters("0.01 sessions/s", "ours"),
    turns: counts(
      "percentiles(0=3; 5=7; 10=12; 25=25; 50=63; 75=107; 90=173; 95=231; 99=346; 100=514)",
      `requests of a session; ${WEKA}, of the 505 that begin below 100,000 tokens`,
    ),
    resumedShare: number(
      0.27,
      `share of sessions that resume a long one; ${WEKA}: 187 of 692`,
      0,
      1,
    ),
    resumedTurns: counts(
      "percentiles(0=3; 5=4; 25=6; 50=19; 75=37; 90=57; 95=74; 99=140; 100=152)",
      `requests of a resumed session; ${WEKA}`,
    ),
    promptScope: choice(
      ["shared", "session"],
      "shared",
      "whether equal system prompts are equal blocks; WEKA's ids cannot say (they are per session)",
    ),
    systemPrompts: count(5, "distinct sets of system prompt and tools; kvcache-sim has 5"),
    systemZipf: number(1, "Zipf exponent of their popularity; ours", 0, 10),
    systemTokens: counts("14378", `system prompt and tools: 2,783 + 11,595 on average; ${WEKA}`),
    startTokens: counts(
      "percentiles(0=200; 10=500; 25=3316; 50=5743; 75=18886; 90=54162; 95=72391; 100=84897)",
      `first prompt beyond the system prompt; ${WEKA}`,
    ),
    resumedTokens: counts(
      "percentiles(0=86342; 10=95177; 25=113767; 50=194480; 75=308437; 90=476427; 95=593749; " +
        "100=837480)",
      `the same of a resumed session; ${WEKA}`,
    ),
    resultTokens: counts(
      "percentiles(0=1; 25=46; 50=281; 75=997; 90=2959; 95=5776; 99=16322; 100=82613)",
      `tool result or message that a turn adds; ${WEKA}`,
    ),
    outputTokens: counts(
      "percentiles(0=1; 5=88; 10=104; 25=138; 50=217; 75=429; 90=894; 95=1528; 99=3680; 100=18195)",
      `generated in a turn; ${WEKA}`,
    ),
    humanShare: number(0.143, `share of turns that wait for a person, not a tool; ${WEKA}`, 0, 1),
    toolTime: durations(
      "percentiles(0=0 s; 5=3 s; 10=4 s; 25=5 s; 50=9 s; 75=19 s; 90=74 s; 95=155 s; 99=619 s; " +
        "100=3192 s)",
      `pause for a tool; ${WEKA} (TraceLab has a median of 1 s)`,
    ),
    humanTime: durations(
      "percentiles(0=1 s; 5=10 s; 25=40 s; 50=120 s; 75=480 s; 90=1800 s; 95=4000 s; 100=20 h)",
      `pause for a person; ${WEKA} (TraceLab has a median of 121.5 s)`,
    ),
    rewriteShare: number(
      0.0116,
      `share of turns that replace the history by another of its length; ${WEKA}`,
      0,
      1,
    ),
    contextTokens: counts(
      "percentiles(0=138000; 25=145000; 50=152000; 75=160000; 90=170000; 95=320000; 100=900000)",
      `prompt at which a session compacts (if it begins near it: ${ROOM} times that); ${WEKA}`,
    ),
    compactedTokens: counts(
      "percentiles(0=500; 10=1400; 25=12400; 50=22000; 75=49000; 90=75000; 100=120000)",
      `what compaction leaves beyond the system prompt; ${WEKA}`,
    ),
    subAgentShare: number(0.0007, `share of turns that start sub-agents; ${WEKA}`, 0, 1),
    subAgents: counts("uniform(min=1; max=4)", "sub-agents started at once; ours"),
    subAgentTurns: counts(
      "percentiles(0=2; 5=4; 25=7; 50=11; 75=13; 90=17; 95=22; 100=24)",
      `requests of a sub-agent; ${WEKA}`,
    ),
    subAgentPrefix: choice(
      ["role", "parent"],
      "role",
      "a sub-agent begins with a prompt that all sub-agents share (WEKA: 97 % of its first prompt " +
        "is, and nothing of the parent's), or with all of its parent's prompt (a fork)",
    ),
    subAgentSystemTokens: count(9_800, `prompt that sub-agents share; ${WEKA}`),
    subAgentTaskTokens: counts("lognormal(median=500; p90=2500)", `task of a sub-agent; ${WEKA}`),
    ...serviceParameters(
      ["2.9 s", "25,500 tokens/s", "65.5 tokens/s"],
      `least squares over api_time; ${WEKA}`,
    ),
    kinds: kinds(),
    blockTokens: count(64, `tokens of a block; ${WEKA}`),
  },
  make(parameters, making) {
    new AgentMaker(parameters, making).makeAll();
  },
};

/** What the first turn adds. */
type Beginning = Pick<Turn, "newTokens" | "kind">;

class AgentMaker {
  readonly #regions = new Regions();
  #session = 0;

  constructor(readonly parameters: AgentParameters, readonly making: Making) {}

  makeAll(): void {
    const { parameters, making } = this;
    const arrivals = new Arrivals(parameters, making.random("arrivals"));
    const prompts = systemPrompts(parameters, making, this.#regions);
    const turns = making.random("turns");
    for (let index = 0; index < parameters.sessions; index++) {
      const { prompt, tenant } = prompts();
      const isShared = parameters.promptScope === "shared";
      const own = isShared ? prompt : new Prompt(parameters.kinds)
        .append(this.#regions.fresh(), prompt.tokens, "system");
      const identity = { name: `agent-${this.#session++}`, tenant };
      const fresh = () => this.#regions.fresh();
      const session = new Session(making, parameters, identity, arrivals.next(), own, fresh);
      const isResumed = turns.unit() < parameters.resumedShare;
      const { resumedTokens, startTokens, resumedTurns } = parameters;
      const start = (isResumed ? resumedTokens : startTokens).draw(making.random("starts"));
      const kind = isResumed ? "history" : "question";
      const beginning = { newTokens: Math.max(1, start), kind } as const;
      this.#play(session, beginning, (isResumed ? resumedTurns : parameters.turns).draw(turns));
    }
  }

  #play(session: Session, start: Beginning, turns: number): void {
    const { parameters, making } = this;
    const systemTokens = session.prompt.tokens;
    const limit = Math.max(
      parameters.contextTokens.draw(making.random("limits")),
      Math.floor((systemTokens + start.newTokens) * ROOM),
    );
    // Sub-agents are made after their parent, so that the parent's blocks stay together.
    const later: (() => void)[] = [];
    const delegation = making.random("delegation");
    for (let turn = 0; turn < turns; turn++) {
      const row = turn === 0
        ? this.#first(session, start)
        : this.#turn(session, systemTokens, limit);
      if (turn === turns - 1 || delegation.unit() >= parameters.subAgentShare) continue;
      const prompt = session.prompt.fork();
      let finishedNs = session.nowNs;
      for (let n = parameters.subAgents.draw(delegation); n > 0; n--) {
        const plan = this.#planSubAgent(session, row, prompt);
        finishedNs = Math.max(finishedNs, plan.finishedNs);
        later.push(plan.commit);
      }
      // The parent goes on when all of them have answered.
      session.nowNs = finishedNs;
    }
    for (const commit of later) commit();
  }

  #first(session: Session, start: Beginning): number {
    const outputTokens = this.parameters.outputTokens.draw(this.making.random("answers"));
    return session.play({ ...start, outputTokens });
  }

  #turn(session: Session, systemTokens: number, limit: number): number {
    const { parameters, making } = this;
    const outputTokens = parameters.outputTokens.draw(making.random("answers"));
    const drawn = parameters.resultTokens.draw(making.random("lengths"));
    const room = limit - systemTokens;
    const newTokens = Math.max(1, Math.min(drawn, Math.floor(room / 2)));
    const { tokens } = session.prompt;
    const isRewritten = making.random("rewrites").unit() < parameters.rewriteShare;
    if (tokens + newTokens + outputTokens > limit) {
      const left = parameters.compactedTokens.draw(making.random("compaction"));
      session.rewrite(systemTokens, Math.min(left, Math.max(0, room - newTokens)), "summary");
    } else if (isRewritten) session.rewrite(systemTokens, tokens - systemTokens, "history");
    return session.play({ newTokens, outputTokens, ...this.#pause() });
  }

  /** Before the next turn: for a person, who asks, or for a tool, which gives its result. */
  #pause(): Pick<Turn, "pauseNs" | "kind"> {
    const { humanShare, humanTime, toolTime } = this.parameters;
    const pauses = this.making.random("pauses");
    const isHuman = pauses.unit() < humanShare;
    const pauseNs = (isHuman ? humanTime : toolTime).draw(pauses);
    return { pauseNs, kind: isHuman ? "question" : "tool result" };
  }

  /** Plays a sub-agent in mind, to know when it ends; its requests are added by `commit`. */
  #planSubAgent(
    parent: Session,
    parentRow: number,
    parentPrompt: Prompt,
  ): { finishedNs: number; commit: () => void } {
    const { parameters, making } = this;
    const { subAgentPrefix, subAgentSystemTokens } = parameters;
    const role = this.#regions.child(-1, "sub-agent");
    const prompt = subAgentPrefix === "parent"
      ? parentPrompt.fork()
      : new Prompt(parameters.kinds).append(role, subAgentSystemTokens, "system");
    const requests: Parameters<Making["add"]>[0][] = [];
    const deferred: Making = {
      blockTokens: making.blockTokens,
      random: (name) => making.random(name),
      add: (request) => requests.push(request),
    };
    const fresh = () => this.#regions.fresh();
    const name = `agent-${this.#session++}`;
    const identity = { name, tenant: parent.identity.tenant, parent: parentRow };
    const session = new Session(deferred, parameters, identity, parent.nowNs, prompt, fresh);
    const lengths = making.random("sub-agent-lengths");
    const pauses = making.random("sub-agent-pauses");
    const limit = Math.max(parameters.contextTokens.draw(lengths), prompt.tokens * ROOM);
    for (let turn = parameters.subAgentTurns.draw(lengths); turn > 0; turn--) {
      const isFirst = session.turns === 0;
      const { subAgentTaskTokens, resultTokens, outputTokens, toolTime } = parameters;
      const newTokens = Math.max(1, (isFirst ? subAgentTaskTokens : resultTokens).draw(lengths));
      const answer = outputTokens.draw(lengths);
      if (session.prompt.tokens + newTokens + answer > limit) break;
      const pauseNs = isFirst ? undefined : toolTime.draw(pauses);
      const kind = isFirst ? "question" : "tool result";
      session.play({ newTokens, kind, outputTokens: answer, pauseNs });
    }
    const commit = () => requests.forEach((request) => making.add(request));
    return { finishedNs: session.nowNs, commit };
  }
}
