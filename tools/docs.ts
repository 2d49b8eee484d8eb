/**
 * Writes the documents that are made from code, or checks that they are current.
 *
 * `deno run --allow-read --allow-write tools/docs.ts [--check]`
 *
 * To add a document, add a row to {@linkcode GENERATED}.
 *
 * @module
 */

import { ceilingSchemaJson, curveSchemaJson } from "../report/curves/curve_schema.ts";
import { evictionsMarkdown } from "../report/eviction_text.ts";
import { runMetricsMarkdown } from "../report/hierarchy/docs.ts";
import { runSchemaJson } from "../report/hierarchy/schema.ts";
import { servingMetricsMarkdown } from "../report/serving/docs.ts";
import { servingComparisonSchemaJson } from "../report/serving/comparison_schema.ts";
import { servingSchemaJson } from "../report/serving/schema.ts";
import { metricsMarkdown } from "../report/metric_text.ts";
import { policiesMarkdown } from "../report/policy_text.ts";
import { routersMarkdown } from "../report/router_text.ts";
import { compareSchemaJson } from "../report/schema.ts";
import { sizeSchemaJson } from "../report/size/json.ts";
import { sweepSchemaJson } from "../report/sweep_schema.ts";
import { ttlSchemaJson } from "../report/ttl/json.ts";
import { fileSchemaJson, SCHEMA_FILES, withKeys } from "../scenario/json_schemas.ts";
import { abiMarkdown } from "./abi_docs.ts";
import { withTables } from "./readme_table.ts";

/** A file that code writes. */
export interface GeneratedFile {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: () => string | Promise<string>;
}

/** Every file that code writes. */
export const GENERATED: readonly GeneratedFile[] = [
  { path: "docs/metrics.md", text: metricsMarkdown },
  { path: "docs/run-metrics.md", text: runMetricsMarkdown },
  { path: "docs/serving-metrics.md", text: servingMetricsMarkdown },
  { path: "docs/policies.md", text: policiesMarkdown },
  { path: "docs/routers.md", text: routersMarkdown },
  { path: "docs/evictions.md", text: evictionsMarkdown },
  {
    path: "README.md",
    text: async () =>
      await withTables(await Deno.readTextFile(new URL("../README.md", import.meta.url))),
  },
  {
    path: "docs/abi.md",
    text: async () => {
      const files = [
        "abi.ts",
        "abi_hierarchy.ts",
        "abi_serving.ts",
        "abi_served.ts",
        "abi_engine.ts",
      ];
      const read = (file: string) =>
        Deno.readTextFile(new URL(`../assembly/${file}`, import.meta.url));
      return abiMarkdown((await Promise.all(files.map(read))).join("\n"));
    },
  },
  ...["docs/scenarios.md", "docs/serving.md"].map((path) => ({
    path,
    text: async () => withKeys(await Deno.readTextFile(new URL(`../${path}`, import.meta.url))),
  })),
  { path: "docs/schema/compare.v1.json", text: compareSchemaJson },
  { path: "docs/schema/run.v1.json", text: runSchemaJson },
  { path: "docs/schema/size.v1.json", text: sizeSchemaJson },
  { path: "docs/schema/ttl.v1.json", text: ttlSchemaJson },
  { path: "docs/schema/curve.v1.json", text: curveSchemaJson },
  { path: "docs/schema/ceiling.v1.json", text: ceilingSchemaJson },
  { path: "docs/schema/serving.v1.json", text: servingSchemaJson },
  { path: "docs/schema/route.v1.json", text: servingComparisonSchemaJson },
  { path: "docs/schema/sweep.v1.json", text: sweepSchemaJson },
  ...SCHEMA_FILES.map((name) => ({
    path: `docs/schema/${name}.v1.json`,
    text: () => fileSchemaJson(name),
  })),
];

const ROOT = new URL("../", import.meta.url);

/** Paths of the documents whose text differs from what code would write now. */
export async function staleFiles(files: readonly GeneratedFile[] = GENERATED): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, text } of files) {
    if (await readText(path) !== await text()) stale.push(path);
  }
  return stale;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(new URL(path, ROOT));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function write(path: string, text: string): Promise<void> {
  const url = new URL(path, ROOT);
  await Deno.mkdir(new URL("./", url), { recursive: true });
  await Deno.writeTextFile(url, text);
}

if (import.meta.main) {
  const stale = await staleFiles();
  if (Deno.args.includes("--check")) {
    for (const path of stale) {
      console.error(`${path}:1: error: Not current, run "deno task docs"`);
    }
    if (stale.length > 0) Deno.exit(1);
  } else {
    for (const { path, text } of GENERATED) {
      if (!stale.includes(path)) continue;
      await write(path, await text());
      console.error(`wrote ${path}`);
    }
  }
}
