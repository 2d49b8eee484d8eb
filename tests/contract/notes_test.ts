/** The rows about policies stand in step with the engine's registry, both ways. */
import { assert, assertEquals } from "@std/assert";
import { registry } from "../../engine/registry.ts";
import { EVICTION_NOTES } from "../../report/eviction_notes.ts";
import { POLICY_NOTES } from "../../report/policy_notes.ts";

const { policies, admitters, prefetchers } = registry();

Deno.test("every registered name has a row, and every row is registered", () => {
  const registered = [...policies, ...admitters, ...prefetchers].map(({ name }) => name);
  const noted = POLICY_NOTES.map(({ name }) => name);
  assertEquals(noted.toSorted(), registered.toSorted());
});

Deno.test("a row says of its policy what the registry says", () => {
  for (const { name, oracle, heuristic, variant } of policies) {
    const note = POLICY_NOTES.find((note) => note.name === name)!;
    assertEquals(note.kind, !oracle ? "policy" : heuristic ? "oracle" : "bound", name);
    if (variant) assert(note.departs !== undefined, `${name} is a variant of nothing`);
  }
});

Deno.test("eviction rules of clusters have rows, and are policies with their parameters", () => {
  const { evictions } = registry();
  assertEquals(EVICTION_NOTES.map(({ name }) => name), evictions.map(({ name }) => name));
  for (const { name, parameters, oracle, heuristic, variant } of evictions) {
    const policy = policies.find((policy) => policy.name === name)!;
    assertEquals({ parameters, oracle, heuristic, variant }, {
      parameters: policy.parameters,
      oracle: policy.oracle,
      heuristic: policy.heuristic,
      variant: policy.variant,
    });
  }
});

Deno.test("no row leaves a cell empty", () => {
  for (const note of POLICY_NOTES) {
    for (const text of [note.idea, note.source, note.cost, note.loses]) {
      assert(text.length > 3 || text === "–", note.name);
    }
  }
});
