/**
 * `kvtier explain`: what a metric means, how a policy decides, and what neither shows.
 *
 * @module
 */
import {
  didYouMean,
  explainMetric,
  explainPolicy,
  explainRunMetric,
  METRICS,
  POLICY_NOTES,
  registry,
  UsageError,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { print, terminalColumns } from "./output.ts";

export const explainCommand: Command = {
  name: "explain",
  usage: "[METRIC|POLICY]",
  summary:
    "Explains a metric or a policy: formula or rule, unit, source, and what it does not show.",
  arguments: [0, 1],
  options: [],
  examples: [
    ["kvtier explain", "which metrics are there?"],
    ["kvtier explain prefixHitRatio", "what is a prefix hit, and why is it lower?"],
    ["kvtier explain arc", "how does ARC choose, and when does it lose?"],
  ],
  run,
};

function run(input: Input): Promise<number> {
  const name = input.args[0];
  if (name === undefined) {
    print(`${explainMetric()}\nPolicies: ${POLICY_NOTES.map((note) => note.name).join(", ")}\n`);
    return Promise.resolve(0);
  }
  const { policies, admitters, prefetchers } = registry();
  const entry = [...policies, ...admitters, ...prefetchers].find((entry) => entry.name === name);
  if (entry !== undefined) print(explainPolicy(entry, terminalColumns()));
  else print(explainRunMetric(name) ?? explainMetric(knownMetric(name)));
  return Promise.resolve(0);
}

function knownMetric(name: string): string {
  const metrics = METRICS.map((metric) => metric.name);
  if (metrics.includes(name)) return name;
  const names = [...metrics, ...POLICY_NOTES.map((note) => note.name)];
  const hint = didYouMean(name, names);
  throw new UsageError({
    code: "usage/unknown-name",
    message: `Cannot explain: "${name}" is neither a metric nor a policy`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier explain` lists them all"],
  });
}
