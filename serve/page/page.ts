/// <reference lib="dom" />
/**
 * The page at work: a file in, then the trace, its curve and its policies, one after the other.
 *
 * @module
 */
import type { CurveResult } from "../../curves/result.ts";
import { DEFAULT_CAPACITIES, DEFAULT_POLICIES } from "../../engine/compare.ts";
import type { Comparison, Touch } from "../../engine/result.ts";
import { formatCount } from "../../report/format.ts";
import { answerBox } from "../../report/html_parts.ts";
import type { TraceInfo } from "../../traces/info.ts";
import { CurveView } from "./curve_view.ts";
import { element, fill, say, show } from "./elements.ts";
import { Engine } from "./engine.ts";
import { errorMarkup } from "./error_markup.ts";
import type { Answer } from "./messages.ts";
import { showPolicies } from "./policy_view.ts";
import { showTrace } from "./trace_view.ts";

/** Look-ups of a whole comparison that are replayed without being asked for: seconds. */
const UNASKED_ACCESSES = 200e6;

/** One trace and everything that is known of it. */
interface Opened {
  readonly file: Blob;
  readonly name: string;
  info?: TraceInfo;
  readonly curves: Map<Touch, CurveResult>;
  readonly comparisons: Map<Touch, Comparison>;
  /** What was answered, or refused, and need not be asked again: `curve tail-first`. */
  readonly settled: Set<string>;
}

/** The whole page. */
export class Page {
  private opened: Opened | undefined;
  private touch: Touch = "tail-first";
  /** Whether the user asked for policies that take long. */
  private isAsked = false;
  private isRunning = false;
  private readonly engine = new Engine((answer) => this.hear(answer), (text) => this.fail(text));
  private readonly curve = new CurveView(() => this.showPolicies());

  /** Forgets everything and reads a file. */
  open(file: Blob, name: string): void {
    this.engine.stop();
    this.opened = { file, name, curves: new Map(), comparisons: new Map(), settled: new Set() };
    this.isAsked = false;
    this.curve.clear();
    fill("failure", "");
    fill("policies-content", "");
    for (const id of ["facts", "policies", "limits"]) show(id, false);
    this.goOn();
  }

  /** Asks for the next thing that is missing. */
  goOn(): void {
    const { opened, touch } = this;
    if (opened === undefined) return;
    const { file, name, info } = opened;
    if (info === undefined) {
      return this.ask(`reading ${name}`, () => this.engine.ask({ kind: "open", file, name }));
    }
    if (info.ideal.block === 0) return this.finish(`${name}: read.`);
    const isMissing = (kind: "curve" | "compare") => !opened.settled.has(`${kind} ${touch}`);
    if (isMissing("curve")) return this.askOfTrace({ kind: "curve", touch });
    if (!isMissing("compare")) return this.finish("Done.");
    const cost = comparisonAccesses(info);
    show("policies", true);
    if (this.isAsked || cost <= UNASKED_ACCESSES) {
      return this.askOfTrace({ kind: "compare", touch });
    }
    say("policies-cost", `${formatCount(cost / 1e6)} million look-ups`);
    show("policies-ask", true);
    this.finish("The curve is there.");
  }

  /** Compares policies, however long it takes. */
  compare(): void {
    this.isAsked = true;
    show("policies-ask", false);
    this.goOn();
  }

  /** Stops whatever is going on; what is there stays. */
  cancel(): void {
    this.engine.stop();
    say("status", "Cancelled.");
    this.running(false);
    show("resume", true);
    // The button under the finger is gone: the next one is its counterpart.
    element("resume").focus();
  }

  chooseTouch(touch: Touch): void {
    this.touch = touch;
    // What was asked for the other order is of no use now.
    if (this.isRunning) this.engine.stop();
    fill("policies-content", "");
    this.showCurve();
    this.showPolicies();
    this.goOn();
  }

  private askOfTrace(ask: { kind: "curve" | "compare"; touch: Touch }): void {
    const { file, name } = this.opened!;
    this.ask(ask.kind === "curve" ? "drawing the curve" : "replaying policies", () => {
      if (!this.engine.isAlive) this.engine.ask({ kind: "open", file, name });
      this.engine.ask(ask);
    });
  }

  private ask(what: string, post: () => void): void {
    this.running(true);
    showProgress(what, 0);
    show("resume", false);
    fill("failure", "");
    post();
  }

  private hear(answer: Answer): void {
    const { opened } = this;
    if (opened === undefined) return;
    switch (answer.kind) {
      case "progress":
        return showProgress(answer.what, answer.done, answer.total);
      case "failure":
        if (answer.asked !== "curve") return this.fail(answer.text);
        opened.settled.add(`curve ${this.touch}`);
        this.curve.showEmpty(errorMarkup(answer.text), false);
        break;
      case "trace":
        if (opened.info !== undefined) return; // read again after a cancel
        opened.info = answer.info;
        showTrace(answer.info);
        if (answer.info.ideal.block === 0) {
          this.curve.showEmpty(answerBox([emptyReason(answer.info)]), true);
        }
        break;
      case "curve":
        opened.curves.set(answer.result.touch, answer.result);
        this.showCurve();
        if (!answer.isWhole) return;
        opened.settled.add(`curve ${answer.result.touch}`);
        break;
      case "comparison":
        opened.comparisons.set(answer.touch, answer.comparison);
        opened.settled.add(`compare ${answer.touch}`);
        this.showPolicies();
    }
    this.goOn();
  }

  private showCurve(): void {
    const curve = this.opened?.curves.get(this.touch);
    if (this.opened?.info !== undefined && curve !== undefined) {
      this.curve.showCurve(this.opened.info, curve);
    }
  }

  private showPolicies(): void {
    const comparison = this.opened?.comparisons.get(this.touch);
    if (comparison === undefined) return;
    showPolicies(comparison, this.touch, this.curve.blockBytes());
  }

  private fail(text: string): void {
    this.engine.stop();
    this.running(false);
    say("status", "It did not work.");
    fill("failure", errorMarkup(text));
  }

  private finish(text: string): void {
    this.running(false);
    say("status", text);
  }

  private running(isRunning: boolean): void {
    this.isRunning = isRunning;
    show("running", true);
    for (const id of ["progress", "share", "cancel"]) show(id, isRunning);
  }
}

function showProgress(what: string, done: number, total?: number): void {
  say("status", `${what[0].toUpperCase()}${what.slice(1)} …`);
  const bar = element<HTMLProgressElement>("progress");
  if (total === undefined || total === 0) bar.removeAttribute("value");
  else bar.value = done / total;
  say("share", total === undefined || total === 0 ? "" : `${Math.floor(100 * done / total)} %`);
}

/** Look-ups of a comparison with everything at its default. */
function comparisonAccesses({ accesses }: TraceInfo): number {
  return accesses * DEFAULT_POLICIES.length * DEFAULT_CAPACITIES.length;
}

function emptyReason({ reuse, ideal }: TraceInfo): string {
  if (reuse === "none") {
    return "There is no curve: the trace does not name its blocks, so nothing can be reused in it.";
  }
  return ideal.anyBlock === 0
    ? "There is no curve: no block is touched twice, so no cache of any size serves anything."
    : "There is no curve: no request begins with a block that was touched before, so a prefix " +
      "cache of any size serves nothing.";
}
