/**
 * One replica of a serving engine, written to be read: the twin of the engine in Wasm.
 *
 * The rules are those of vLLM's V1 scheduler: continuous batching under a budget of tokens, chunked
 * prefill, blocks of KV on demand, a prefix cache, first come first served, and preemption of the
 * latest request by recomputing it. KV exists once the step that computes it has ended.
 *
 * @module
 */
import { pairsOf, stepNs, type StepWork } from "../../engine/step_model.ts";
import { KvBlocks } from "./kv_blocks.ts";
import { checkFits, type EngineRequest, type EngineSettings, type ServedRun } from "./served.ts";

interface Running {
  readonly index: number;
  readonly request: EngineRequest;
  blocks: number[];
  /** Tokens whose KV is there. */
  computed: number;
  generated: number;
  /** Tokens of the present step. */
  scheduled: number;
  scheduledNs: number;
  firstTokenNs: number;
  lastTokenNs: number;
  cachedTokens: number;
  preemptions: number;
}

const NEVER = -1;

/**
 * Serves requests, in order of arrival, until all are done.
 *
 * @throws {EngineError} If a request could never fit.
 *
 * @example The second of two equal prompts waits for the first, then finds its blocks
 * ```ts
 * import { computable, loadDevice, loadModel, serveReference, stepModel } from "kvtier";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const model = computable(await loadModel("llama-3.1-8b"));
 * const step = stepModel(model, await loadDevice("h100-sxm"));
 * const blockKeys = Array.from({ length: 100 }, (_, i) => i);
 * const prompt = { promptTokens: 1_600, outputTokens: 5, blockKeys };
 * const requests = [{ arrivalNs: 0, ...prompt }, { arrivalNs: 1e9, ...prompt }];
 * const [first, second] = serveReference(requests, { step, blocks: 1_000 }).requests;
 * assertEquals([first.cachedTokens, second.cachedTokens], [0, 1_584]);
 * assert(second.firstTokenNs - second.arrivalNs < first.firstTokenNs / 3);
 * ```
 */
export function serveReference(
  requests: readonly EngineRequest[],
  settings: EngineSettings,
): ServedRun {
  return new Replica(requests, settings).serve();
}

class Replica {
  readonly #pool: KvBlocks;
  readonly #blockTokens: number;
  readonly #all: Running[];
  #running: Running[] = [];
  /** Preempted ones first, then those that have arrived. */
  #waiting: Running[] = [];
  #arrived = 0;
  #now = 0;
  #steps = 0;
  #busyNs = 0;
  #peakBlocks = 0;
  #strandedTokens = 0;
  /** Requests that were admitted, once at least. */
  readonly #letIn = new Set<number>();

  constructor(requests: readonly EngineRequest[], readonly settings: EngineSettings) {
    this.#blockTokens = settings.blockTokens ?? 16;
    this.#pool = new KvBlocks(settings.blocks, {
      name: settings.eviction ?? "lru",
      parameters: settings.evictionParameters ?? {},
      upcoming: (key) => {
        const next = requests.findIndex(({ blockKeys }, index) =>
          !this.#letIn.has(index) && blockKeys.includes(key)
        );
        return next < 0 ? Infinity : next;
      },
    });
    this.#all = requests.map((request, index) => {
      checkFits(request, index, settings.blocks, this.#blockTokens);
      return {
        index,
        request,
        blocks: [],
        computed: 0,
        generated: 0,
        scheduled: 0,
        scheduledNs: NEVER,
        firstTokenNs: NEVER,
        lastTokenNs: NEVER,
        cachedTokens: 0,
        preemptions: 0,
      };
    });
  }

  serve(): ServedRun {
    for (;;) {
      this.#admitArrived();
      if (this.#running.length === 0 && this.#waiting.length === 0) {
        if (this.#arrived === this.#all.length) break;
        this.#now = this.#all[this.#arrived].request.arrivalNs;
        continue;
      }
      this.#schedule();
      const ns = Math.round(stepNs(this.settings.step, this.#work()));
      this.#now += ns;
      this.#busyNs += ns;
      this.#steps++;
      this.#complete();
    }
    return {
      requests: this.#all.map((each) => ({
        arrivalNs: each.request.arrivalNs,
        scheduledNs: each.scheduledNs,
        firstTokenNs: each.firstTokenNs,
        lastTokenNs: each.lastTokenNs,
        cachedTokens: each.cachedTokens,
        preemptions: each.preemptions,
      })),
      steps: this.#steps,
      busyNs: this.#busyNs,
      peakBlocks: this.#peakBlocks,
      strandedTokens: this.#strandedTokens,
      copies: this.#pool.copies,
    };
  }

  #admitArrived(): void {
    const all = this.#all;
    while (this.#arrived < all.length && all[this.#arrived].request.arrivalNs <= this.#now) {
      this.#waiting.push(all[this.#arrived++]);
    }
  }

  /** Gives each running request its tokens, then admits waiting ones if nobody was preempted. */
  #schedule(): void {
    const { tokenBudget = 2_048, sequencesMax = 256 } = this.settings;
    let budget = tokenBudget;
    let preempted = false;
    for (const each of this.#running) each.scheduled = 0;
    for (let at = 0; at < this.#running.length && budget > 0; at++) {
      const each = this.#running[at];
      const count = Math.min(known(each) - each.computed, budget);
      while (!this.#reserve(each, each.computed + count)) {
        preempted = true;
        const last = this.#running.at(-1)!;
        this.#preempt(last);
        if (last === each) break;
      }
      if (this.#running.length <= at) break;
      each.scheduled = count;
      budget -= count;
    }
    while (!preempted && budget > 0 && this.#waiting.length > 0) {
      if (this.#running.length === sequencesMax) break;
      const count = this.#admit(this.#waiting[0], budget);
      if (count === 0) break;
      budget -= count;
      this.#running.push(this.#waiting.shift()!);
    }
    this.#peakBlocks = Math.max(this.#peakBlocks, this.#pool.count - this.#pool.free);
  }

  /** Takes blocks for the first so many tokens; nothing is taken when they are not there. */
  #reserve(each: Running, tokens: number): boolean {
    const missing = Math.ceil(tokens / this.#blockTokens) - each.blocks.length;
    if (missing > this.#pool.free) return false;
    for (let i = 0; i < missing; i++) each.blocks.push(this.#pool.take());
    return true;
  }

  #preempt(each: Running): void {
    this.#running.pop();
    this.#pool.release(each.blocks);
    each.blocks = [];
    each.computed = 0;
    each.scheduled = 0;
    each.preemptions++;
    this.#waiting.unshift(each);
  }

  /** Tokens of the request's first chunk, or 0 when its blocks are not there. */
  #admit(each: Running, budget: number): number {
    const { prefixCache = true, reservePrompt = true } = this.settings;
    const size = this.#blockTokens;
    const total = known(each);
    // The last token is computed in any case: its logits are what comes next.
    const reusable = Math.floor((total - 1) / size);
    const keys = prefixCache ? this.#keys(each, reusable) : [];
    const hits = this.#pool.lookup(keys);
    const cached = hits.length * size;
    const stranded = this.#pool.countKnown(keys) - hits.length;
    const count = Math.min(total - cached, budget);
    const whole = Math.ceil((reservePrompt ? total : cached + count) / size) - hits.length;
    if (whole > this.#pool.free - this.#pool.freeOf(hits)) return 0;
    this.#letIn.add(each.index);
    this.#pool.share(hits);
    each.blocks = hits;
    each.computed = cached;
    this.#reserve(each, cached + count);
    if (each.scheduledNs === NEVER) {
      each.scheduledNs = this.#now;
      each.cachedTokens = cached;
      this.#strandedTokens += stranded * size;
    }
    each.scheduled = count;
    return count;
  }

  /** Keys of the first `count` blocks; those with generated tokens are the request's own. */
  #keys(each: Running, count: number): number[] {
    const { blockKeys } = each.request;
    return Array.from({ length: count }, (_, i) => blockKeys[i] ?? ownKey(each, i));
  }

  #work(): StepWork {
    const window = this.settings.step.windowTokens;
    const work = { tokens: 0, sequences: 0, pairs: 0, contextTokens: 0 };
    let [windowPairs, windowContextTokens] = [0, 0];
    for (const { scheduled, computed } of this.#running) {
      if (scheduled === 0) continue;
      work.sequences++;
      work.tokens += scheduled;
      if (scheduled === 1) {
        work.contextTokens += computed + 1;
        windowContextTokens += Math.min(computed + 1, window);
      } else {
        work.pairs += pairsOf(computed, scheduled);
        if (window > 0) windowPairs += pairsOf(computed, scheduled, window);
      }
    }
    return { ...work, windowPairs, windowContextTokens };
  }

  /** What the step computed is there now; tokens come out, and requests end. */
  #complete(): void {
    const size = this.#blockTokens;
    for (const each of this.#running) {
      const before = Math.floor(each.computed / size);
      each.computed += each.scheduled;
      const full = Math.floor(each.computed / size);
      for (let i = before; i < full; i++) {
        const key = each.request.blockKeys[i] ?? ownKey(each, i);
        each.blocks[i] = this.#pool.publish(
          each.blocks[i],
          key,
          this.settings.shareCopies ?? false,
        );
      }
      if (each.scheduled === 0 || each.computed < known(each)) continue;
      each.generated++;
      if (each.firstTokenNs === NEVER) each.firstTokenNs = this.#now;
      if (each.generated < each.request.outputTokens) continue;
      each.lastTokenNs = this.#now;
      this.#pool.release(each.blocks);
    }
    this.#running = this.#running.filter(({ lastTokenNs }) => lastTokenNs === NEVER);
  }
}

/** Tokens that a request has: its prompt and what was generated. */
function known({ request, generated }: Running): number {
  return request.promptTokens + generated;
}

/** A key that no prompt has. */
function ownKey({ index }: Running, block: number): number {
  return -2 - (index * 2 ** 24 + block);
}
