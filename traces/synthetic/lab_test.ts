import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../errors/errors.ts";
import { dataPath, extentsOf } from "../testing.ts";
import { KINDS } from "./kinds.ts";
import type { PageKind, PageParameters, PageStream } from "./pages.ts";
import { resolveSpec, type SynthSpec } from "./spec.ts";
import { blockScalars, synthesize } from "./synthesize.ts";

interface Case {
  readonly spec: SynthSpec;
  readonly scalars: readonly number[];
  readonly accesses: readonly number[];
}

async function cases(): Promise<Case[]> {
  const file = await Deno.open(dataPath("lab_workloads.json.gz"));
  const text = file.readable.pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(text).json()).cases;
}

function streamOf(spec: SynthSpec): PageStream {
  const { kind, parameters, seed } = resolveSpec(spec);
  const pages = kind as PageKind<PageParameters>;
  return pages.stream(parameters as unknown as PageParameters, seed);
}

Deno.test("the lab kinds give kv-hierarchy-lab's traces and page sizes, number for number", async () => {
  const list = await cases();
  assertEquals(list.length, 17);
  for (const { spec, accesses, scalars } of list) {
    const stream = streamOf(spec);
    assertEquals([...stream.accesses], accesses, JSON.stringify(spec));
    assertEquals([...stream.scalars], scalars, JSON.stringify(spec));
  }
});

Deno.test("the lab kinds have the published defaults", async () => {
  // The first eight cases are the generators' own defaults.
  for (const { spec, accesses } of (await cases()).slice(0, 8)) {
    assertEquals([...streamOf({ kind: spec.kind }).accesses], accesses, spec.kind);
  }
});

Deno.test("synthesize() makes a request of each access, and blockScalars() fits its blocks", async () => {
  for (const { spec, accesses, scalars } of (await cases()).slice(0, 8)) {
    const trace = await synthesize(spec);
    assertEquals([trace.requestCount, trace.accesses], [accesses.length, accesses.length]);
    const sizes = blockScalars(spec)!;
    assertEquals(sizes.length, trace.uniqueBlocks);
    accesses.forEach((page, request) => {
      const [block] = extentsOf(trace, request).split("+").map(Number);
      assertEquals(sizes[block], scalars[page]);
    });
    assertEquals(trace.requests.arrivalNs![5], 5e6);
  }
});

Deno.test("the lab kinds refuse what their originals cannot do", async () => {
  for (
    const spec of [
      { kind: "lab-adversarial-burst", burst: 40 },
      { kind: "lab-rag-burst", pages: 18 },
      { kind: "lab-mixed-locality", pages: 31 },
    ]
  ) await assertRejects(() => synthesize(spec), UsageError, "pages is below");
});

const PATTERNS = KINDS.filter((kind) => KINDS.some(({ name }) => name === `lab-${kind.name}`))
  .map(({ name }) => name);

Deno.test("at scale every pattern depends on its seed, in order and in sizes", () => {
  assertEquals(PATTERNS.length, 8);
  for (const kind of PATTERNS) {
    const [one, two] = [streamOf({ kind, seed: 1 }), streamOf({ kind, seed: 2 })];
    assertNotEquals(one.accesses.slice(0, 500), two.accesses.slice(0, 500), kind);
    assertNotEquals(one.scalars, two.scalars, kind);
    assert(one.scalars.every((count) => count >= 2048 - 64 && count <= 2048 + 64), kind);
    assert(one.accesses.every((page) => page < 4096), kind);
  }
});

/** Pearson's correlation. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (of: (i: number) => number) => a.reduce((total, _, i) => total + of(i), 0);
  const both = sum((i) => (a[i] - ma) * (b[i] - mb));
  return both / Math.sqrt(sum((i) => (a[i] - ma) ** 2) * sum((i) => (b[i] - mb) ** 2) || 1);
}

Deno.test("at scale the size of a page says nothing about when or how often it is used", () => {
  for (const kind of PATTERNS) {
    const { accesses, scalars } = streamOf({ kind });
    const counts = new Array<number>(scalars.length).fill(0);
    const firsts = new Array<number>(scalars.length).fill(accesses.length);
    accesses.forEach((page, step) => {
      counts[page]++;
      firsts[page] = Math.min(firsts[page], step);
    });
    const sizes = [...scalars];
    // Four standard deviations of a correlation of 4,096 pairs.
    assert(Math.abs(correlation(sizes, counts)) < 4 / 64, kind);
    assert(Math.abs(correlation(sizes, firsts)) < 4 / 64, kind);
    assert(Math.abs(correlation([...accesses].slice(0, 4096), sizes)) < 4 / 64, kind);
  }
});

/** Distinct pages since the last access of the same page, for all accesses that have one. */
function stackDistances(accesses: Uint32Array): number[] {
  const stack: number[] = [];
  const distances: number[] = [];
  for (const page of accesses) {
    const at = stack.indexOf(page);
    if (at >= 0) distances.push(at), stack.splice(at, 1);
    stack.unshift(page);
  }
  return distances.sort((a, b) => a - b);
}

Deno.test("at scale chat is recent: most accesses return within a few pages", () => {
  const recent = stackDistances(streamOf({ kind: "chat-continuation", length: 20_000 }).accesses);
  const small = stackDistances(
    streamOf({ kind: "lab-chat-continuation", length: 20_000 }).accesses,
  );
  const times = (list: number[], distance: number) =>
    list.filter((found) => found === distance).length;
  // Harmonic weights over 256 places: five times as often the last page as the one four before it.
  assert(times(recent, 0) > 4 * times(recent, 4));
  assert(recent[recent.length >> 1] < 32, String(recent[recent.length >> 1]));
  // The small form draws evenly from its slots.
  assert(times(small, 0) < 2 * times(small, 4));
});

Deno.test("at scale the patterns have their shapes", () => {
  const shares = (kind: string, test: (page: number, step: number) => boolean) => {
    const { accesses } = streamOf({ kind });
    return accesses.filter((page, step) => test(page, step)).length / accesses.length;
  };
  const near = (found: number, expected: number) =>
    assert(Math.abs(found - expected) < 0.01, `${found} is not ${expected}`);
  near(shares("rag-burst", (page) => page < 512), 0.7);
  near(shares("adversarial-prefetch", (page, step) => (page < 2048) === (step % 2 === 0)), 1);
  const { accesses } = streamOf({ kind: "prefetch-friendly" });
  near(
    accesses.filter((page, step) => page === accesses[step - 1] + 1).length / accesses.length,
    47 / 48,
  );
  const bursts = streamOf({ kind: "adversarial-burst" }).accesses;
  const anchors = new Set(bursts.subarray(0, 384));
  assertEquals(anchors.size, 384);
  assert([...bursts.subarray(768, 960)].every((page) => anchors.has(page)));
  assert([...bursts.subarray(384, 768)].every((page) => !anchors.has(page)));
});
