/**
 * The arithmetic of KV for a terminal: a line for each product, a row for each scheme.
 *
 * @module
 */
import { formatBytes, formatCount } from "./format.ts";
import { type Column, drawTable, fitColumns, paint, wrap } from "./text_table.ts";

/** What the text shows; `kvArithmetic` works it out. */
export interface KvText {
  readonly model: string;
  readonly source: string;
  readonly tokens: number;
  readonly blockTokens: number;
  readonly capacityBytes?: number;
  readonly parameters?: { readonly totalBillions: number; readonly activeBillions: number };
  /** Products, such as `80 layers · 2 · 8 KV heads · 128 numbers · 2 B`. */
  readonly steps: readonly {
    readonly what: string;
    readonly formula: string;
    readonly bytes: number;
  }[];
  readonly schemes: readonly {
    readonly scheme: string;
    readonly bitsPerNumber: number;
    readonly groupNumbers: number;
    readonly groupBytes: number;
    readonly blockBytes: number;
    readonly requestBytes: number;
    readonly ratio: number;
    readonly tokensThatFit?: number;
    readonly requestsThatFit?: number;
  }[];
}

/**
 * Writes the arithmetic of a model's KV.
 *
 * @example
 * ```ts
 * import { kvArithmetic, kvText, loadModel } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const text = kvText(kvArithmetic(await loadModel("llama-3.1-70b")));
 * assertStringIncludes(text, "80 layers · 2 · 8 KV heads · 128 numbers · 2 B = 327,680 B");
 * ```
 */
export function kvText(
  kv: KvText,
  { width = 100, color = false }: { readonly width?: number; readonly color?: boolean } = {},
): string {
  const { totalBillions, activeBillions } = kv.parameters ?? {};
  const used = activeBillions === totalBillions ? "" : ` of which a token uses ${activeBillions}B`;
  const size = totalBillions === undefined ? "" : `, ${totalBillions}B parameters${used}`;
  const labels = kv.steps.map(({ what }) => `KV of a ${what}`);
  const longest = Math.max(...labels.map((label) => label.length));
  const lines = [
    paint(`${kv.model}${size}`, "strong", color),
    ...wrap(kv.source, width),
    "",
    ...kv.steps.map(({ formula, bytes }, index) => {
      const rounded = bytes < 1024 ? "" : ` (${formatBytes(bytes)})`;
      return `${labels[index].padEnd(longest)}  ${formula} = ${formatCount(bytes)} B${rounded}`;
    }),
    "",
    ...drawTable(fitColumns(columns(kv), width), { color }),
    "",
    ...wrap(notes(kv), width),
    "",
  ];
  return lines.join("\n");
}

function columns(kv: KvText): Column[] {
  const right = (
    head: readonly string[],
    expendable: number,
    cells: readonly string[],
  ): Column => ({
    head,
    align: "right",
    expendable,
    cells,
  });
  const rows = kv.schemes;
  const fit: Column[] = kv.capacityBytes === undefined ? [] : [
    right(["tokens", "that fit"], 0, rows.map((row) => formatCount(row.tokensThatFit ?? 0))),
    right(["requests", "that fit"], 0, rows.map((row) => formatCount(row.requestsThatFit ?? 0))),
  ];
  return [
    { head: ["", "scheme"], align: "left", expendable: 0, cells: rows.map((row) => row.scheme) },
    right(["bits of", "a number"], 2, rows.map((row) => String(row.bitsPerNumber))),
    right(["", "scales"], 3, rows.map(scales)),
    right(
      [`block of ${kv.blockTokens}`, "bytes"],
      0,
      rows.map((row) => formatCount(row.blockBytes)),
    ),
    right(["of", "native"], 1, rows.map((row) => `${(row.ratio * 100).toFixed(1)} %`)),
    right(
      [`request of ${formatCount(kv.tokens)}`, "tokens"],
      0,
      rows.map((row) => formatBytes(row.requestBytes)),
    ),
    ...fit,
  ];
}

function scales(row: KvText["schemes"][number]): string {
  return row.groupNumbers === 0 ? "none" : `${row.groupBytes} B / ${row.groupNumbers}`;
}

function notes({ capacityBytes, steps }: KvText): string {
  const window = steps.length > 3
    ? " A block counts every layer; a request counts what windows keep of it."
    : "";
  return (capacityBytes === undefined
    ? "--capacity 80GiB says what fits."
    : `${
      formatBytes(capacityBytes)
    } is taken to be free for KV: weights and activations are not here.`) +
    window;
}
