/**
 * A line of progress on stderr, on a terminal only: share done, rate, time left.
 *
 * @module
 */

const REDRAW_MS = 100;

/** One line that redraws itself; silent when stderr is not a terminal. */
export class Progress {
  private readonly shown: boolean;
  private readonly startedMs = performance.now();
  private drawnMs = 0;
  private drawn = false;

  /** @param unit What is counted, such as `accesses`. */
  constructor(private readonly unit: string) {
    this.shown = Deno.stderr.isTerminal();
  }

  /** @param label What is being done now. */
  update(done: number, total: number, label: string): void {
    const nowMs = performance.now();
    if (!this.shown || nowMs - this.drawnMs < REDRAW_MS) return;
    this.drawnMs = nowMs;
    const seconds = (nowMs - this.startedMs) / 1000;
    const perSecond = done / Math.max(seconds, 1e-3);
    const left = total > 0 ? (total - done) / Math.max(perSecond, 1e-9) : NaN;
    const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : "";
    const time = Number.isFinite(left) && seconds > 0.5 ? `, ${duration(left)} left` : "";
    this.write(`${share.padStart(5)}  ${short(perSecond)} ${this.unit}/s${time}  ${label}`);
    this.drawn = true;
  }

  /** Wipes the line. */
  end(): void {
    if (this.drawn) this.write("");
    this.drawn = false;
  }

  private write(text: string): void {
    const line = text.slice(0, 100);
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[2K${line}`));
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function short(value: number): string {
  const units = ["", " k", " M", " G"];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return scaled.toFixed(scaled < 10 && unit > 0 ? 1 : 0) + units[unit];
}
