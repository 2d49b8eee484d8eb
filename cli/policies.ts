/**
 * `kvtier policies`: what the engine says that it can replay.
 *
 * @module
 */
import { type Entry, POLICY_NOTES, policyTable, registry, ROUTER_NOTES, VERSION } from "kvtier";
import type { Command, Input } from "./options.ts";
import { print, terminalColumns } from "./output.ts";

const NOTES = [...POLICY_NOTES, ...ROUTER_NOTES];

export const policiesCommand: Command = {
  name: "policies",
  usage: "[options]",
  summary: "Lists the engine's policies, filters, prefetchers and routers, as it tells them.",
  arguments: [0, 0],
  options: [{ name: "json", text: "write JSON" }],
  examples: [
    ["kvtier policies", "what can I compare?"],
    ["kvtier explain s3-fifo", "how does one of them decide?"],
  ],
  run,
};

function run(input: Input): Promise<number> {
  const known = registry();
  if (input.has("json")) {
    const entries = (list: readonly Entry[]) =>
      list.map(({ index: _index, ...entry }) => ({
        ...entry,
        idea: NOTES.find(({ name }) => name === entry.name)?.idea ?? null,
      }));
    const document = {
      command: "policies",
      version: VERSION,
      schema: 1,
      policies: entries(known.policies),
      admission: entries(known.admitters),
      prefetch: entries(known.prefetchers),
      routers: entries(known.routers),
      evictions: entries(known.evictions),
    };
    print(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    print(policyTable(known, terminalColumns()));
  }
  return Promise.resolve(0);
}
