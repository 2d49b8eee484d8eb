import { assertEquals } from "@std/assert";
import { TraceBuilder } from "../../traces/builder.ts";
import { expandCluster } from "./expand.ts";
import { parseClusterScenario } from "./load.ts";
import { clusterNotes } from "./notes.ts";

async function notesOf(set: readonly string[], sessions = false): Promise<string[]> {
  const yaml = "{ model: llama-3.1-8b, cluster: { device: h100-sxm, gpusPerNode: 8, racks: 2 } }";
  const scenario = await parseClusterScenario(yaml, { set });
  const builder = new TraceBuilder();
  const session = sessions ? { session: "one" } : {};
  builder.add({ arrivalNs: 0, runs: [[0, 4]], outputTokens: 8, ...session });
  const trace = await builder.build();
  return clusterNotes({ scenario, expansion: expandCluster(scenario, 512) }, trace);
}

const ratio = (text: string, more: readonly string[] = []) =>
  notesOf([`cluster.disaggregation.ratio="${text}"`, ...more]);

Deno.test("a ratio that whole replicas cannot keep is said, with what it became", async () => {
  assertEquals(await ratio("1:100"), ["asked for 1:100, rounded to 1:7 in each rack"]);
  assertEquals(await ratio("1:2"), ["asked for 1:2, rounded to 3:5 in each rack"]);
  assertEquals(await ratio("1:3"), []);
  assertEquals(await ratio("none"), []);
  const whole = ["cluster.gpusPerNode=1"];
  assertEquals(await ratio("1:1", whole), []);
  assertEquals(await ratio("1:9", whole), ["asked for 1:9, rounded to 1:1 in the whole fleet"]);
});

Deno.test("the router session without sessions is least-loaded, and says so", async () => {
  const named = ["the trace names no sessions, so that the router session is least-loaded"];
  assertEquals(await notesOf(["router.name=session"]), named);
  assertEquals(await notesOf(["router.name=session"], true), []);
  assertEquals(await notesOf(["router.name=least-loaded"]), []);
});
