/// <reference lib="dom" />
/**
 * Elements of the page by their names in `markup.ts`.
 *
 * @module
 */
import { EngineBug } from "../../errors/errors.ts";

/**
 * The element with that id.
 *
 * @throws {EngineBug} If `markup.ts` has none.
 */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found !== null) return found as T;
  throw new EngineBug({ code: "page/no-element", message: `Cannot find #${id} in the page` });
}

/** Shows an element, or hides it from everybody. */
export function show(id: string, isShown: boolean): void {
  element(id).hidden = !isShown;
}

/** Puts a text into an element, unless it is there: live regions speak of every change. */
export function say(id: string, text: string): void {
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
}

/** Puts markup into an element; every text in it must be escaped. */
export function fill(id: string, markup: string): void {
  element(id).innerHTML = markup;
}
