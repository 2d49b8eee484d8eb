/**
 * A prefetcher without a hierarchy, driven from outside.
 *
 * @module
 */
import asc from "assemblyscript/asc";
import type { Asked } from "./prefetch_rules.ts";

const ROOT = new URL("../../", import.meta.url);
export const NO_SESSION = 0xffffffff;

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
export class Driver {
  private readonly exports: Record<string, (...values: number[]) => number>;
  private readonly memory: WebAssembly.Memory;
  private requests = 0;
  private arrived = 0;

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

  /** A request arrives, whose blocks are touched in one of the two orders. */
  arrive({ session, blocks }: Asked, nowNs: number, tailFirst: boolean): void {
    const column = this.exports.room(blocks.length);
    new Uint32Array(this.memory.buffer, column, blocks.length)
      .set(tailFirst ? blocks.toReversed() : blocks);
    const request = this.arrived++;
    this.exports.arrive(request, session >>> 0, nowNs, column, blocks.length, Number(tailFirst));
  }

  /** When the plan of a request that ended is due; -1 for never. */
  planNs(request: number): number {
    return this.exports.planNs(request);
  }

  /** What the plan of a request names, most urgent first. */
  plan(request: number): number[] {
    const count = this.exports.plan(request);
    return Array.from({ length: count }, (_, i) => this.exports.planned(i) >>> 0);
  }
}

/** splitmix32. */
export function numbersFrom(seed: number): () => number {
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
export function randomRequests(seed: number, requests: number, blocks: number, sessions: number): Asked[] {
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

/** Compares by value. */
export function same(actual: unknown, expected: unknown, where: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${where}: ${a} instead of ${b}`);
}
