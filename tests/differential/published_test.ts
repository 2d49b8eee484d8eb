/**
 * Block hits on the Mooncake traces, as published for them and as found before by other programs.
 */
import { assert, assertEquals } from "@std/assert";
import { compare, openTrace, type RunResult, type Touch, type Trace } from "kvtier";

function dataFile(name: string): string {
  return decodeURIComponent(new URL(`../data/${name}`, import.meta.url).pathname);
}

const conversation = await openTrace(dataFile("conversation_trace.jsonl.gz"));
const synthetic = await openTrace(dataFile("synthetic_trace.jsonl.gz"));

/** What one policy found at each capacity. */
async function found(
  trace: Trace,
  policy: string,
  capacities: readonly string[],
  touch: Touch,
): Promise<readonly RunResult[]> {
  return (await compare(trace, { policies: [policy], capacities, touch })).results;
}

Deno.test("LRU root-first has the published ratios at shares of the conversation trace", async () => {
  const shares = ["1%", "5%", "10%", "25%", "50%"];
  const results = await found(conversation, "lru", shares, "root-first");
  const ratios = results.map(({ hits, accesses }) => (hits / accesses).toFixed(4));
  assertEquals(ratios, ["0.0523", "0.1954", "0.2784", "0.3535", "0.3631"]);
});

const BLOCKS = ["1000", "5000", "10000", "30000", "50000"];

/** Hits at the first capacities of `BLOCKS`. */
const HITS: readonly {
  readonly trace: Trace;
  readonly policy: string;
  readonly touches: readonly Touch[];
  readonly hits: readonly number[];
}[] = [
  {
    trace: conversation,
    policy: "lru",
    touches: ["root-first"],
    hits: [12_831, 31_840, 60_921, 93_967, 102_290],
  },
  {
    trace: conversation,
    policy: "lru",
    touches: ["tail-first"],
    hits: [12_847, 32_260, 61_046, 93_978, 102_290],
  },
  {
    trace: conversation,
    policy: "optimal-demand",
    touches: ["root-first"],
    hits: [54_994, 98_444, 105_710],
  },
  {
    trace: conversation,
    policy: "optimal",
    touches: ["root-first", "tail-first"],
    hits: [55_019, 98_448, 105_710],
  },
  {
    trace: synthetic,
    policy: "lru",
    touches: ["root-first"],
    hits: [10_050, 34_018, 51_614],
  },
  {
    trace: synthetic,
    policy: "lru",
    touches: ["tail-first"],
    hits: [10_252, 34_043, 51_669],
  },
];

for (const { trace, policy, touches, hits } of HITS) {
  const name = trace === conversation ? "conversation" : "synthetic";
  for (const touch of touches) {
    Deno.test(`${policy} ${touch} hits as often as known on the ${name} trace`, async () => {
      const results = await found(trace, policy, BLOCKS.slice(0, hits.length), touch);
      assertEquals(results.map((result) => result.hits), hits);
    });
  }
}

Deno.test("a cache of everything has the published token and request-mean ratios", async () => {
  const published = [
    [conversation, ["0.3664", "0.3736", "0.4094"]],
    [synthetic, ["0.6396", "0.6512", "0.4315"]],
  ] as const;
  for (const [trace, ratios] of published) {
    for (const touch of ["root-first", "tail-first"] as const) {
      const options = { policies: ["lru"], capacities: ["100%"], touch };
      const { results: [run] } = await compare(trace, options);
      const found = [
        run.hits / run.accesses,
        run.hitTokens / run.inputTokens,
        run.requestHitRatioSum / run.requests,
      ];
      assertEquals(found.map((ratio) => ratio.toFixed(4)), [...ratios]);
    }
  }
});

Deno.test("a policy in two settings has two results in one comparison", async () => {
  const policies = ["s3-fifo", "s3-fifo(small=0.5)"];
  const { results: [plain, wide] } = await compare(conversation, { policies, capacities: ["10%"] });
  assertEquals([plain.parameters.small, wide.parameters.small], [0.1, 0.5]);
  assert(wide.hits > plain.hits);
});

Deno.test("the general engine runs when it is asked for, for LRU too", async () => {
  const options = { policies: ["lru", "arc"], capacities: ["5%"], engine: "general" } as const;
  const { results } = await compare(conversation, options);
  assertEquals(results.map(({ engine }) => engine), ["general", "general"]);
});
