/**
 * `kvtier policies`: what the engine says that it can replay.
 *
 * @module
 */
import { type Entry, POLICY_NOTES, policyTable, registry, VERSION } from "kvtier";
import type { Command, Input } from "./options.ts";
import { print, terminalColumns } from "./output.ts";

export const policiesCommand: Command = {
  name: "policies",
  usage: "[options]",
  summary: "Lists the engine's policies, admission filters and prefetchers, as it tells them.",
  arguments: [0, 0],
  options: [{ name: "json", text: "write JSON" }],
  examples: [
    ["kvtier policies", "what can I compare?"],
    ["kvtier explain s3-fifo", "how does one of them decide?"],
  ],
  run,
};

function run(input: Input): Promise<number> {
  const { policies, admitters, prefetchers } = registry();
  if (input.has("json")) {
    const entries = (list: readonly Entry[]) =>
      list.map(({ index: _index, ...entry }) => ({
        ...entry,
        idea: POLICY_NOTES.find(({ name }) => name === entry.name)?.idea ?? null,
      }));
    const document = {
      command: "policies",
      version: VERSION,
      schema: 1,
      policies: entries(policies),
      admission: entries(admitters),
      prefetch: entries(prefetchers),
    };
    print(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    print(policyTable(policies, admitters, prefetchers, terminalColumns()));
  }
  return Promise.resolve(0);
}
