/**
 * Makes the shipped profiles of `configs/calibrations` from the measurements in
 * `tests/data/serving`, and the tables of `docs/compute-model.md`; `--check` only compares.
 *
 * `deno run --allow-read --allow-write tools/calibrations.ts [--check]`
 *
 * @module
 */
import {
  calibratePrefill,
  calibrateVidur,
  type CalibrationResult,
  type CalibrationTarget,
  computable,
  type ComputeProfile,
  loadDevice,
  loadModel,
  profileOf,
  profileYaml,
} from "../mod.ts";
import { constantText } from "../report/serving/calibration_text.ts";
import {
  type CheckedRun,
  type Outcome,
  read,
  RTX_4090,
  RTX_PRO_6000,
  served,
} from "./calibrations_served.ts";

const LLMSERVINGSIM = "casys-kaist/LLMServingSim";

/** What makes a shipped profile. */
interface Recipe {
  readonly name: string;
  readonly model: string;
  readonly device: string;
  readonly tensorParallel?: number;
  readonly source: string;
  readonly date: string;
  /** Results in order, of which the last makes the profile; and served runs beside measured ones. */
  readonly steps: (target: CalibrationTarget) => Promise<Outcome>;
}

async function target(recipe: Recipe): Promise<CalibrationTarget> {
  const { model, device, tensorParallel = 1 } = recipe;
  return {
    modelName: model,
    model: computable(await loadModel(model)),
    deviceName: device,
    device: await loadDevice(device),
    tensorParallel,
  };
}

function vidur(...files: readonly string[]): Recipe["steps"] {
  return async (target) => ({
    results: [await calibrateVidur(await Promise.all(files.map(read)), target)],
    runs: [],
  });
}

/** Every shipped profile. */
export const RECIPES: readonly Recipe[] = [
  {
    name: "rtx4090-llama-3.1-8b",
    model: "llama-3.1-8b",
    device: "rtx-4090",
    source: `${LLMSERVINGSIM}: tables of layers on an RTX 4090; the step constant from a run of ` +
      "vLLM 0.19 on an RTX PRO 6000",
    date: "2026-08-17",
    steps: served(RTX_4090, RTX_PRO_6000),
  },
  {
    name: "rtxpro6000-llama-3.1-8b",
    model: "llama-3.1-8b",
    device: "rtx-pro-6000-server",
    source: `${LLMSERVINGSIM}: tables of layers on an RTX PRO 6000; the step constant from a run ` +
      "of vLLM 0.19 on an RTX 4090",
    date: "2026-04-24",
    steps: served(RTX_PRO_6000, RTX_4090),
  },
  {
    name: "a800x8-llama-3.1-70b",
    model: "llama-3.1-70b",
    device: "a800-sxm",
    tensorParallel: 8,
    source: "Mooncake, FAST 2025, figure 14, read from its vector paths; the day of the paper",
    date: "2025-02-25",
    steps: async (target) => ({
      results: [await calibratePrefill(await read("fast25_llama70b_a800x8_prefill.csv"), target)],
      runs: [],
    }),
  },
  {
    name: "h100x8-llama-2-70b",
    model: "llama-2-70b",
    device: "h100-sxm",
    tensorParallel: 8,
    source: "microsoft/vidur, data/profiling on H100 DGX; the day of the paper",
    date: "2024-05-08",
    steps: vidur("vidur_h100_llama2_70b_mlp.csv.gz", "vidur_h100_all_reduce.csv.gz"),
  },
  {
    name: "a100-llama-3.1-8b",
    model: "llama-3.1-8b",
    device: "a100-sxm",
    source: "microsoft/vidur, data/profiling on A100 (Llama 3 8B); the day of the paper",
    date: "2024-05-08",
    steps: vidur("vidur_a100_llama3_8b_mlp.csv.gz"),
  },
  {
    name: "a100-llama-3.1-70b",
    model: "llama-3.1-70b",
    device: "a100-sxm",
    source: "microsoft/vidur, data/profiling on A100 (Llama 3 70B); the day of the paper",
    date: "2024-05-08",
    steps: vidur("vidur_a100_llama3_70b_mlp.csv.gz"),
  },
];

/** A shipped profile made anew. */
export interface MadeProfile {
  readonly profile: ComputeProfile;
  readonly results: readonly CalibrationResult[];
  readonly runs: readonly CheckedRun[];
  readonly yaml: string;
}

/** Makes a profile as its recipe says. */
export async function makeProfile(recipe: Recipe): Promise<MadeProfile> {
  const { name, source, date } = recipe;
  const { results, runs } = await recipe.steps(await target(recipe));
  const profile = profileOf(results.at(-1)!, name, { source, date });
  return { profile, results, runs, yaml: profileYaml(profile) };
}

/** The tables of the document: fits, and latencies of served runs. */
export function tables(made: readonly MadeProfile[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const fits = made.flatMap(({ profile, results }) =>
    results.flatMap(({ fits }) => fits).map(({ name, fit, sets }) => {
      const { constants, points, meanError, holdOut, r2, worst } = fit;
      const values = constants.map(({ name, value }) => `${name} ${constantText(name, value)}`);
      const worstSet = [...sets].sort((a, b) => b.meanError - a.meanError)[0];
      const ratio = percent(worst.predicted / worst.observed - 1);
      return [
        profile.name,
        `${name}${
          worstSet === undefined
            ? ""
            : ` (worst set: ${worstSet.set}, ${percent(worstSet.meanError)})`
        }`,
        values.join("; "),
        String(points.length),
        percent(meanError),
        holdOut === undefined ? "—" : percent(holdOut.meanError),
        r2.toFixed(4),
        `${ratio} at ${worst.label}`,
      ];
    })
  );
  const runs = made.flatMap(({ profile, runs }) => runs.map((run) => ({ profile, ...run })));
  const means = runs.map(({ profile, constant, latencies }) => [
    profile.name,
    constant,
    String(latencies[0].requests),
    ...latencies.map(({ rows: [{ observedNs, predictedNs }] }) =>
      percent(predictedNs / observedNs - 1)
    ),
  ]);
  const shipped = runs.filter(({ isShipped }) => isShipped).flatMap(({ profile, latencies }) =>
    latencies.map(({ name, rows }) => [
      profile.name,
      name.toUpperCase(),
      ...rows.map(({ observedNs, predictedNs }) =>
        `${(observedNs / 1e6).toFixed(1)} → ${(predictedNs / 1e6).toFixed(1)} ` +
        `(${percent(predictedNs / observedNs - 1)})`
      ),
    ])
  );
  return [
    markdown(
      ["profile", "fit", "constants", "points", "mean error", "held out", "R²", "worst"],
      fits,
    ),
    markdown(
      ["run", "step constant from", "requests", "mean TTFT", "mean TPOT", "mean E2E"],
      means,
    ),
    markdown(["run, as shipped", "latency, ms", "mean", "p50", "p90", "p95", "p99"], shipped),
  ].join("\n");
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

const DOCUMENT = "docs/compute-model.md";
const [OPEN, CLOSE] = ["<!-- calibrations -->\n", "<!-- end of calibrations -->"];

/** The document with its tables made anew. */
export function withTables(document: string, made: readonly MadeProfile[]): string {
  const [from, to] = [document.indexOf(OPEN) + OPEN.length, document.indexOf(CLOSE)];
  return `${document.slice(0, from)}\n${tables(made)}\n${document.slice(to)}`;
}

if (import.meta.main) {
  const made: MadeProfile[] = [];
  for (const recipe of RECIPES) made.push(await makeProfile(recipe));
  const files = made.map(({ profile, yaml }) =>
    [`configs/calibrations/${profile.name}.yaml`, yaml] as const
  );
  const document = withTables(await Deno.readTextFile(DOCUMENT), made);
  let stale = 0;
  for (const [path, text] of [...files, [DOCUMENT, document] as const]) {
    const now = await Deno.readTextFile(path).catch(() => "");
    if (now === text) continue;
    stale++;
    if (Deno.args.includes("--check")) {
      console.error(`${path}:1: error: Not current, run "deno task calibrations"`);
    } else {
      await Deno.writeTextFile(path, text);
      console.error(`wrote ${path}`);
    }
  }
  if (stale > 0 && Deno.args.includes("--check")) Deno.exit(1);
}
