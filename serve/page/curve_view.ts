/// <reference lib="dom" />
/**
 * The chart, and the sliders that ask it questions.
 *
 * @module
 */
import type { CurveResult } from "../../curves/result.ts";
import { parseBytes } from "../../scenario/units.ts";
import { formatCount, formatPercent } from "../../report/format.ts";
import { escapeHtml } from "../../report/html_page.ts";
import type { TraceInfo } from "../../traces/info.ts";
import { blocksAtX, curveChart } from "./curve_chart.ts";
import { commandLine } from "./command_line.ts";
import { element, fill, say, show } from "./elements.ts";
import {
  blocksOfStep,
  capacitySentence,
  sizeText,
  type SizingInput,
  stepOfBlocks,
  targetOf,
  targetSentence,
} from "./sizing.ts";

/** The curve of one trace, and what is asked of it. */
export class CurveView {
  private info: TraceInfo | undefined;
  private result: CurveResult | undefined;
  /** What the capacity slider says, between its steps too. */
  private capacityBlocks = 0;

  /** @param onBlockBytes Called when another block size is in force. */
  constructor(private readonly onBlockBytes: () => void) {
    element("target").addEventListener("input", () => this.chooseTarget());
    element("capacity").addEventListener("input", () => {
      const step = Number(element<HTMLInputElement>("capacity").value);
      this.chooseCapacity(blocksOfStep(step, this.info?.uniqueBlocks ?? 1));
    });
    element("model").addEventListener("change", () => this.chooseModel());
    element("block-bytes").addEventListener("input", () => this.chooseModel());
    element("chart").addEventListener("click", (event) => this.chooseAt(event.clientX));
    new ResizeObserver(() => this.draw()).observe(element("chart"));
  }

  /** Forgets the last trace. */
  clear(): void {
    this.info = this.result = undefined;
    this.capacityBlocks = 0;
    for (const id of ["curve", "sizing"]) show(id, false);
  }

  /** Bytes of a block as the user chose them; absent for "blocks only" and for nonsense. */
  blockBytes(): number | undefined {
    const model = element<HTMLSelectElement>("model").value;
    if (model === "") return undefined;
    if (model !== "own") return Math.ceil(Number(model) * (this.info?.blockTokens ?? 0));
    try {
      const bytes = parseBytes(element<HTMLInputElement>("block-bytes").value);
      say("block-bytes-error", "");
      return bytes;
    } catch (error) {
      say("block-bytes-error", (error as Error).message);
      return undefined;
    }
  }

  /**
   * Shows that a trace has no curve, and why.
   *
   * @param markup The reason; every text in it must be escaped.
   * @param isForGood Whether the other touch order would have none either.
   */
  showEmpty(markup: string, isForGood: boolean): void {
    fill("curve-empty", markup);
    show("order", !isForGood);
    show("curve-empty", true);
    show("curve-content", false);
    show("sizing", false);
    show("curve", true);
  }

  /** Shows a curve; the target stays what it was. */
  showCurve(info: TraceInfo, result: CurveResult): void {
    this.info = info;
    this.result = result;
    show("curve-empty", false);
    show("curve-content", true);
    for (const id of ["curve", "order", "sizing"]) show(id, true);
    say("curve-note", noteOf(result, info));
    fill("curve-repeat", repeatText(result));
    const isNew = this.capacityBlocks === 0;
    if (isNew) this.chooseTarget();
    else this.refresh();
  }

  private input(): SizingInput | undefined {
    if (this.info === undefined || this.result === undefined) return undefined;
    const blockBytes = this.blockBytes();
    const [lru, optimum] = this.result.curves;
    return {
      accesses: this.info.accesses,
      ceilingHits: lru.prefixPoints[lru.prefixPoints.length - 1][1],
      lru: lru.prefixPoints,
      // The optimum of block hits bounds all prefix hits.
      ...(optimum && { optimum: optimum.points, isOptimumExact: optimum.exact }),
      ...(blockBytes === undefined ? {} : { blockBytes }),
    };
  }

  private chooseTarget(): void {
    const input = this.input();
    if (input === undefined) return;
    const target = element<HTMLInputElement>("target");
    const share = Number(target.value) / 100;
    const { lruBlocks } = targetOf(input, share);
    say("target-value", `${target.value} % of the ceiling`);
    target.setAttribute("aria-valuetext", `${target.value} % of the ceiling`);
    say("target-answer", targetSentence(input, share));
    this.chooseCapacity(lruBlocks);
  }

  private chooseCapacity(blocks: number): void {
    const input = this.input();
    if (input === undefined || this.info === undefined) return;
    this.capacityBlocks = blocks;
    const slider = element<HTMLInputElement>("capacity");
    slider.value = String(stepOfBlocks(blocks, this.info.uniqueBlocks));
    const size = sizeText(blocks, input.blockBytes);
    slider.setAttribute("aria-valuetext", size);
    say("capacity-value", size);
    say("capacity-answer", capacitySentence(input, blocks));
    this.draw();
  }

  private chooseModel(): void {
    const isOwn = element<HTMLSelectElement>("model").value === "own";
    show("block-bytes-field", isOwn);
    this.refresh();
    this.onBlockBytes();
  }

  /** Says the same again of another curve or in other units. */
  private refresh(): void {
    const { capacityBlocks } = this;
    this.chooseTarget();
    this.chooseCapacity(capacityBlocks);
  }

  private chooseAt(clientX: number): void {
    if (this.info === undefined) return;
    const { left, width } = element("chart").getBoundingClientRect();
    const blocks = blocksAtX(clientX - left, Math.floor(width), this.info.uniqueBlocks);
    this.chooseCapacity(blocks);
  }

  private draw(): void {
    const input = this.input();
    const width = Math.floor(element("chart").clientWidth);
    if (input === undefined || this.info === undefined || width === 0) return;
    const { uniqueBlocks } = this.info;
    const markedBlocks = this.capacityBlocks;
    const points = input.isOptimumExact === true ? [] : input.optimum ?? [];
    fill("chart", curveChart({ ...input, width, uniqueBlocks, markedBlocks, points }));
    element("chart").setAttribute("aria-label", chartLabel(input, uniqueBlocks));
  }
}

function chartLabel({ accesses, ceilingHits }: SizingInput, uniqueBlocks: number): string {
  return "Chart: hit ratio of LRU and of the optimum by capacity, from 1 to " +
    `${formatCount(uniqueBlocks)} blocks, up to the ceiling of ` +
    `${formatPercent(ceilingHits / accesses)} %. The sliders below read it.`;
}

function noteOf({ curves: [, optimum] }: CurveResult, { accesses }: TraceInfo): string {
  if (optimum === undefined) {
    return "Prefix hits in percent of look-ups. LRU is exact at every capacity.";
  }
  if (optimum.exact) {
    return "Prefix hits in percent of look-ups. Both lines are exact at every capacity.";
  }
  return "Prefix hits in percent of look-ups. LRU is exact at every capacity, the optimum at its " +
    `points; between them it is on the line or above it, by at most ${
      formatCount(optimum.errorHits)
    } of ${formatCount(accesses)} look-ups.`;
}

/** How to get the same curves elsewhere; nothing as long as the optimum is missing. */
function repeatText({ curves, trace, touch, resultHash }: CurveResult): string {
  if (curves.length < 2) return "";
  const command = commandLine("curve", trace.path, touch);
  return `<code>${escapeHtml(command)}</code> gives the same curves, and the result hash ` +
    `<code>${resultHash}</code>.`;
}
