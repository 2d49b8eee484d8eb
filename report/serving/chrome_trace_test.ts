import { assert, assertEquals } from "@std/assert";
import { chromeTrace } from "./chrome_trace.ts";
import { EXAMPLE_SERVING } from "./example.ts";
import { servingRun } from "./metric.ts";

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args: Record<string, unknown>;
}

const { result, context } = EXAMPLE_SERVING;
const run = servingRun(result, context);
const eventsOf = (text: string): Event[] => JSON.parse(text).traceEvents;

Deno.test("times do not fall, and spans of a thread nest", () => {
  const events = eventsOf(chromeTrace(run)).filter(({ ph }) => ph === "X");
  const open = new Map<string, number[]>();
  let last = 0;
  for (const { pid, tid, ts, dur, name } of events) {
    assert(ts >= last, `${name} goes back in time`);
    last = ts;
    const stack = open.get(`${pid} ${tid}`) ?? [];
    while (stack.length > 0 && stack[stack.length - 1] <= ts) stack.pop();
    assert(stack.every((end) => ts + dur! <= end), `${name} overlaps the one before it`);
    open.set(`${pid} ${tid}`, [...stack, ts + dur!]);
  }
});

Deno.test("a request has its parts, which fill it, and a step its numbers", () => {
  const events = eventsOf(chromeTrace(run));
  const third = events.find(({ name }) => name === "request 2")!;
  const inside = events.filter(({ ph, pid, tid, ts, name }) =>
    ph === "X" && pid === 0 && tid === third.tid && ts >= third.ts &&
    ts < third.ts + third.dur! && !name.startsWith("request")
  );
  assertEquals(inside.map(({ name, dur }) => [name, dur]), [
    ["load", 8000],
    ["queue", 2000],
    ["prefill", 30_000],
    ["decode", 80_000],
  ]);
  assertEquals(inside.reduce((sum, { dur }) => sum + dur!, 0), third.dur);
  const step = events.find(({ name }) => name === "decode steps")!;
  assertEquals(step.args, { steps: 11, tokens: 2, sequences: 2, heldBlocks: 7, waiting: 0 });
});

Deno.test("requests that overlap have lanes of their own, and lanes are used again", () => {
  const lanes = eventsOf(chromeTrace(run)).filter(({ name }) => name.startsWith("request "))
    .map(({ tid }) => tid);
  // The second ends at 90 ms, so that the fourth, at 100 ms, takes its lane.
  assertEquals(lanes, [0, 1, 2, 1]);
});

Deno.test("the size is bounded, and what is left out is counted", () => {
  const count = 5000;
  const repeat = (column: Float64Array) =>
    Float64Array.from({ length: count }, (_, at) => column[at % 4] + Math.floor(at / 4) * 200e6);
  const { requests } = result;
  const many = servingRun({
    ...result,
    requests: {
      ...requests,
      ...Object.fromEntries(
        Object.entries(requests).map(([name, column]) => [
          name,
          column instanceof Float64Array
            ? repeat(column)
            : column.constructor === Uint8Array
            ? new Uint8Array(count).fill(1)
            : Uint32Array.from({ length: count }, (_, at) => column[at % 4]),
        ]),
      ),
    },
  }, context);
  const text = chromeTrace(many, { eventsAtMost: 2000 });
  const document = JSON.parse(text);
  assert(document.traceEvents.length <= 2000, `${document.traceEvents.length} events`);
  const kept = document.traceEvents.filter(({ name }: Event) => name.startsWith("request ")).length;
  assertEquals(document.otherData.requestsLeftOut, count - kept);
  assert(kept > 200);
});

Deno.test("names cannot break out of the document or hide text", () => {
  const evil = '"],"x":[\u202e\u0007</script>';
  const changed = {
    ...context,
    name: evil,
    fleet: { ...context.fleet, groups: [{ ...context.fleet.groups[0], name: evil }] },
  };
  const text = chromeTrace(servingRun(result, changed));
  const [, process] = eventsOf(text);
  assertEquals(process.args.name, '"],"x":[\\u202e\\u0007</script> (h100-sxm)');
});

Deno.test("a run in which nothing finished is a trace all the same", () => {
  const state = new Uint8Array(4);
  const { timeline: _, ...bare } = result;
  const none = servingRun(
    { ...bare, stepLog: [], requests: { ...result.requests, state } },
    context,
  );
  assertEquals(eventsOf(chromeTrace(none)).filter(({ ph }) => ph !== "M"), []);
});
