/// <reference lib="dom" />
/**
 * The page's end of the worker: asks, answers, and stopping it at any moment.
 *
 * @module
 */
import { element } from "./elements.ts";
import type { Answer, Ask } from "./messages.ts";

/** A worker with the engine; a stopped one is replaced at the next question. */
export class Engine {
  private worker: Worker | undefined;
  private readonly address: string;

  /**
   * @param onAnswer Hears everything that the worker says.
   * @param onCrash Hears of faults that the worker could not tell itself.
   */
  constructor(
    private readonly onAnswer: (answer: Answer) => void,
    private readonly onCrash: (text: string) => void,
  ) {
    const script = element("worker-script").textContent ?? "";
    this.address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  }

  /** Whether a worker is there, with whatever trace it has read. */
  get isAlive(): boolean {
    return this.worker !== undefined;
  }

  ask(ask: Ask): void {
    this.worker ??= this.start();
    this.worker.postMessage(ask);
  }

  /** Ends the worker where it stands; its trace and its memory are gone. */
  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  private start(): Worker {
    const worker = new Worker(this.address);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (worker === this.worker) this.onAnswer(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop();
      this.onCrash(event.message || "the worker did not start");
    };
    return worker;
  }
}
