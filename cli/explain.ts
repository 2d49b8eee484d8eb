/**
 * `kvtier explain`: what a metric means, how a policy or router decides, and what neither shows.
 *
 * @module
 */
import {
  didYouMean,
  explainMetric,
  explainPolicy,
  explainRunMetric,
  explainServingMetric,
  METRICS,
  POLICY_NOTES,
  registry,
  ROUTER_NOTES,
  SERVING_METRICS,
  UsageError,
} from "kvtier";
import type { Command, Input } from "./options.ts";
import { print, terminalColumns } from "./output.ts";

export const explainCommand: Command = {
  name: "explain",
  usage: "[METRIC|POLICY|ROUTER]",
  summary:
    "Explains a metric, policy or router: formula or rule, source, and what it does not show.",
  arguments: [0, 1],
  options: [],
  examples: [
    ["kvtier explain", "which metrics are there?"],
    ["kvtier explain prefixHitRatio", "what is a prefix hit, and why is it lower?"],
    ["kvtier explain ttftNsP99", "from when to when is a TTFT?"],
    ["kvtier explain arc", "how does ARC choose, and when does it lose?"],
    ["kvtier explain kvtier-ms", "by what does a router send requests where?"],
  ],
  run,
};

function run(input: Input): Promise<number> {
  const name = input.args[0];
  if (name === undefined) {
    const list = (notes: readonly { readonly name: string }[]) =>
      notes.map((note) => note.name).join(", ");
    print(`${explainMetric()}\nPolicies: ${list(POLICY_NOTES)}\nRouters: ${list(ROUTER_NOTES)}\n`);
    return Promise.resolve(0);
  }
  const { policies, admitters, prefetchers, routers } = registry();
  const entry = [...policies, ...admitters, ...prefetchers, ...routers]
    .find((entry) => entry.name === name);
  if (entry !== undefined) print(explainPolicy(entry, terminalColumns()));
  else {
    const found = [explainRunMetric(name), explainServingMetric(name)]
      .filter((text) => text !== undefined);
    print(found.length > 0 ? found.join("\n") : explainMetric(knownMetric(name)));
  }
  return Promise.resolve(0);
}

function knownMetric(name: string): string {
  const metrics = METRICS.map((metric) => metric.name);
  if (metrics.includes(name)) return name;
  const served = SERVING_METRICS.map((metric) => metric.name);
  const notes = [...POLICY_NOTES, ...ROUTER_NOTES];
  const names = [...metrics, ...served, ...notes.map((note) => note.name)];
  const hint = didYouMean(name, names);
  throw new UsageError({
    code: "usage/unknown-name",
    message: `Cannot explain: "${name}" is no metric, policy or router`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier explain` lists them all"],
  });
}
