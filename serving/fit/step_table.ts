/**
 * LLMServingSim's profiles of vLLM: whole steps, products of one layer, attention of one layer.
 *
 * @module
 */
import { elementwiseBytes } from "../step_constants.ts";
import { pairsOf, type StepWork } from "../../engine/step_model.ts";
import { type ComputableModel, weightMatrices } from "../weights.ts";
import type { MeasuredText } from "./input.ts";
import { readTable } from "./table.ts";
import type { ElementwisePoint, LayerPoint } from "./vidur_table.ts";

/** A measured step. */
export interface StepPoint {
  readonly label: string;
  readonly work: StepWork;
  readonly ns: number;
}

/** Attention of one layer over decoding sequences. */
export interface ContextPoint {
  readonly sequences: number;
  /** Tokens of each context. */
  readonly context: number;
  readonly ns: number;
}

/** Attention of one layer over a part of a prompt, and over sequences that decode beside it. */
export interface MixedPoint extends ContextPoint {
  /** Tokens of the part, and of the prompt before it. */
  readonly chunk: number;
  readonly before: number;
}

/** Product of a table, by the name of the matrix that it multiplies by. */
const PRODUCTS = {
  qkv: "qkv_proj",
  attentionOut: "o_proj",
  up: "gate_up_proj",
  down: "down_proj",
} as const;

/**
 * Reads measured steps: `num_tokens`, `n_decode`, `kv_decode`, `prefill_chunk`, `step_us`.
 *
 * @param window Tokens that layers with a sliding window look back; 0 without such layers.
 * @throws {CalibrationError} If a column is missing or holds something other than numbers.
 */
export function readSteps(measured: MeasuredText, window = 0): StepPoint[] {
  const table = readTable(measured);
  const names = ["num_tokens", "n_decode", "kv_decode", "prefill_chunk", "step_us"];
  const [tokens, decoding, context, chunk, us] = names.map((name) => table.numbers(name));
  return Array.from({ length: table.rows }, (_, row): StepPoint => ({
    label: `${decoding[row]} sequences of ${context[row]} tokens and a prompt of ${chunk[row]}`,
    work: {
      tokens: tokens[row],
      sequences: decoding[row] + (chunk[row] > 0 ? 1 : 0),
      pairs: pairsOf(0, chunk[row]),
      contextTokens: decoding[row] * context[row],
      windowPairs: window > 0 ? pairsOf(0, chunk[row], window) : 0,
      windowContextTokens: decoding[row] * Math.min(window, context[row]),
    },
    ns: us[row] * 1e3,
  }));
}

/** Reads products of one layer: `layer`, `tokens`, `time_us`; rows of other layers are left out. */
export function readLayerProducts(
  measured: MeasuredText,
  model: ComputableModel,
  tensorParallel: number,
): LayerPoint[] {
  const table = readTable(measured);
  const [layers, tokens, us] = [
    table.texts("layer"),
    table.numbers("tokens"),
    table.numbers("time_us"),
  ];
  const matrices = weightMatrices(model).filter(({ name }) => name in PRODUCTS);
  const numbers = matrices.map((each) => each.numbers / each.layers / tensorParallel);
  const wanted = matrices.map(({ name }) => PRODUCTS[name as keyof typeof PRODUCTS]);
  return [...new Set(tokens)].flatMap((count) => {
    const rows = wanted.map((name) =>
      layers.findIndex((layer, row) => layer === name && tokens[row] === count)
    );
    if (rows.includes(-1)) return [];
    const ns = rows.reduce((sum, row) => sum + us[row] * 1e3, 0);
    return [{ set: `TP ${tensorParallel}`, tokens: count, numbers, ns }];
  });
}

/** Reads element-wise work of one layer from the same table: two norms, rotary embedding, activation. */
export function readLayerElementwise(
  measured: MeasuredText,
  model: ComputableModel,
  tensorParallel: number,
): ElementwisePoint[] {
  const table = readTable(measured);
  const layers = table.texts("layer");
  const tokens = table.numbers("tokens");
  const us = table.numbers("time_us");
  const bytes = elementwiseBytes(model, tensorParallel) / model.layers;
  const parts = ["layernorm", "layernorm", "rotary_emb", "act_fn"];
  return [...new Set(tokens)].flatMap((count) => {
    const rows = parts.map((name) =>
      layers.findIndex((layer, row) => layer === name && tokens[row] === count)
    );
    if (rows.includes(-1)) return [];
    const ns = rows.reduce((sum, row) => sum + us[row] * 1e3, 0);
    return [{ set: `TP ${tensorParallel}`, tokens: count, bytes: bytes * count, ns }];
  });
}

/** Reads attention over decoding sequences alone: rows whose `prefill_chunk` is 0. */
export function readContexts(measured: MeasuredText): ContextPoint[] {
  return attentionRows(measured).filter(({ chunk }) => chunk === 0);
}

/** Reads attention over prompts, alone or beside decoding sequences: the other rows. */
export function readMixed(measured: MeasuredText): MixedPoint[] {
  return attentionRows(measured).filter(({ chunk }) => chunk > 0);
}

function attentionRows(measured: MeasuredText): MixedPoint[] {
  const table = readTable(measured);
  const names = ["prefill_chunk", "n_decode", "kv_decode", "time_us"];
  const [chunk, sequences, context, us] = names.map((name) => table.numbers(name));
  const before = table.has("kv_prefill") ? table.numbers("kv_prefill") : undefined;
  return Array.from({ length: table.rows }, (_, row) => ({
    chunk: chunk[row],
    before: before?.[row] ?? 0,
    sequences: sequences[row],
    context: context[row],
    ns: us[row] * 1e3,
  }));
}
