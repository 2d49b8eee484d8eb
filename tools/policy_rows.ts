/**
 * Prints the numbers that the rows of `report/policy_notes/` quote, on the conversation trace.
 *
 * `deno task policy-rows`
 *
 * @module
 */
import { compare, openTrace, registry } from "../mod.ts";

const CAPACITIES = ["1%", "5%", "10%", "25%"];
const SEEDS = [1, 2, 3];

const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");

/** Token and block hit ratios in percent, a pair for each capacity, mean over the seeds. */
async function ratios(policy: string, admission: string, seeded: boolean): Promise<string> {
  const runs = await Promise.all(
    (seeded ? SEEDS : SEEDS.slice(0, 1)).map((seed) =>
      compare(trace, { policies: [policy], capacities: CAPACITIES, admission, seed })
    ),
  );
  const mean = (value: (run: typeof runs[0]["results"][0]) => number) =>
    CAPACITIES.map((_, i) =>
      runs.reduce((sum, { results }) => sum + value(results[i]), 0) / runs.length
    );
  const token = mean((run) => 100 * run.hitTokens / run.inputTokens);
  const block = mean((run) => 100 * run.hits / run.accesses);
  const writes = mean((run) => run.insertions / 1000);
  const text = (values: number[], digits: number) =>
    values.map((value) => value.toFixed(digits).padStart(5)).join(" /");
  return `token ${text(token, 1)} %   block ${text(block, 1)} %   writes ${text(writes, 0)} k`;
}

const { policies, admitters } = registry();
for (const { name, seeded } of policies) {
  console.log(`${name.padEnd(18)} ${await ratios(name, "always", seeded)}`);
}
for (const { name } of admitters) {
  console.log(`lru + ${name.padEnd(12)} ${await ratios("lru", name, false)}`);
}
