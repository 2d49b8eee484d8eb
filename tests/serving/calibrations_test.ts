/**
 * The accuracy that the compute model is held to, on measurements that others made.
 */
import { assert, assertEquals } from "@std/assert";
import { loadProfile, parseProfile } from "../../serving/profile.ts";
import { type MadeProfile, makeProfile, RECIPES, withTables } from "../../tools/calibrations.ts";

const made: MadeProfile[] = [];
for (const recipe of RECIPES) made.push(await makeProfile(recipe));

function fitsOf(name: string, of: string) {
  const { results } = made.find(({ profile }) => profile.name === name)!;
  return results.flatMap(({ fits }) => fits).find(({ name }) => name.startsWith(of))!;
}

Deno.test("the shipped profiles and the document are what the task makes", async () => {
  for (const { profile, yaml } of made) {
    const path = `configs/calibrations/${profile.name}.yaml`;
    assertEquals(await Deno.readTextFile(path), yaml, path);
    const { efficiency, fits } = await loadProfile(profile.name);
    assertEquals(Object.keys(efficiency).sort(), Object.keys(profile.efficiency).sort());
    assertEquals(fits.length, profile.fits.length);
    assertEquals(await parseProfile(yaml), await loadProfile(profile.name));
  }
  const document = await Deno.readTextFile("docs/compute-model.md");
  assertEquals(document, withTables(document, made));
});

Deno.test("served runs: means within 7 % of measured, also of what the fit did not see", () => {
  for (const name of ["rtx4090-llama-3.1-8b", "rtxpro6000-llama-3.1-8b"]) {
    const { requests } = made.find(({ profile }) => profile.name === name)!.results[1];
    assertEquals(requests!.seen, 100);
    for (const comparison of [...requests!.all, ...requests!.unseen]) {
      for (const { statistic, observedNs, predictedNs } of comparison.rows) {
        const off = Math.abs(predictedNs / observedNs - 1);
        const what = `${name} ${comparison.name} ${statistic} ${off}`;
        assert(off < (statistic === "mean" ? 0.025 : 0.07), what);
      }
    }
  }
});

Deno.test("tables of layers alone, a step of 0 ms: the RTX 4090 run is within 7 %", () => {
  const { results } = made.find(({ profile }) => profile.name.startsWith("rtx4090"))!;
  for (const { name, rows: [{ observedNs, predictedNs }] } of results[2].requests!.all) {
    const off = predictedNs / observedNs - 1;
    assert(off < 0 && off > -0.07, `${name} ${off}`);
  }
});

Deno.test("tables of Vidur: mean error of products at most 5 % over all sets, 8 % in the worst", () => {
  const names = ["a100-llama-3.1-8b", "a100-llama-3.1-70b", "h100x8-llama-2-70b"];
  const sets = names.flatMap((name) => fitsOf(name, "products").sets);
  assertEquals(sets.length, 12);
  const errors = sets.map(({ meanError }) => meanError);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  assert(mean < 0.05, `${mean}`);
  assert(Math.max(...errors) < 0.08, `${errors}`);
  for (const name of names) {
    const { fit } = fitsOf(name, "products");
    assert(fit.holdOut!.meanError < 1.1 * fit.meanError, name);
    for (const { name, uncertainty } of fit.constants) assert(uncertainty < 0.1, name);
  }
});

Deno.test("Mooncake's figure 14: every prefill within 5 %", () => {
  const { fit } = fitsOf("a800x8-llama-3.1-70b", "prefills");
  assertEquals(fit.points.length, 10);
  for (const { label, observed, predicted } of fit.points) {
    assert(Math.abs(predicted / observed - 1) < 0.05, label);
  }
  // The link that the paper names, 128 GB/s, was not told to the fit.
  const rate = fit.constants.find(({ name }) => name === "fetchBytesPerSecond")!.value;
  assert(Math.abs(rate / 128e9 - 1) < 0.03, `${rate}`);
});

Deno.test("data sheets and usual efficiencies alone tell an A800's prefill within 6 %", () => {
  const { profile } = made.find(({ profile }) => profile.name === "a800x8-llama-3.1-70b")!;
  assert(Math.abs(profile.efficiency.flops! / 0.74 - 1) < 0.06, `${profile.efficiency.flops}`);
});
