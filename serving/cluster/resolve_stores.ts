/**
 * Stores in base units: what is written, over what was measured, over what hardware gives.
 *
 * @module
 */
import type { ClusterDocument, StoreDocument } from "../../scenario/cluster_schema.ts";
import { type Finding, shown } from "../../scenario/findings.ts";
import { checkName, type RegisteredNames } from "../../scenario/names.ts";
import { base, clash } from "../../scenario/resolve_tier.ts";
import type { ClusterContext } from "./resolve.ts";
import type { ClusterStore } from "./scenario.ts";

/** Measured speeds of a store, as a calibration gives them. */
export type StoreSpeeds = Partial<
  Record<
    "bandwidth" | "readBandwidth" | "writeBandwidth" | "latency" | "readLatency" | "writeLatency",
    string
  >
>;

/** Brings a store into base units. */
export function resolveStore(
  document: StoreDocument,
  index: number,
  { hardware: devices, speeds, isSet }: ClusterContext,
  findings: Finding[],
  replaced: string[],
): ClusterStore {
  const hardware = devices[index];
  const measured = speeds[document.name];
  const path = ["cluster", "stores", index];
  findings.push(...clash(path, document, "Bandwidth"), ...clash(path, document, "Latency"));
  const speed = (direction: "read" | "write", kind: "Bandwidth" | "Latency"): number => {
    const key = `${direction}${kind}` as const;
    const both = kind === "Bandwidth" ? "bandwidth" : "latency";
    const quantity = kind === "Bandwidth" ? "bandwidth" : "duration";
    const fitted = measured?.[key] ?? measured?.[both];
    if (fitted !== undefined && !isSet([...path, key]) && !isSet([...path, both])) {
      replaced.push(`cluster.stores[${index}].${key}`);
      return base(fitted, quantity);
    }
    const text = document[key] ?? document[both] ?? hardware?.[key]?.value;
    if (text !== undefined) return base(text, quantity);
    findings.push(missing([...path, both], kind === "Bandwidth" ? "64 GB/s" : "15 us"));
    return 0;
  };
  const capacity = document.capacity ?? hardware?.capacity?.value;
  if (capacity === undefined) findings.push(missing([...path, "capacity"], "512 GiB"));
  const price = document.price ?? hardware?.cost?.value;
  return {
    name: document.name,
    scope: document.scope,
    capacityBytes: Math.floor(base(capacity ?? "", "bytes") * (document.capacityFactor ?? 1)),
    readBytesPerSecond: speed("read", "Bandwidth"),
    writeBytesPerSecond: speed("write", "Bandwidth"),
    readLatencyNs: speed("read", "Latency"),
    writeLatencyNs: speed("write", "Latency"),
    write: document.write ?? "through",
    eviction: document.eviction ?? "lru",
    dollarsPerGiBHour: price === undefined ? 0 : base(price, "price"),
  };
}

function missing(path: readonly PropertyKey[], example: string): Finding {
  return {
    path,
    wrong: "is missing",
    code: "missing",
    expected: `a number with a unit such as "${example}"`,
    mend: ["write it, or name hardware that gives it"],
  };
}

/** Names of eviction rules that nobody registered. */
export function checkEvictions(
  { engine, stores = [] }: ClusterDocument["cluster"],
  { evictions }: RegisteredNames,
): Finding[] {
  const places = [
    { path: ["cluster", "engine"], eviction: engine?.eviction },
    ...stores.map(({ eviction }, index) => ({ path: ["cluster", "stores", index], eviction })),
  ];
  return places.flatMap(({ path, eviction }) =>
    eviction === undefined
      ? []
      : checkName(eviction, [...path, "eviction"], "an eviction rule", evictions)
  );
}

const WIDTH = { node: 0, rack: 1, cluster: 2 } as const;

/** What is right by itself and wrong beside other stores. */
export function checkStores(stores: readonly ClusterStore[]): Finding[] {
  const names = stores.map(({ name }) => name);
  return stores.flatMap(({ name, scope, write }, index): Finding[] => {
    const path = ["cluster", "stores", index];
    const first = names.indexOf(name);
    if (first !== index) {
      const wrong = `is the name of cluster.stores[${first}], too`;
      return [{ path: [...path, "name"], wrong, found: shown(name) }];
    }
    if (write !== "overflow") return [];
    if (index === 0) {
      const wrong = "has no store above whose blocks could overflow";
      return [{ path: [...path, "write"], wrong, expected: "through or back" }];
    }
    const above = stores[index - 1];
    if (WIDTH[above.scope] <= WIDTH[scope]) return [];
    return [{
      path: [...path, "scope"],
      wrong: `is narrower than that of "${above.name}", whose blocks overflow into it`,
      found: `${scope} below ${above.scope}`,
    }];
  });
}
