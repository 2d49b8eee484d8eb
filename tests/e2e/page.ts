/**
 * The page of `kvtier page` in a browser, and hands to use it with.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Browser, findChromium, type Page } from "./browser.ts";
import { inFolder, report, ROOT, text } from "./command.ts";

export const chromium = await findChromium();

/** Builds the page as `deno task page` does. */
async function build(folder: string, ...more: string[]): Promise<string> {
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-run"];
  const args = ["run", "--quiet", ...permissions, "cli.ts", "page", "--out", folder, ...more];
  const { code, stdout, stderr } = text(
    await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output(),
  );
  assertEquals({ code, stdout }, { code: 0, stdout: "" }, stderr);
  assertEquals(stderr, `wrote ${folder}/index.html\n`);
  return await Deno.readTextFile(`${folder}/index.html`);
}

export const html: string = chromium === undefined ? "" : await (async () => {
  let built = "";
  await inFolder(async (folder) => void (built = await build(`${folder}/deep/page`)));
  return built;
})();

/** An open page, and what a test may want beside it. */
interface Opened {
  readonly page: Page;
  /** Of the server that the page came from. */
  readonly origin: string;
  /** Paths that this server was asked for. */
  readonly asked: readonly string[];
  /** An empty folder. */
  readonly folder: string;
}

/** A test that needs Chromium and opens the page in it, from a server of this machine. */
export function inPage(
  name: string,
  body: (opened: Opened) => Promise<void>,
  width = 1200,
): Deno.TestDefinition {
  return needsChromium(name, () => inFolder((folder) => withPage(body, width, folder)));
}

async function withPage(
  body: (opened: Opened) => Promise<void>,
  width: number,
  folder: string,
): Promise<void> {
  const asked: string[] = [];
  const server = serve((path) => asked.push(path));
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const browser = await Browser.launch(chromium!);
  try {
    const page = await browser.newPage(width);
    await page.open(`${origin}/`);
    await body({ page, origin, asked, folder });
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

/** Serves the page on this machine only. */
export function serve(onAsked: (path: string) => void = () => {}): Deno.HttpServer<Deno.NetAddr> {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  return Deno.serve(options, (request) => {
    onAsked(new URL(request.url).pathname);
    return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
  });
}

/** Waits until the page has come to an end, and checks which. */
export async function status(page: Page, wanted: string): Promise<void> {
  const ends = JSON.stringify(["Cancelled.", "It did not work.", wanted]);
  await until(page, `${ends}.includes(document.getElementById("status").textContent)`);
  assertEquals(await textOf(page, "status"), wanted, await textOf(page, "failure"));
}

/** Waits until an expression of the page is true. */
export async function until(page: Page, expression: string): Promise<void> {
  const isTrue = await page.evaluate(`(async () => {
    for (let i = 0; i < 1000 && !(${expression}); i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return ${expression};
  })()`);
  assert(isTrue, expression);
}

export async function textOf(page: Page, id: string): Promise<string> {
  return await page.evaluate(`document.getElementById("${id}").innerText`);
}

export async function click(page: Page, id: string): Promise<void> {
  await page.evaluate(`document.getElementById("${id}").click()`);
}

/** Drops a file on the page, as a hand would. */
export async function drop(page: Page, file: string): Promise<void> {
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await page.call("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
}

const KEYS: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  ArrowLeft: 37,
  ArrowDown: 40,
};

export async function press(page: Page, key: string): Promise<void> {
  const parameters = { key, code: key, windowsVirtualKeyCode: KEYS[key] };
  const down = { type: "keyDown", ...parameters, ...(key === "Enter" ? { text: "\r" } : {}) };
  await page.call("Input.dispatchKeyEvent", down);
  await page.call("Input.dispatchKeyEvent", { type: "keyUp", ...parameters });
}

/** Presses Tab and gives what has the focus then. */
export async function tab(page: Page): Promise<string> {
  await press(page, "Tab");
  return await page.evaluate(
    "document.activeElement.id || document.activeElement.value || " +
      "document.activeElement.getAttribute('aria-label')",
  );
}

export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("KVTIER_SCREENSHOTS");
  if (folder !== undefined) await page.screenshot(`${folder}/${name}.png`);
}

/** The result hash of `kvtier compare` or `kvtier curve`. */
export async function commandHash(name: string, ...args: string[]): Promise<string> {
  return JSON.parse(await report(name, ...args, "--json")).resultHash;
}

/** A test that needs Chromium. */
export function needsChromium(name: string, fn: () => Promise<void>): Deno.TestDefinition {
  return { name: `the page in Chromium (needs one): ${name}`, ignore: chromium === undefined, fn };
}
