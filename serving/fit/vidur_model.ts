/**
 * Whether a table of Vidur is of the model that it is said to be.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import type { ComputableModel } from "../weights.ts";
import type { LayerTable } from "./vidur_table.ts";

/**
 * Compares shapes.
 *
 * @throws {CalibrationError} If they differ.
 */
export function checkModel(
  table: Pick<LayerTable, "hiddenSize" | "ffnSize" | "heads" | "kvHeads">,
  { name, compute, attention }: ComputableModel,
  file: string,
): void {
  const own = {
    hiddenSize: compute.hiddenSize,
    ffnSize: compute.ffnSize ?? 0,
    heads: compute.heads,
    kvHeads: attention.kind === "grouped" ? attention.kvHeads : 0,
  };
  const keys = Object.keys(own) as (keyof typeof own)[];
  const wrong = keys.filter((key) => own[key] !== table[key]);
  if (wrong.length === 0) return;
  throw new CalibrationError({
    code: "calibrate/other-model",
    message: `Cannot calibrate: the table is not of ${name}`,
    place: { file },
    found: wrong.map((key) => `${key} ${table[key]}`).join(", "),
    expected: wrong.map((key) => `${key} ${own[key]}`).join(", "),
    mend: ["name the model that was measured with --model"],
  });
}
