/**
 * The whole page as one HTML file: markup, style, both scripts and the sample inside.
 *
 * @module
 */
import { escapeHtml, PAGE_STYLE } from "../../report/html_page.ts";
import { type BodyInput, pageBody } from "./markup.ts";
import { APP_STYLE } from "./style.ts";

/** What the file is made of. */
export interface DocumentInput extends BodyInput {
  /** `main.ts`, bundled as a classic script. */
  readonly mainScript: string;
  /** `worker.ts`, bundled as a classic script. */
  readonly workerScript: string;
  /** The sample as a gzipped `.kvt`; absent without one. */
  readonly sample?: Uint8Array;
}

/**
 * Writes the page.
 *
 * Its security policy allows the two scripts by their hashes, WebAssembly, and a worker made of a
 * text in the page; it allows no connection, image, frame or form.
 */
export async function pageDocument(input: DocumentInput): Promise<string> {
  const style = PAGE_STYLE + "\n" + APP_STYLE;
  const main = embeddable(input.mainScript);
  const policy = [
    "default-src 'none'",
    `script-src '${await digest(main)}' 'wasm-unsafe-eval'`,
    `style-src '${await digest(style)}'`,
    "worker-src blob:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    "<title>kvtier</title>",
    '<link rel="icon" href="data:,">',
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    pageBody(input),
    dataBlock("worker-script", embeddable(input.workerScript)),
    ...(input.sample === undefined ? [] : [
      dataBlock("sample-data", base64(input.sample), input.sampleName),
    ]),
    `<script>${main}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** A text that the browser keeps and does not run. */
function dataBlock(id: string, text: string, name = ""): string {
  const label = name === "" ? "" : ` data-name="${escapeHtml(name)}"`;
  return `<script type="text/plain" id="${id}"${label}>${text}</script>`;
}

/** A script whose strings cannot end the element that holds it, nor begin a comment. */
function embeddable(script: string): string {
  return script.replaceAll(/<(?=\/script|!--)/gi, "\\x3c");
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  );
  return `sha256-${base64(bytes)}`;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  // In pieces, since a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 1 << 15) {
    text += String.fromCharCode(...bytes.subarray(at, at + (1 << 15)));
  }
  return btoa(text);
}
