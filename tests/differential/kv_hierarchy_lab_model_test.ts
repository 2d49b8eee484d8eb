/**
 * The model of kv-hierarchy-lab against what the lab itself gave: every metric and event of every
 * case, to the last bit; and where its pages end up in two tiers, what a conserving engine does.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ROWS, SMALL } from "../support/lab_golden.ts";
import { type LabEvent, LabModel } from "../support/lab_model.ts";

/** What is absent in one and null or 0 in the other means the same. */
function eventsOf(events: readonly LabEvent[]): unknown[] {
  return events.map(([step, kind, page, source, target, latencyMs, bytes]) => [
    ...[step, kind, page, source ?? null, target ?? null, latencyMs ?? 0, bytes],
  ]);
}

async function digest(events: readonly LabEvent[]): Promise<string> {
  const hex = (value: number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, "0");
  };
  const lines = events.map(([step, kind, page, source, target, latencyMs, bytes]) =>
    `${step}|${kind}|${page}|${source ?? "-"}|${target ?? "-"}|${hex(latencyMs)}|${bytes}\n`
  );
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("")));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("the model gives every small case of the lab to the last bit", () => {
  assert(SMALL.length > 100);
  for (const golden of SMALL) {
    if (golden.error !== undefined) {
      assertThrows(() => new LabModel(golden, false), RangeError, "does not fit", golden.id);
      continue;
    }
    const model = new LabModel(golden, false);
    assertEquals(model.metrics(), golden.metrics, golden.id);
    assertEquals(eventsOf(model.events), eventsOf(golden.events), golden.id);
    assertEquals(model.residency(), {
      final_residency: golden.final_residency,
      final_used_bytes: golden.final_used_bytes,
    }, golden.id);
    if (golden.final_regret) {
      const regrets = Object.entries(golden.final_regret).filter(([, regret]) => regret !== 0);
      assertEquals(model.policy.regrets(), Object.fromEntries(regrets), golden.id);
    }
  }
});

Deno.test("the model gives every row of the sweep and the ablation, to the last bit", async () => {
  assert(ROWS.length > 300);
  for (const { name, row, asked } of ROWS) {
    const model = new LabModel(asked, false);
    assertEquals(model.metrics(), row.metrics, name);
    assertEquals(model.events.length, row.events, name);
    assertEquals(await digest(model.events), row.events_sha256, name);
  }
});

Deno.test("a conserving engine differs only where the lab has a page in two tiers", () => {
  const faults: string[] = [];
  for (const golden of SMALL.filter(({ error }) => error === undefined)) {
    const published = new LabModel(golden, false);
    const conserving = new LabModel(golden, true);
    const pages = Object.values(conserving.residency().final_residency).flat();
    assertEquals(pages.length, new Set(pages).size, `${golden.id}: a page in two tiers`);
    if (published.conflicts > 0) faults.push(golden.id);
    else assertEquals(conserving.metrics(), published.metrics(), golden.id);
  }
  const duplicates = SMALL.map(({ id }) => id).filter((id) => id.endsWith("/duplicate"));
  assert(duplicates.length > 0);
  assert(duplicates.every((id) => faults.includes(id)));
  assert(faults.length < SMALL.length / 4, `${faults.length} cases cannot be compared`);
});
