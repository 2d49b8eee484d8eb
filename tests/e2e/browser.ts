/**
 * A headless Chromium, driven by its own protocol over a WebSocket: no package in between.
 *
 * @module
 */

import { findProgram } from "./command.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ...["--disable-dev-shm-usage", "--remote-debugging-port=0", "--remote-allow-origins=*"],
];

const DEADLINE_MS = 30_000;

/** The Chromium of this machine: `KVTIER_CHROMIUM`, or one on PATH. */
export async function findChromium(): Promise<string | undefined> {
  return Deno.env.get("KVTIER_CHROMIUM") ?? await findProgram(...NAMES);
}

type Parameters = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  // deno-lint-ignore no-explicit-any
  readonly params?: any;
  // deno-lint-ignore no-explicit-any
  readonly result?: any;
  readonly error?: { readonly message: string };
}

/** Fails a promise that takes too long, so that no test hangs. */
async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took too long`)), DEADLINE_MS);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Calls and their answers, and what is told without being asked. */
class Connection {
  #last = 0;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly listeners = new Set<(message: Message) => void>();

  private constructor(readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => {
      const message: Message = JSON.parse(data);
      if (message.id === undefined) { for (const listen of this.listeners) listen(message); }
      else this.#waiting.get(message.id)?.(message);
    };
  }

  static async open(url: string): Promise<Connection> {
    const socket = new WebSocket(url);
    await inTime(
      new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = () => reject(new Error("no connection to Chromium"));
      }),
      "connecting to Chromium",
    );
    return new Connection(socket);
  }

  // deno-lint-ignore no-explicit-any
  async call(method: string, params: Parameters = {}, sessionId?: string): Promise<any> {
    const id = ++this.#last;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await inTime(answer, method);
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Resolves when a page tells of `method`. */
  async event(method: string, sessionId: string): Promise<void> {
    let listen: ((message: Message) => void) | undefined;
    const told = new Promise<void>((resolve) => {
      listen = (message) => {
        if (message.method === method && message.sessionId === sessionId) resolve();
      };
      this.listeners.add(listen);
    });
    await inTime(told, method).finally(() => this.listeners.delete(listen!));
  }
}

/** A page, with everything that it complained of or asked for. */
export class Page {
  /** Errors and warnings of the console, of scripts, of the network, of the security policy. */
  readonly complaints: string[] = [];
  /** Addresses of all requests. */
  readonly requests: string[] = [];

  constructor(readonly connection: Connection, readonly session: string) {
    connection.listeners.add((message) => {
      if (message.sessionId === session) this.#note(message);
    });
  }

  // deno-lint-ignore no-explicit-any
  async call(method: string, params: Parameters = {}): Promise<any> {
    return await this.connection.call(method, params, this.session);
  }

  #note({ method, params }: Message): void {
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    else if (method === "Runtime.exceptionThrown") {
      const { text, exception } = params.exceptionDetails;
      this.complaints.push(`${text} ${exception?.description ?? ""}`);
    } else if (method === "Log.entryAdded" && params.entry.level !== "verbose") {
      this.complaints.push(`${params.entry.level}: ${params.entry.text} ${params.entry.url ?? ""}`);
    } else if (method === "Runtime.consoleAPICalled" && params.type !== "log") {
      this.complaints.push(`console.${params.type}: ${JSON.stringify(params.args)}`);
    }
  }

  /** Opens an address and waits until all of it is loaded. */
  async open(url: string): Promise<void> {
    const loaded = this.connection.event("Page.loadEventFired", this.session);
    const { errorText } = await this.call("Page.navigate", { url });
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  /** The value of a JavaScript expression; promises are waited for. */
  // deno-lint-ignore no-explicit-any
  async evaluate(expression: string): Promise<any> {
    const options = { awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", {
      ...options,
      expression,
    });
    if (exceptionDetails === undefined) return result.value;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  /** Puts a file into a file input, as a user would. */
  async chooseFile(selector: string, file: string): Promise<void> {
    const { root } = await this.call("DOM.getDocument");
    const { nodeId } = await this.call("DOM.querySelector", { nodeId: root.nodeId, selector });
    await this.call("DOM.setFileInputFiles", { files: [file], nodeId });
  }

  async screenshot(file: string): Promise<void> {
    const { data } = await this.call("Page.captureScreenshot", { captureBeyondViewport: true });
    await Deno.writeFile(file, Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0)));
  }
}

/** A browser process with a profile of its own. */
export class Browser {
  private constructor(
    readonly process: Deno.ChildProcess,
    readonly profile: string,
    readonly connection: Connection,
  ) {}

  static async launch(path: string, flags: readonly string[] = []): Promise<Browser> {
    const profile = await Deno.makeTempDir({ prefix: "kvtier-chromium-" });
    const args = [...FLAGS, ...flags, `--user-data-dir=${profile}`, "about:blank"];
    const process = new Deno.Command(path, { args, stdout: "null", stderr: "piped" }).spawn();
    const url = await inTime(addressOf(process), "starting Chromium");
    return new Browser(process, profile, await Connection.open(url));
  }

  /** A new page of the given width in CSS pixels. */
  async newPage(width = 1200, height = 900): Promise<Page> {
    const { targetId } = await this.connection.call("Target.createTarget", { url: "about:blank" });
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.connection.call("Target.attachToTarget", attach);
    const page = new Page(this.connection, sessionId);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.call(`${domain}.enable`);
    // As a narrow window: a telephone would zoom out, and hide what is too wide.
    const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
    await page.call("Emulation.setDeviceMetricsOverride", metrics);
    return page;
  }

  async close(): Promise<void> {
    await this.connection.call("Browser.close").catch(() => this.process.kill());
    const closed = new Promise((resolve) => this.connection.socket.onclose = resolve);
    if (this.connection.socket.readyState !== WebSocket.CLOSED) {
      this.connection.socket.close();
      await closed;
    }
    await this.process.status;
    // Its children may still be writing for a moment.
    for (let attempt = 0; attempt < 20; attempt++) {
      const removed = await Deno.remove(this.profile, { recursive: true }).then(
        () => true,
        () => false,
      );
      if (removed) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The address that Chromium prints; the rest of its chatter is read and dropped. */
async function addressOf(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Chromium did not start:\n${text}`);
    text += value;
    const found = /DevTools listening on (ws:\S+)/.exec(text);
    if (found === null) continue;
    (async () => {
      while (!(await reader.read()).done);
    })();
    return found[1];
  }
}
