/**
 * The engine's module: decoded and compiled once, instantiated per trace.
 *
 * @module
 */
import {
  ABI_VERSION,
  ErrorCode,
  FailureField,
  type FoldedTask,
  type RegistryKind,
  type TouchOrder,
} from "../assembly/abi.ts";
import { EngineBug, EngineError, KvtierError } from "../errors/errors.ts";
import { ENGINE_BASE64, ENGINE_SHA256 } from "./engine_wasm.ts";
import { Memory } from "./memory.ts";

/** SHA-256 (hex) of the engine that computes; part of every result. */
export const ENGINE_HASH: string = ENGINE_SHA256;

/** The exports of the module, as `assembly/index.ts` lists them. */
interface EngineExports {
  memory: WebAssembly.Memory;
  abiVersion(): number;
  alloc(bytes: number): number;
  registryCount(kind: RegistryKind): number;
  registryName(kind: RegistryKind, index: number): number;
  registryParameters(kind: RegistryKind, index: number): number;
  registryTraits(kind: RegistryKind, index: number): number;
  openTrace(address: number): ErrorCode;
  openRun(address: number): ErrorCode;
  advance(accesses: number): number;
  closeRun(): ErrorCode;
  result(): number;
  failure(): number;
  allocBelow(bytes: number): number;
  openHierarchy(address: number): ErrorCode;
  advanceHierarchy(requests: number): number;
  closeHierarchy(): ErrorCode;
  hierarchyResult(): number;
  openServing(address: number): ErrorCode;
  advanceServing(events: number): number;
  closeServing(): ErrorCode;
  servingResult(): number;
  foldRoom(rows: number, blocks: number): ErrorCode;
  foldBatch(rows: number): void;
  foldHeader(): number;
  modelRoom(bytes: number): number;
  openModel(tier: number, address: number): ErrorCode;
  closeModels(): void;
  recordRoom(rows: number): number;
  openFolded(task: FoldedTask, touch: TouchOrder, capacityBlocks: number): ErrorCode;
  advanceFolded(): number;
  closeFolded(): ErrorCode;
  foldedResult(): number;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled engine; can be sent to workers. */
export function engineModule(): WebAssembly.Module {
  return compiled ??= new WebAssembly.Module(decode(ENGINE_BASE64));
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** One instance: its exports, its memory, and its refusals as errors. */
export class Instance {
  readonly memory: Memory;
  private readonly exports: EngineExports;

  /** @param module Another build of the engine, such as `engine.check.wasm`. */
  constructor(module: WebAssembly.Module = engineModule()) {
    // Only the checking build imports `abort`; it says which assertion of ours did not hold.
    const imports = { env: { abort: this.abort.bind(this) } };
    this.exports = new WebAssembly.Instance(module, imports).exports as unknown as EngineExports;
    this.memory = new Memory(this.exports.memory);
    const version = this.exports.abiVersion();
    if (version !== ABI_VERSION) {
      throw new EngineError({
        code: "engine/abi-version",
        message: "Cannot use the engine: its ABI version is not the host's",
        found: `version ${version}`,
        expected: `version ${ABI_VERSION}`,
        mend: ["rebuild it with `deno task build`, or use the engine.wasm of this release"],
      });
    }
  }

  /**
   * Calls an export; a refusal becomes an {@linkcode EngineError}, a trap an {@linkcode EngineBug}.
   *
   * @param context What was being done, for the sentence: `open a run of lru at 1,000 blocks`.
   */
  call<Name extends keyof EngineExports>(
    name: Name extends "memory" ? never : Name,
    args: readonly number[],
    context: string,
  ): number {
    const call = this.exports[name] as (...args: readonly number[]) => number | undefined;
    try {
      return (call(...args) ?? 0) >>> 0;
    } catch (error) {
      throw this.trapped(error, context);
    }
  }

  /** Like `call`, for exports that answer with an {@linkcode ErrorCode}. */
  checked<Name extends keyof EngineExports>(
    name: Name extends "memory" ? never : Name,
    args: readonly number[],
    context: string,
  ): void {
    const code: ErrorCode = this.call(name, args, context);
    if (code !== ErrorCode.None) throw refusal(this.failure(), context);
  }

  private failure(): Failure {
    const at = this.exports.failure() >>> 0;
    return {
      code: this.memory.u32(at + FailureField.Code),
      index: this.memory.u32(at + FailureField.Index),
      value: this.memory.f64(at + FailureField.Value),
      limit: this.memory.f64(at + FailureField.Limit),
    };
  }

  private trapped(error: unknown, context: string): KvtierError {
    if (error instanceof KvtierError) return error;
    const failure = this.failure();
    if (failure.code === ErrorCode.OutOfMemory) return refusal(failure, context);
    const detail = error instanceof Error ? error.message : String(error);
    return new EngineBug(
      {
        code: "engine/trap",
        message: `Cannot ${context}: the engine trapped: ${detail}`,
        mend: ["this is a fault in kvtier, not in your input; please report the command and trace"],
      },
      [],
      { cause: error },
    );
  }

  private abort(message: number, file: number, line: number, column: number): never {
    const memory = new Memory(this.exports.memory);
    const place = `${memory.string(file >>> 0)}:${line}:${column}`;
    throw new EngineBug({
      code: "engine/assertion",
      message: `Cannot go on: ${place}: ${memory.string(message >>> 0)}`,
      mend: ["this is a fault in kvtier, not in your input; please report the command and trace"],
    });
  }
}

interface Failure {
  readonly code: ErrorCode;
  readonly index: number;
  readonly value: number;
  readonly limit: number;
}

/** The sentence for each code: what is wrong, and how to mend it. */
function refusal({ code, index, value, limit }: Failure, context: string): KvtierError {
  const name = ErrorCode[code] ?? `code ${code}`;
  const problem = (message: string, more: { found?: string; expected?: string; mend?: string[] }) =>
    new EngineError({ code: `engine/${name}`, message: `Cannot ${context}: ${message}`, ...more });
  switch (code) {
    case ErrorCode.CapacityZero:
      return problem("the tier cannot hold one block", {
        found: "0 blocks",
        expected: "a capacity of 1 block or more",
        mend: ["raise the capacity, or lower the bytes of a block"],
      });
    case ErrorCode.CapacityTooLarge:
      return problem("the capacity is beyond the engine's limit", {
        found: `${value} blocks`,
        expected: `at most ${limit} blocks`,
      });
    case ErrorCode.NoKernel:
      return problem("there is no kernel for this policy with this admission", {
        mend: ["leave the engine at auto"],
      });
    case ErrorCode.NoGeneral:
      return problem("this oracle has no form in the general engine, which hierarchies use", {
        mend: ["leave the engine at auto", "in a hierarchy, use `furthest-next-use`, no bound"],
      });
    case ErrorCode.ParameterRange:
      return problem(`parameter ${index} is out of range`, { found: String(value) });
    case ErrorCode.TierCount:
      return problem("the number of tiers is out of range", {
        found: `${value} tiers`,
        expected: `1 to ${limit} tiers`,
      });
    case ErrorCode.NoArrivals:
      return problem(...noArrivals(index === 1));
    case ErrorCode.WriteNeedsInclusive:
      return problem("exclusive tiers have no second copy to write", {
        found: "write through or selective, in exclusive tiers",
        expected: "write: back, or containment: inclusive",
      });
    case ErrorCode.ExtentOutOfRange:
    case ErrorCode.ExtentEmpty:
      return problem(`extent ${index} points outside the trace`, {
        found: `an end at block ${value}`,
        expected: `1 block or more, ending at or before ${limit}`,
      });
    case ErrorCode.OffsetsNotRising:
      return problem(`request ${index} does not own a rising run of extents`, {
        found: `an end at extent ${value}`,
        expected: `at most ${limit}`,
      });
    case ErrorCode.AccessesDiffer:
      return problem("the extents do not add up to the trace's accesses", {
        found: String(value),
        expected: String(limit),
      });
    case ErrorCode.RepeatInRequest:
      return problem("tail-first, a request may touch a block only once", repeated(value, index));
    case ErrorCode.OutOfMemory:
      return problem("it needs more memory than a 32-bit engine has", {
        found: `a need of ${(value / 2 ** 30).toFixed(2)} GiB`,
        expected: "at most 4 GiB for the trace and the tables of the run",
        mend: ["replay fewer requests with --limit, or split the trace"],
      });
    case ErrorCode.ModelInvalid:
      return problem(`the model is broken at tree or node ${index}`, brokenModel(value, limit));
    default:
      return fault(`engine/${name}`, `Cannot ${context}: ${name} (${index}, ${value}, ${limit})`);
  }
}

function repeated(block: number, request: number) {
  return {
    found: `block ${block} twice in request ${request}`,
    expected: "requests without a repeated block, as prefixes of prompts are",
    mend: ["choose root-first", "or replay with compare, block by block"],
  };
}

/** Who needs arrival times: a prefetcher that goes by them, or timed movement. */
function noArrivals(isPrefetcher: boolean): [string, { mend: string[] }] {
  const [who, instead] = isPrefetcher
    ? ["the prefetcher", "choose another prefetcher"]
    : ["timed movement", "set movement to synchronous"];
  return [
    `${who} needs to know when requests arrive, and the trace does not`,
    { mend: [`${instead}, or use a trace with arrival times`] },
  ];
}

function brokenModel(value: number, limit: number) {
  return {
    found: String(value),
    expected: `a finite number, and children after their parent and below ${limit}`,
    mend: ["pack it with packModel, which checks what it packs"],
  };
}

function fault(code: string, message: string): EngineBug {
  const mend = "this is a fault in kvtier, not in your input; please report the command and trace";
  return new EngineBug({ code, message, mend: [mend] });
}
