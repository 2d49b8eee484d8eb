/** The trial in a worker: bytes of the trace in, hashes out. */
import * as library from "kvtier";
import { trial } from "./trial.mjs";

// The types of a worker's scope are not those of the main one.
const scope = self as unknown as {
  onmessage: (event: MessageEvent<Uint8Array>) => void;
  postMessage(message: string): void;
};

scope.onmessage = async ({ data }) => scope.postMessage(await trial(library, data));
