/**
 * How the numbers of a block are stored in a tier, and how many bytes that takes.
 *
 * @module
 */
import type { HierarchyScenario, Scheme } from "./hierarchy.ts";

/** Names of schemes, widest first; `native` is the model's own precision. */
export const SCHEME_NAMES = ["native", "fp16", "fp8", "int8", "int4", "int2"] as const;

/** Name of a scheme. */
export type SchemeName = typeof SCHEME_NAMES[number];

/** Numbers that share a scale and a zero point, unless a scenario says otherwise. */
export const GROUP_NUMBERS = 64;
/** A scale and a zero point of two bytes each. */
export const GROUP_BYTES = 4;

const BITS: Readonly<Record<Exclude<SchemeName, "native">, number>> = {
  fp16: 16,
  fp8: 8,
  int8: 8,
  int4: 4,
  int2: 2,
};

/**
 * A scheme with its usual form: floats stand alone, integers come in groups of 64 numbers with a
 * scale and a zero point of two bytes each. Conversion costs nothing until a scenario or a
 * calibration says what it costs.
 *
 * @param nativeBits Bits of one number in the model's own precision.
 *
 * @example
 * ```ts
 * import { scheme, bytesInScheme } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(bytesInScheme(scheme("int4"), 4_096), 4_096 / 2 + 4 * 64);
 * assertEquals(bytesInScheme(scheme("fp16"), 4_096), 8_192);
 * ```
 */
export function scheme(name: SchemeName, nativeBits = 16): Scheme {
  const grouped = name.startsWith("int");
  return {
    name,
    bitsPerNumber: name === "native" ? nativeBits : BITS[name],
    groupNumbers: grouped ? GROUP_NUMBERS : 0,
    groupBytes: grouped ? GROUP_BYTES : 0,
    quantiseBytesPerSecond: 0,
    dequantiseBytesPerSecond: 0,
    dequantiseNsPerBlock: 0,
  };
}

/**
 * Bytes that numbers take in a scheme: the numbers, rounded up to a whole byte, and a scale for
 * every group begun.
 *
 * @param numbers Numbers of the block, 0 or more; a fraction is rounded up.
 */
export function bytesInScheme(scheme: Scheme, numbers: number): number {
  const whole = Math.ceil(numbers);
  const groups = scheme.groupNumbers === 0 ? 0 : Math.ceil(whole / scheme.groupNumbers);
  return Math.ceil(whole * scheme.bitsPerNumber / 8) + groups * scheme.groupBytes;
}

/**
 * Bytes of a block in each tier of a scenario, fastest first.
 *
 * @param tokens Tokens of the block.
 *
 * @example
 * ```ts
 * import { parseRunScenario, tierBlockBytes } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const scenario = await parseRunScenario(`
 * model: llama-3.1-70b
 * tiers:
 *   - { name: hbm, hardware: h100-sxm }
 *   - { name: dram, hardware: cpu-dram, scheme: int4 }
 * `);
 * assertEquals(tierBlockBytes(scenario, 16), [5_242_880, 1_474_560]);
 * ```
 */
export function tierBlockBytes(
  scenario: Pick<HierarchyScenario, "bytesPerToken" | "bitsPerNumber" | "tiers">,
  tokens: number,
): number[] {
  const numbers = tokens * scenario.bytesPerToken * 8 / (scenario.bitsPerNumber ?? 16);
  return scenario.tiers.map(({ scheme }) => bytesInScheme(scheme, numbers));
}
