/**
 * What the page and its worker say to each other.
 *
 * @module
 */
import type { CurveResult } from "../../curves/result.ts";
import type { Comparison, Touch } from "../../engine/result.ts";
import type { TraceInfo } from "../../traces/info.ts";

/** What the page asks for; answered in this order. */
export type Ask =
  /** Reads a file; everything after it is about this trace. */
  | { readonly kind: "open"; readonly file: Blob; readonly name: string }
  | { readonly kind: "curve"; readonly touch: Touch }
  | { readonly kind: "compare"; readonly touch: Touch };

/** What the worker answers. */
export type Answer =
  /** `done` of `total` (of unknown size when absent), while `what` is being done. */
  | {
    readonly kind: "progress";
    readonly what: string;
    readonly done: number;
    readonly total?: number;
  }
  | { readonly kind: "trace"; readonly info: TraceInfo }
  /** Told twice: LRU alone, then with the optimum, as `kvtier curve` gives both. */
  | { readonly kind: "curve"; readonly result: CurveResult; readonly isWhole: boolean }
  | { readonly kind: "comparison"; readonly touch: Touch; readonly comparison: Comparison }
  /** An error as the command line would print it. */
  | { readonly kind: "failure"; readonly asked: Ask["kind"]; readonly text: string };
