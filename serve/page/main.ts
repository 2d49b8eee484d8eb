/// <reference lib="dom" />
/**
 * The beginning of the page's script: what buttons, files and drops lead to.
 *
 * @module
 */
import type { Touch } from "../../engine/result.ts";
import { ENGINE_HASH } from "../../engine/wasm.ts";
import { element, fill, say } from "./elements.ts";
import { Page } from "./page.ts";

/** The sample of the page, if it has one. */
function openSample(page: Page): void {
  const data = element("sample-data");
  const text = atob(data.textContent ?? "");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  page.open(new Blob([bytes]), data.dataset.name ?? "sample");
}

function listenForDrops(page: Page): void {
  const mark = (isOver: boolean) => document.body.classList.toggle("dropping", isOver);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) page.open(file, file.name);
  });
}

/** Browsers give SHA-256 to files, to this machine and to https only. */
const INSECURE = "error: this browser gives no SHA-256 to a page from another machine over http\n" +
  "  = save this page and open the file, or serve it over https";

function start(): void {
  say("engine", ENGINE_HASH.slice(0, 12));
  if (crypto.subtle === undefined) {
    fill("failure", `<pre>${INSECURE}</pre>`);
    for (const button of document.querySelectorAll("button")) button.disabled = true;
    return;
  }
  const page = new Page();
  const file = element<HTMLInputElement>("file");
  element("choose").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen !== undefined) page.open(chosen, chosen.name);
    // The same file may be chosen again.
    file.value = "";
  });
  document.getElementById("sample")?.addEventListener("click", () => openSample(page));
  element("cancel").addEventListener("click", () => page.cancel());
  element("resume").addEventListener("click", () => page.goOn());
  element("compare").addEventListener("click", () => page.compare());
  for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=touch]")) {
    radio.addEventListener("change", () => page.chooseTouch(radio.value as Touch));
  }
  listenForDrops(page);
}

start();
