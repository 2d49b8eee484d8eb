/**
 * What the module says that it can do: names, parameters and traits are read out of it.
 *
 * @module
 */
import { RegistryKind, Trait } from "../assembly/abi.ts";
import { UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import { Instance } from "./wasm.ts";

/** A number that a policy, admitter or prefetcher can be tuned with. */
export interface Parameter {
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** One policy, admitter or prefetcher, as the module registers it. */
export interface Entry {
  readonly index: number;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** An exact specialisation exists for one tier of equal blocks. */
  readonly kernel: boolean;
  /** The general engine can run it. */
  readonly general: boolean;
  /** Sees the future: never a candidate. */
  readonly oracle: boolean;
  /** An oracle that is no bound: something might do better. */
  readonly heuristic: boolean;
  /** Draws random numbers, so that several seeds make sense. */
  readonly seeded: boolean;
  /** The paper's rule beside libCacheSim's. */
  readonly variant: boolean;
  /** Goes by arrival times, which the trace must have. */
  readonly clocked: boolean;
}

/** An entry with the values in force for each of its parameters. */
export interface Choice {
  readonly entry: Entry;
  readonly values: readonly number[];
  /** The name, with the parameters that differ from their defaults: `s3-fifo(small=0.2)`. */
  readonly label: string;
}

/** Everything the module registers. */
export class Registry {
  readonly policies: readonly Entry[];
  readonly admitters: readonly Entry[];
  readonly prefetchers: readonly Entry[];
  readonly routers: readonly Entry[];
  /** Eviction rules of a cluster's HBM and stores. */
  readonly evictions: readonly Entry[];

  constructor(instance: Instance = new Instance()) {
    this.policies = readEntries(instance, RegistryKind.Policy);
    this.admitters = readEntries(instance, RegistryKind.Admission);
    this.prefetchers = readEntries(instance, RegistryKind.Prefetch);
    this.routers = readEntries(instance, RegistryKind.Router);
    this.evictions = readEntries(instance, RegistryKind.Eviction);
  }

  /**
   * Reads `name` or `name(parameter=value;…)`.
   *
   * @throws {UsageError} For an unknown name or parameter, or a value out of range.
   */
  policy(spec: string): Choice {
    return choose(spec, this.policies, "policy", "`kvtier policies` lists them all");
  }

  /** As {@linkcode Registry.policy}, for admitters. */
  admitter(spec: string): Choice {
    return choose(spec, this.admitters, "admission", "`kvtier policies` lists them all");
  }

  /** As {@linkcode Registry.policy}, for prefetchers. */
  prefetcher(spec: string): Choice {
    return choose(spec, this.prefetchers, "prefetch", "`kvtier policies` lists them all");
  }

  /** As {@linkcode Registry.policy}, for routers. */
  router(spec: string): Choice {
    return choose(spec, this.routers, "router", "`kvtier policies` lists them all");
  }

  /** As {@linkcode Registry.policy}, for eviction rules of a cluster. */
  eviction(spec: string): Choice {
    return choose(spec, this.evictions, "eviction", "`kvtier policies` lists them all");
  }
}

let shared: Registry | undefined;

/** The registry of the shipped engine. */
export function registry(): Registry {
  return shared ??= new Registry();
}

function readEntries(instance: Instance, kind: RegistryKind): Entry[] {
  const context = "read the registry";
  const count = instance.call("registryCount", [kind], context);
  return Array.from({ length: count }, (_, index) => {
    const text = (name: "registryName" | "registryParameters") =>
      instance.memory.string(instance.call(name, [kind, index], context));
    const traits = instance.call("registryTraits", [kind, index], context);
    return {
      index,
      name: text("registryName"),
      parameters: text("registryParameters").split(" ").filter((pair) => pair !== "").map(
        parameter,
      ),
      kernel: (traits & Trait.Kernel) !== 0,
      general: (traits & Trait.General) !== 0,
      oracle: (traits & Trait.Oracle) !== 0,
      heuristic: (traits & Trait.Heuristic) !== 0,
      seeded: (traits & Trait.Seeded) !== 0,
      variant: (traits & Trait.Variant) !== 0,
      clocked: (traits & Trait.Clock) !== 0,
    };
  });
}

/** Reads `name=default:min:max`. */
function parameter(declaration: string): Parameter {
  const [name, numbers] = declaration.split("=");
  const [value, min, max] = numbers.split(":").map(Number);
  return { name, default: value, min, max };
}

/** What the literature calls a policy of ours, in lower case. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  ["belady", "min", "opt"].map((name) => [name, "optimal"]),
);

function choose(spec: string, entries: readonly Entry[], kind: string, where: string): Choice {
  const match = /^\s*([^(]*?)\s*(?:\(([^)]*)\))?\s*$/.exec(spec);
  const name = match?.[1] ?? spec;
  const entry = entries.find((entry) => entry.name === name);
  if (match === null || entry === undefined) {
    const names = entries.map((entry) => entry.name);
    const known = OTHER_NAMES.get(name.toLowerCase());
    const hint = known !== undefined && names.includes(known)
      ? `the optimum (Belady's MIN) is called "${known}" here`
      : didYouMean(name, names);
    throw new UsageError({
      code: `usage/unknown-${kind}`,
      message: `Cannot choose ${kind}: "${name}" is not a registered name`,
      mend: [...(hint === undefined ? [] : [hint]), where],
    });
  }
  const values = entry.parameters.map((parameter) => parameter.default);
  for (const pair of (match[2] ?? "").split(";").filter((pair) => pair.trim() !== "")) {
    setParameter(entry, values, pair);
  }
  const changed = entry.parameters.flatMap(({ name, default: normal }, index) =>
    values[index] === normal ? [] : [`${name}=${values[index]}`]
  );
  return { entry, values, label: changed.length === 0 ? name : `${name}(${changed.join(";")})` };
}

function setParameter(entry: Entry, values: number[], pair: string): void {
  const [name, text] = pair.split("=").map((part) => part.trim());
  const index = entry.parameters.findIndex((parameter) => parameter.name === name);
  if (index < 0) {
    const names = entry.parameters.map((parameter) => parameter.name);
    const hint = didYouMean(name, names);
    throw new UsageError({
      code: "usage/unknown-parameter",
      message: `Cannot set parameter of ${entry.name}: "${name}" is not one of its parameters`,
      expected: names.length === 0 ? "no parameters" : names.join(", "),
      mend: hint === undefined ? [] : [hint],
    });
  }
  const { min, max } = entry.parameters[index];
  const value = text === undefined || text === "" ? NaN : Number(text);
  if (!(value >= min && value <= max)) {
    throw new UsageError({
      code: "usage/parameter-range",
      message: `Cannot set parameter of ${entry.name}: ${name} is out of range`,
      found: text ?? "nothing",
      expected: `a number from ${min} to ${max}`,
    });
  }
  values[index] = value;
}
