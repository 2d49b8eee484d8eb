/**
 * One tier in base units: what is written, over what is calibrated, over what its hardware gives.
 *
 * @module
 */
import type { Calibration } from "./calibration_schema.ts";
import type { Finding } from "./findings.ts";
import type { Hardware } from "./hardware_schema.ts";
import type { ModelFile, Scheme, TierScenario } from "./hierarchy.ts";
import { readBlocks } from "./quantity_schemas.ts";
import { policyText } from "./names.ts";
import type { TierDocument } from "./run_schema.ts";
import { bytesInScheme, scheme } from "./schemes.ts";
import { QUANTITIES, type QuantityKind, readQuantity } from "./units.ts";

/** What a tier is resolved with. */
export interface TierContext {
  readonly index: number;
  readonly document: TierDocument;
  readonly hardware: Hardware | undefined;
  /** Model of a `learned` tier. */
  readonly modelFile: ModelFile | undefined;
  readonly calibration: Calibration | undefined;
  /** Whether the value at a path was set by hand, which nothing overrides. */
  readonly isSet: (path: readonly PropertyKey[]) => boolean;
  /** Bits of one number in the model's own precision. */
  readonly nativeBits: number;
  /** Numbers of a full block; `undefined` when the trace decides how many tokens that is. */
  readonly blockNumbers: number | undefined;
  readonly capacityFactor: number;
}

/** A resolved tier with what is wrong and what a calibration replaced. */
export interface ResolvedTier {
  readonly tier: TierScenario;
  readonly findings: readonly Finding[];
  /** Key paths, such as `tiers[1].readBandwidth`. */
  readonly replaced: readonly string[];
}

/** Value of a checked text; a text that is none was reported by the schema. */
export function base(text: string, kind: keyof typeof QUANTITIES): number {
  const reading = readQuantity(text, QUANTITIES[kind] as QuantityKind);
  return "value" in reading ? reading.value : NaN;
}

type Direction = "read" | "write";
type Speed = "Bandwidth" | "Latency" | "Energy";
const KINDS = { Bandwidth: "bandwidth", Latency: "duration", Energy: "energy" } as const;
const BOTH = { Bandwidth: "bandwidth", Latency: "latency", Energy: "energy" } as const;
const DIRECTIONS = ["read", "write"] as const;

/** Brings a tier into base units. */
export function resolveTier(context: TierContext): ResolvedTier {
  const { index, document, hardware, calibration, modelFile } = context;
  const path = ["tiers", index];
  const findings: Finding[] = [];
  const replaced: string[] = [];
  const measured = calibration?.tiers?.[document.name];
  for (const speed of ["Bandwidth", "Latency", "Energy"] as const) {
    findings.push(...clash(path, document, speed));
  }
  const speed = (direction: Direction, kind: Speed): number => {
    const key = `${direction}${kind}` as const;
    const both = BOTH[kind];
    const written = document[key] ?? document[both];
    const fitted = kind === "Energy" ? undefined : measured?.[key as "readLatency"] ??
      measured?.[both as "latency"];
    const byHand = context.isSet([...path, key]) || context.isSet([...path, both]);
    if (fitted !== undefined && !byHand) {
      replaced.push(`tiers[${index}].${key}`);
      return base(fitted, KINDS[kind]);
    }
    const text = written ?? hardware?.[key]?.value;
    if (text !== undefined) return base(text, KINDS[kind]);
    if (kind !== "Energy") findings.push(missing([...path, both], KINDS[kind]));
    return 0;
  };
  const stored = resolveScheme(context, replaced);
  const capacityBytes = resolveCapacity(context, stored, findings);
  const [bandwidth, latency, energy] = (["Bandwidth", "Latency", "Energy"] as const).map((kind) =>
    DIRECTIONS.map((direction) => speed(direction, kind))
  );
  const cost = document.cost ?? hardware?.cost?.value;
  const tier: TierScenario = {
    name: document.name,
    capacityBytes,
    readBytesPerSecond: bandwidth[0],
    writeBytesPerSecond: bandwidth[1],
    readLatencyNs: latency[0],
    writeLatencyNs: latency[1],
    concurrency: document.concurrency ?? hardware?.concurrency?.value ?? 1,
    scheme: stored,
    policy: policyText(document.policy ?? "lru"),
    ...(modelFile === undefined ? {} : { model: modelFile }),
    admission: policyText(document.admission ?? "always"),
    scope: document.scope ?? "private",
    dollarsPerGiBHour: cost === undefined ? 0 : base(cost, "price"),
    readPicojoulesPerByte: energy[0],
    writePicojoulesPerByte: energy[1],
  };
  return { tier, findings: withoutTwins(findings), replaced };
}

/** A key for both directions beside a key for one. */
export function clash(
  path: readonly PropertyKey[],
  document: Readonly<Record<string, unknown>>,
  speed: Speed,
): Finding[] {
  const both = BOTH[speed];
  if (document[both] === undefined) return [];
  return DIRECTIONS.map((direction) => `${direction}${speed}`)
    .filter((key) => document[key] !== undefined)
    .map((key) => ({
      path: [...path, key],
      wrong: `and ${both} both give it`,
      code: "given-twice",
      atKey: true,
      mend: [`keep ${both}, or write ${DIRECTIONS.map((each) => each + speed).join(" and ")}`],
    }));
}

function missing(path: readonly PropertyKey[], kind: keyof typeof QUANTITIES): Finding {
  return {
    path,
    wrong: "is missing",
    code: "missing",
    expected: QUANTITIES[kind].form,
    mend: ["write it, or name hardware that gives it"],
  };
}

/** Reading and writing may lack the same key. */
function withoutTwins(findings: readonly Finding[]): Finding[] {
  const key = ({ path, wrong }: Finding) => `${path.map(String).join(".")} ${wrong}`;
  return findings.filter((each, at) => findings.findIndex((o) => key(o) === key(each)) === at);
}

function resolveCapacity(context: TierContext, stored: Scheme, findings: Finding[]): number {
  const { index, document, hardware, blockNumbers, isSet } = context;
  const path = ["tiers", index, "capacity"];
  const text = document.capacity ?? hardware?.capacity?.value;
  if (text === undefined) {
    findings.push(missing(path, "bytes"));
    return 0;
  }
  const blockBytes = blockNumbers === undefined ? undefined : bytesInScheme(stored, blockNumbers);
  const blocks = readBlocks(text);
  let written: number;
  if ("value" in blocks) {
    if (blockBytes === undefined) {
      findings.push({
        path,
        wrong: "is given in blocks, and no block size is",
        found: `"${text}"`,
        mend: ["write blockTokens, or give the capacity in bytes"],
      });
      return 0;
    }
    written = blocks.value * blockBytes;
  } else written = base(text, "bytes");
  const factor = isSet(path) ? 1 : context.capacityFactor;
  const bytes = Math.floor(written * factor);
  if (
    !Number.isSafeInteger(bytes) || bytes < 1 || (blockBytes !== undefined && bytes < blockBytes)
  ) {
    const scaled = factor === 1 ? "" : ` times ${factor}`;
    findings.push({
      path,
      wrong: bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER
        ? "cannot hold one block"
        : "is out of range",
      code: "capacity",
      found: `${text}${scaled}, ${bytes} bytes`,
      expected: blockBytes === undefined ? "1 byte or more" : `${blockBytes} bytes or more`,
    });
  }
  return bytes;
}

function resolveScheme(context: TierContext, replaced: string[]): Scheme {
  const { index, document, calibration, isSet, nativeBits } = context;
  const written = typeof document.scheme === "object"
    ? document.scheme
    : { name: document.scheme ?? "native" as const };
  const usual = scheme(written.name, nativeBits);
  const measured = calibration?.schemes?.[written.name];
  const cost = (key: "quantise" | "dequantise" | "dequantiseLatency"): number => {
    const kind = key === "dequantiseLatency" ? "duration" : "bandwidth";
    const fitted = measured?.[key];
    if (fitted !== undefined && !isSet(["tiers", index, "scheme", key])) {
      replaced.push(`tiers[${index}].scheme.${key}`);
      return base(fitted, kind);
    }
    const text = written[key];
    return text === undefined ? 0 : base(text, kind);
  };
  const groupNumbers = written.groupNumbers ?? usual.groupNumbers;
  return {
    ...usual,
    groupNumbers,
    groupBytes: groupNumbers === 0 ? 0 : written.groupBytes ?? (usual.groupBytes || 4),
    quantiseBytesPerSecond: cost("quantise"),
    dequantiseBytesPerSecond: cost("dequantise"),
    dequantiseNsPerBlock: cost("dequantiseLatency"),
  };
}
