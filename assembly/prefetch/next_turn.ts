/**
 * Next turn: when a request has ended, its blocks are planned to be brought up again before its
 * session is expected back. Expected is the geometric mean of the pauses of that session so far,
 * to which the mean over all sessions so far adds `prior` pauses; the plan is due after `wait` of
 * it. It is off when the session comes back sooner, and is not made for sessions that came back
 * fewer than `returns` times.
 *
 * A pause is the time from one arrival of a session to the next. Where the trace has no sessions, a
 * request goes on with the session whose last prompt it contains but for that prompt's last block,
 * which may have been partly filled.
 *
 * Source: ours; that the KV of a turn to come can be brought up ahead of it is from Gao et al.,
 * "Cost-efficient large language model serving for multi-turn conversations with CachedAttention",
 * USENIX ATC 2024, where the queue tells which turns those are.
 * Cost: O(1) per request, O(blocks) where sessions have to be told from prefixes; 36 bytes per
 * session and request, and 4 per block in the latter case.
 *
 * ```
 * turn: | request + 1 u32 | blocks u32 | column u32 | returns u32 | arrivalNs u64 | logs f64 |
 * logs: sum of the natural logarithms of the pauses in nanoseconds
 * ```
 */
import { take } from "../arena";
import { Rows } from "../columns/rows";
import { Env } from "../policies/policy";
import { NO_PLAN, NO_SESSION, Prefetcher } from "./prefetcher";

const TURN_BYTES: u32 = 32;
const BLOCKS: usize = 4;
const COLUMN: usize = 8;
const RETURNS: usize = 12;
const ARRIVAL: usize = 16;
const LOGS: usize = 24;
/** Shorter pauses count as this: clocks of traces are coarse, and a logarithm is not. */
const PAUSE_MIN_NS: u64 = 1_000_000;
/** Plans further ahead than this are none: 2⁶² ns are 146 years. */
const AHEAD_MAX: f64 = 4611686018427387904;

@final export class NextTurn extends Prefetcher {
  /** The last turn of each session. */
  private readonly turns: Rows = new Rows(TURN_BYTES);
  /** u32: session of each request. */
  private readonly sessions: Rows = new Rows(4);
  /** u32[blocks]: session plus one whose last prompt ended here; 0 address when nobody asks. */
  private ends: usize = 0;
  /** Sessions told from prefixes so far. */
  private told: u32 = 0;
  /** Pauses of all sessions: how many, and the sum of their logarithms. */
  private pauses: f64 = 0;
  private logs: f64 = 0;
  /** Of the plan shown last: address of its root, and the way from a block to the next. */
  private root: usize = 0;
  private stride: isize = 4;
  private readonly wait: f64;
  private readonly prior: f64;
  private readonly returns: u32;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    this.wait = this.parameter(0);
    this.prior = this.parameter(1);
    this.returns = <u32>this.parameter(2);
  }

  onLookup(_block: u32): void {}

  candidates(_block: u32, _out: usize, _max: u32): u32 {
    return 0;
  }

  onArrival(request: u32, session: u32, nowNs: u64): void {
    const env = this.env;
    const known = session == NO_SESSION ? this.tell() : session;
    store<u32>(this.sessions.at(request), known);
    const turn = this.turns.at(known);
    if (load<u32>(turn) != 0) this.countPause(turn, nowNs - load<u64>(turn, ARRIVAL));
    store<u32>(turn, request + 1);
    store<u32>(turn, env.requestBlocks, BLOCKS);
    store<u32>(turn, <u32>env.requestColumn, COLUMN);
    store<u64>(turn, nowNs, ARRIVAL);
    if (session == NO_SESSION) this.markEnd(known);
  }

  private countPause(turn: usize, pauseNs: u64): void {
    const log = Math.log(<f64>max(pauseNs, PAUSE_MIN_NS));
    store<u32>(turn, load<u32>(turn, RETURNS) + 1, RETURNS);
    store<f64>(turn, load<f64>(turn, LOGS) + log, LOGS);
    this.pauses += 1;
    this.logs += log;
  }

  /** The arriving request's block at a depth. */
  @inline private block(depth: u32): u32 {
    const env = this.env;
    const place = env.tailFirst ? env.requestBlocks - 1 - depth : depth;
    return load<u32>(env.requestColumn + (place << 2));
  }

  /** The session that the arriving request goes on with, or a new one. */
  private tell(): u32 {
    const env = this.env;
    if (this.ends == 0) this.ends = take(<usize>env.blocks << 2);
    for (let depth = env.requestBlocks; depth-- > 0;) {
      const end = load<u32>(this.ends + (this.block(depth) << 2));
      if (end != 0) return end - 1;
    }
    return this.told++;
  }

  /** A prompt that goes on contains all its blocks but perhaps the last. */
  private markEnd(session: u32): void {
    const blocks = this.env.requestBlocks;
    if (blocks == 0) return;
    store<u32>(this.ends + (this.block(blocks - 1) << 2), session + 1);
    // A first block may be a system prompt, in which all sessions begin.
    if (blocks > 2) store<u32>(this.ends + (this.block(blocks - 2) << 2), session + 1);
  }

  planNs(request: u32): u64 {
    const turn = this.turns.at(load<u32>(this.sessions.at(request)));
    if (load<u32>(turn) != request + 1) return NO_PLAN;
    const returns = load<u32>(turn, RETURNS);
    if (this.pauses == 0 || returns < this.returns) return NO_PLAN;
    const weight = this.prior + <f64>returns;
    const all = this.logs / this.pauses;
    const mean = weight == 0 ? all : (this.prior * all + load<f64>(turn, LOGS)) / weight;
    const aheadNs = Math.exp(mean) * this.wait;
    return aheadNs < AHEAD_MAX ? load<u64>(turn, ARRIVAL) + <u64>aheadNs : NO_PLAN;
  }

  plan(request: u32): u32 {
    const turn = this.turns.at(load<u32>(this.sessions.at(request)));
    if (load<u32>(turn) != request + 1) return 0;
    const blocks = load<u32>(turn, BLOCKS);
    const column = <usize>load<u32>(turn, COLUMN);
    this.stride = this.env.tailFirst ? -4 : 4;
    this.root = this.env.tailFirst && blocks > 0 ? column + ((blocks - 1) << 2) : column;
    return blocks;
  }

  planned(i: u32): u32 {
    return load<u32>(this.root + <usize>(<isize>i * this.stride));
  }
}
