/**
 * What is wrong or remarkable in a trace, collected while it is read.
 *
 * @module
 */

import { type Place, type Problem, TraceError } from "../errors/errors.ts";

/** Errors refuse a trace; warnings do so in strict validation; infos never do. */
export type Severity = "error" | "warning" | "info";

/** One finding, with its place and how to mend it. */
export interface Finding {
  /** Stable name, such as `arrival-backwards`. */
  readonly name: string;
  readonly severity: Severity;
  /** What is wrong, as a clause: `arrival goes back`. */
  readonly message: string;
  readonly place?: Place;
  readonly found?: string;
  readonly expected?: string;
  readonly mend?: readonly string[];
  readonly sourceLine?: string;
}

/** How many findings of one name are kept whole; the others are counted. */
export const FINDINGS_KEPT = 20;

/** Findings of one file: the first of each name are kept, all are counted. */
export class Findings {
  readonly #kept: Finding[] = [];
  readonly #counts = new Map<string, number>();
  readonly #bySeverity: Record<Severity, number> = { error: 0, warning: 0, info: 0 };

  constructor(readonly file: string) {}

  /** Errors so far. */
  get errorCount(): number {
    return this.#bySeverity.error;
  }

  /** Findings of a severity so far. */
  countOf(severity: Severity): number {
    return this.#bySeverity[severity];
  }

  /**
   * Whether a further finding of this name would be kept; making its text is worth it only then.
   */
  wants(name: string): boolean {
    return (this.#counts.get(name) ?? 0) < FINDINGS_KEPT;
  }

  /** How often each name was found. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The findings kept, in the order in which they were met. */
  get list(): readonly Finding[] {
    return this.#kept;
  }

  add(finding: Finding): void {
    const count = this.#counts.get(finding.name) ?? 0;
    this.#counts.set(finding.name, count + 1);
    this.#bySeverity[finding.severity]++;
    if (count >= FINDINGS_KEPT) return;
    this.#kept.push({ ...finding, place: { file: this.file, ...finding.place } });
  }

  /** Counts a further finding of a name whose text is not wanted any more. */
  count(name: string, severity: Severity): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.#bySeverity[severity]++;
  }

  /** Throws all errors found, if there are any. */
  check(): void {
    if (this.errorCount > 0) throw this.toError();
  }

  /** One error that holds the first findings and says how many more there are. */
  toError(): TraceError {
    const errors = this.#kept.filter(({ severity }) => severity === "error");
    const problems = errors.slice(0, FINDINGS_KEPT).map(toProblem);
    const hidden = this.errorCount - problems.length;
    if (hidden > 0) {
      problems[problems.length - 1] = {
        code: "trace/more-findings",
        message: `Cannot read trace: ${hidden + 1} more findings like these`,
        place: { file: this.file },
      };
    }
    return new TraceError(problems[0], problems.slice(1));
  }
}

/** The finding as part of an error. */
export function toProblem(finding: Finding): Problem {
  return {
    code: `trace/${finding.name}`,
    message: `Cannot read trace: ${finding.message}`,
    place: finding.place,
    found: finding.found,
    expected: finding.expected,
    mend: finding.mend,
    sourceLine: finding.sourceLine,
  };
}

/** A refusal of the file as a whole, for faults after which reading on makes no sense. */
export function refusal(file: string, finding: Omit<Finding, "severity">): TraceError {
  return new TraceError(
    toProblem({ ...finding, severity: "error", place: { file, ...finding.place } }),
  );
}
