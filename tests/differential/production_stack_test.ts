/**
 * production-stack's routers against their rules, written to be read (`prefix/hashtrie.py` and
 * `routers/routing_logic.py` of vllm-project/production-stack, 2026): `prefixaware` draws one of
 * the engines with the deepest match of what was sent, of all where nothing matches; `kvaware`
 * takes the longest match that lacks no more than some tokens, and where there is none the
 * session's engine.
 */
import { assert, assertEquals } from "@std/assert";
import { serveTrace } from "../../engine/serving.ts";
import { blocksOf, smallCluster, treeLoad } from "../support/routing.ts";
import { checkingModule, traceOf } from "../support/traces.ts";
import type { Trace } from "../../traces/trace.ts";

const module = checkingModule();
const REPLICAS = 5;

/** What was sent where: for each path of blocks, the replicas that had it. */
class Trie {
  private readonly sentTo = new Map<string, Set<number>>();

  deepest(path: readonly number[]): Set<number> {
    for (let end = path.length; end > 0; end--) {
      const found = this.sentTo.get(path.slice(0, end).join());
      if (found !== undefined) return found;
    }
    return new Set(Array.from({ length: REPLICAS }, (_, replica) => replica));
  }

  insert(path: readonly number[], replica: number): void {
    for (let end = 1; end <= path.length; end++) {
      const key = path.slice(0, end).join();
      this.sentTo.set(key, (this.sentTo.get(key) ?? new Set()).add(replica));
    }
  }
}

function wholeBlocks(trace: Trace, request: number): number[] {
  return blocksOf(trace, request).slice(0, Math.floor(trace.requests.inputTokens[request] / 16));
}

function counts(replicas: Iterable<number>): number[] {
  const found = new Array<number>(REPLICAS).fill(0);
  for (const replica of replicas) found[replica]++;
  return found;
}

/** Requests that come together, each with these blocks of 16 tokens. */
function burst(paths: number[][], session?: (request: number) => number): Trace {
  const trace = traceOf(paths);
  const requests = {
    ...trace.requests,
    arrivalNs: Float64Array.from(paths, (_, request) => request * 1e6),
    outputTokens: new Uint32Array(paths.length).fill(4),
    ...(session === undefined ? {} : { session: Uint32Array.from(paths, (_, r) => session(r)) }),
  };
  return { ...trace, requests };
}

Deno.test("production-stack-prefix draws among the deepest matches of what it sent", () => {
  const trace = treeLoad({ seed: 11, requests: 400, gapNs: 1e6, sessions: 20 });
  const spec = smallCluster(REPLICAS, { router: "production-stack-prefix", closedLoop: false });
  const { replica } = serveTrace(spec, trace, { module }).requests;
  const trie = new Trie();
  let choices = 0;
  for (let request = 0; request < trace.requestCount; request++) {
    const path = wholeBlocks(trace, request);
    const deepest = trie.deepest(path);
    assert(deepest.has(replica[request]), `request ${request}`);
    if (deepest.size > 1) choices++;
    trie.insert(path, replica[request]);
  }
  assert(choices > 3, "some requests had a choice");
});

Deno.test("production-stack-prefix spreads strangers, and keeps what shares a head in one place", () => {
  const router = "production-stack-prefix";
  const on = (trace: Trace) =>
    counts(serveTrace(smallCluster(REPLICAS, { router }), trace, { module }).requests.replica);
  const strangers = burst(Array.from({ length: 500 }, (_, r) => [2 * r, 2 * r + 1]));
  assert(Math.min(...on(strangers)) > 60, `of 500: ${on(strangers)}`);
  const relatives = burst(Array.from({ length: 500 }, (_, r) => [0, r + 1]));
  assertEquals(on(relatives).toSorted().slice(-2), [0, 500]);
});

Deno.test("production-stack-kv keeps a session where it is while no engine holds its prompt", () => {
  const spec = smallCluster(REPLICAS, { router: "production-stack-kv", closedLoop: false });
  const strangers = Array.from({ length: 200 }, (_, r) => [2 * r, 2 * r + 1]);
  const trace = burst(strangers, (request) => request % 13);
  const { replica } = serveTrace(spec, trace, { module }).requests;
  for (const [request, chosen] of replica.entries()) {
    assertEquals(chosen, replica[request % 13], `request ${request}`);
  }
  assertEquals(Math.min(...counts(replica.slice(0, 13))) > 0, true, "sessions are spread");
});
