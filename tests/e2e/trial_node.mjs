// The trial in Node: node trial_node.mjs BUNDLE TRACE
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { trial } from "./trial.mjs";

const library = await import(pathToFileURL(process.argv[2]).href);
console.log(await trial(library, new Uint8Array(await readFile(process.argv[3]))));
