/**
 * Vidur's profiles: times of the products and the element-wise work of one layer, by tokens and
 * degree of tensor parallelism.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import type { MeasuredText } from "./input.ts";
import { type MeasuredTable, readTable } from "./table.ts";

/** The dense products of one layer at one count of tokens. */
export interface LayerPoint {
  /** Which measurements it belongs to, such as `TP 4`. */
  readonly set: string;
  readonly tokens: number;
  /** Numbers of each matrix on one device. */
  readonly numbers: readonly number[];
  /** Sum over the products of the median of their measurements. */
  readonly ns: number;
}

/** Element-wise work of one layer at one count of tokens. */
export interface ElementwisePoint {
  readonly set: string;
  readonly tokens: number;
  /** Bytes read and written, 16-bit numbers. */
  readonly bytes: number;
  readonly ns: number;
}

/** What a table holds. */
export interface LayerTable {
  readonly hiddenSize: number;
  readonly ffnSize: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly products: readonly LayerPoint[];
  readonly elementwise: readonly ElementwisePoint[];
}

const TIME = (name: string) => `time_stats.${name}.median`;
const ELEMENTWISE = ["input_layernorm", "post_attention_layernorm", "attn_rope", "mlp_act", "add"];
const SHAPE = ["n_head", "n_kv_head", "n_embd", "n_expanded_embd"];
const NS_PER_MS = 1e6;

/**
 * Reads a table of Vidur's `mlp.csv`.
 *
 * @throws {CalibrationError} If it lacks a column or holds something other than numbers.
 */
export function readVidurProducts(measured: MeasuredText): LayerTable {
  const table = readTable(measured);
  const [heads, kvHeads, hiddenSize, ffnSize] = SHAPE.map((name) =>
    oneValue(table, name, measured)
  );
  const headSize = hiddenSize / heads;
  const gated = table.texts("use_gated_mlp")[0].toLowerCase() === "true";
  const matrices: Readonly<Record<string, number>> = {
    attn_pre_proj: hiddenSize * (heads + 2 * kvHeads) * headSize,
    attn_post_proj: hiddenSize * hiddenSize,
    mlp_up_proj: (gated ? 2 : 1) * hiddenSize * ffnSize,
    mlp_down_proj: hiddenSize * ffnSize,
  };
  const degrees = table.numbers("num_tensor_parallel_workers");
  const tokens = table.numbers("num_tokens");
  const productMs = Object.keys(matrices).map((name) => table.numbers(TIME(name)));
  const elementMs = ELEMENTWISE.map((name) => table.numbers(TIME(name)));
  // Vidur times one addition; a layer has two.
  const whole = (2 * 2 + 3) * hiddenSize;
  const split = 2 * (heads + kvHeads) * headSize + 3 * ffnSize;
  const products: LayerPoint[] = [];
  const elementwise: ElementwisePoint[] = [];
  for (let row = 0; row < table.rows; row++) {
    const point = { set: `TP ${degrees[row]}`, tokens: tokens[row] };
    const ns = (columns: readonly Float64Array[]) =>
      columns.reduce((sum, ms) => sum + ms[row], 0) * NS_PER_MS;
    const numbers = Object.values(matrices).map((all) => all / degrees[row]);
    products.push({ ...point, numbers, ns: ns(productMs) });
    const bytes = 2 * tokens[row] * (whole + split / degrees[row]);
    elementwise.push({ ...point, bytes, ns: ns(elementMs) });
  }
  return { heads, kvHeads, hiddenSize, ffnSize, products, elementwise };
}

/** The value that a column has in every row. */
function oneValue(table: MeasuredTable, column: string, { file }: MeasuredText): number {
  const values = table.numbers(column);
  const other = values.findIndex((value) => value !== values[0]);
  if (other < 0) return values[0];
  throw new CalibrationError({
    code: "calibrate/two-models",
    message: "Cannot calibrate: the table holds more than one model",
    place: { file, line: table.lineOf(other), key: column },
    found: `${values[other]} after ${values[0]}`,
    mend: ["give each model its own file"],
  });
}
