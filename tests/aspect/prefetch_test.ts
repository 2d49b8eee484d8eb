/**
 * Every prefetcher against its definition, on random traces: what it names after each look-up.
 * Prefetchers are driven one by one, without a hierarchy.
 *
 * @module
 */
import asc from "assemblyscript/asc";
import { type Asked, labMarkov, markov, type Rule, session, stride } from "./prefetch_rules.ts";

const ROOT = new URL("../../", import.meta.url);
const NO_SESSION = 0xffffffff;

function readSource(name: string, base: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(base === "." ? name : `${base}/${name}`, ROOT));
  } catch {
    return null;
  }
}

async function compile(): Promise<WebAssembly.Module> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...["tests/aspect/prefetch_driver.ts", "--outFile", "driver.wasm", "--runtime", "stub"],
      ...["--enable", "simd", "--noColors"],
    ],
    {
      readFile: readSource,
      writeFile: (name: string, data: Uint8Array | string) => {
        if (name.endsWith(".wasm")) binary = data as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(stderr.toString());
  return new WebAssembly.Module(new Uint8Array(binary));
}

const module = await compile();

/** One prefetcher in an instance of its own. */
class Driver {
  private readonly exports: Record<string, (...values: number[]) => number>;
  private readonly memory: WebAssembly.Memory;
  private requests = 0;

  /** @param spec As `markov(successors=2;confidence=1)`. */
  constructor(spec: string, blocks: number) {
    const abort = (_message: number, _file: number, line: number, column: number) => {
      throw new Error(`aborted at ${line}:${column}`);
    };
    const { exports } = new WebAssembly.Instance(module, { env: { abort } });
    this.memory = exports.memory as WebAssembly.Memory;
    this.exports = exports as unknown as Driver["exports"];
    const [, name, pairs] = /^([^(]*)(?:\((.*)\))?$/.exec(spec)!;
    const given = new Map(
      (pairs ?? "").split(";").map((pair) => pair.split("=") as [string, string]),
    );
    const index = this.names().indexOf(name);
    if (index < 0) throw new Error(`no prefetcher ${name}`);
    const declared = this.text(this.exports.parametersAt(index)).split(" ");
    declared.filter((pair) => pair !== "").forEach((pair, i) => {
      const [parameter, numbers] = pair.split("=");
      const value = Number(given.get(parameter) ?? numbers.split(":")[0]);
      given.delete(parameter);
      this.exports.setParameter(i, value);
    });
    given.delete("");
    if (given.size > 0) throw new Error(`${name} has no ${[...given.keys()]}`);
    this.exports.open(index, blocks);
  }

  names(): string[] {
    return Array.from(
      { length: this.exports.count() },
      (_, index) => this.text(this.exports.nameAt(index)),
    );
  }

  private text(address: number): string {
    const bytes = new DataView(this.memory.buffer).getUint32(address - 4, true);
    return new TextDecoder("utf-16le").decode(new Uint8Array(this.memory.buffer, address, bytes));
  }

  /** What is named after each of the request's look-ups. */
  replay({ session, blocks }: Asked, max: number): number[][] {
    this.exports.begin(this.requests++, session >>> 0);
    const named = blocks.map((block) => {
      const found = this.exports.lookup(block, max);
      const address = this.exports.outAddress();
      return [...new Uint32Array(this.memory.buffer, address, found)];
    });
    this.exports.end();
    return named;
  }
}

/** splitmix32. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** Requests of a few sessions: runs of consecutive blocks, with jumps and repeats. */
function randomRequests(seed: number, requests: number, blocks: number, sessions: number): Asked[] {
  const next = numbersFrom(seed);
  return Array.from({ length: requests }, () => {
    let block = next() % blocks;
    return {
      session: sessions === 0 ? NO_SESSION : next() % sessions,
      blocks: Array.from({ length: next() % (next() % 8 === 0 ? 40 : 9) }, () => {
        if (next() % 3 === 0) block = Math.min(next() % blocks, next() % blocks);
        else block = (block + 1) % blocks;
        return block;
      }),
    };
  });
}

function same(actual: unknown, expected: unknown, where: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${where}: ${a} instead of ${b}`);
}

const RULES: Readonly<Record<string, Rule>> = {
  "none": () => [],
  "markov": markov(2, 2, 1),
  "markov(successors=3;confidence=1)": markov(3, 1, 1),
  "markov(successors=1;confidence=1;lookahead=5)": markov(1, 1, 5),
  "markov(successors=2;confidence=2;lookahead=3)": markov(2, 2, 3),
  "lab-markov": labMarkov(2, 2),
  "lab-markov(successors=5;confidence=1)": labMarkov(5, 1),
  "session": session(3, 2),
  "session(window=1;lookahead=4)": session(1, 4),
  "session(window=16;lookahead=16)": session(16, 16),
  "session(history=16)": session(3, 2, 16),
  "session(window=9;lookahead=9;history=32)": session(9, 9, 32),
  "stride": stride(2, 4),
  "stride(confidence=1;lookahead=2)": stride(1, 2),
  "stride(confidence=3;lookahead=1)": stride(3, 1),
};

for (const [spec, rule] of Object.entries(RULES)) {
  Deno.test(`${spec} names what its definition names`, () => {
    let named = 0;
    for (let seed = 1; seed <= 24; seed++) {
      const blocks = [3, 8, 20, 60][seed % 4];
      const requests = randomRequests(seed, 60, blocks, [0, 1, 3][seed % 3]);
      const driver = new Driver(spec, blocks);
      const max = [64, 2, 1][seed % 3];
      requests.forEach((request, r) => {
        const found = driver.replay(request, max);
        const expected = request.blocks.map((_, i) =>
          rule(requests.slice(0, r), { ...request, blocks: request.blocks.slice(0, i + 1) })
            .slice(0, max)
        );
        same(found, expected, `${spec}, seed ${seed}, request ${r}`);
        named += found.flat().length;
      });
    }
    if (spec !== "none" && named < 100) throw new Error(`only ${named} blocks were named`);
  });

  Deno.test(`${spec} knows nothing of what is to come`, () => {
    // It is told each look-up and the number of blocks in the whole trace, which must not matter.
    const past = randomRequests(7, 40, 30, 2);
    const replay = (blocks: number) => {
      const driver = new Driver(spec, blocks);
      return past.map((request) => driver.replay(request, 8));
    };
    same(replay(30_000), replay(30), spec);
  });
}

Deno.test("every registered prefetcher has a definition", () => {
  const names = new Driver("none", 1).names();
  same(
    names.toSorted(),
    [...new Set(Object.keys(RULES).map((spec) => spec.split("(")[0]))].sort(),
    "",
  );
});

Deno.test("session forgets the oldest blocks first, and no more than it must", () => {
  const driver = new Driver("session(history=16;lookahead=1)", 100);
  const request = (first: number, count: number) => ({
    session: 1,
    blocks: Array.from({ length: count }, (_, i) => first + i),
  });
  driver.replay(request(0, 8), 4);
  driver.replay(request(20, 8), 4);
  // Entries 0 to 15 are kept; the next look-up takes the place of the first.
  same(driver.replay(request(1, 1), 4), [[2]], "still there");
  same(driver.replay(request(0, 1), 4), [[]], "overwritten");
  same(driver.replay(request(20, 2), 4), [[21], [22]], "later ones are kept");
  // A request longer than the history leaves its end.
  driver.replay(request(40, 40), 4);
  same(driver.replay(request(41, 1), 4), [[]], "beyond the ring");
  same(driver.replay(request(70, 1), 4), [[71]], "within the ring");
});

Deno.test("session keeps sessions apart, and makes one stream of a trace without any", () => {
  const apart = new Driver("session", 10);
  apart.replay({ session: 1, blocks: [0, 1, 2] }, 4);
  same(apart.replay({ session: 2, blocks: [0] }, 4), [[]], "another session");
  same(apart.replay({ session: 1, blocks: [0] }, 4), [[1, 2]], "the same session");
  const stream = new Driver("session", 10);
  stream.replay({ session: NO_SESSION, blocks: [0, 1, 2] }, 4);
  same(stream.replay({ session: NO_SESSION, blocks: [0] }, 4), [[1, 2]], "no sessions");
});

Deno.test("markov overtakes an old habit, and never stops counting", () => {
  const pairs = (next: number, times: number) => ({
    session: NO_SESSION,
    blocks: Array.from({ length: times }, () => [0, next]).flat(),
  });
  const sure = new Driver("markov(successors=1;confidence=100)", 10);
  const named = sure.replay(pairs(1, 1000), 4).filter((_, i) => i % 2 === 0);
  same(named.findIndex(([block]) => block === 1), 100, "named from the hundredth time");
  same(named.slice(100).every(([block]) => block === 1), true, "and ever after");
  const driver = new Driver("markov(successors=1;confidence=1)", 10);
  driver.replay(pairs(1, 1000), 4);
  driver.replay(pairs(2, 260), 4);
  const late = driver.replay({ session: NO_SESSION, blocks: [0] }, 4);
  same(late, [[2]], "260 of late outweigh 1,000 of old");
});
