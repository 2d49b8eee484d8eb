/**
 * Makes the shipped profiles of `configs/calibrations` from the measurements in
 * `tests/data/serving`, and the tables of `docs/compute-model.md`; `--check` only compares.
 *
 * `deno run --allow-read --allow-write tools/calibrations.ts [--check]`
 *
 * @module
 */
import {
  calibrateLayers,
  calibratePrefill,
  calibrateRequests,
  calibrateVidur,
  type CalibrationResult,
  type CalibrationTarget,
  compareLatencies,
  computable,
  type ComputeProfile,
  engineRequests,
  type EngineSettings,
  loadDevice,
  loadModel,
  type MeasuredText,
  openTrace,
  profileOf,
  profileYaml,
  readMeasured,
  readRequestLog,
  serveReference,
  stepModel,
  type Trace,
} from "../mod.ts";
import { constantText } from "../report/serving/calibration_text.ts";

const DATA = "tests/data/serving/";
const LLMSERVINGSIM = "casys-kaist/LLMServingSim";

/** What makes a shipped profile. */
interface Recipe {
  readonly name: string;
  readonly model: string;
  readonly device: string;
  readonly tensorParallel?: number;
  readonly source: string;
  readonly date: string;
  /**
   * Results in order. The second makes the profile where there are several; a third holds latencies
   * without a step constant.
   */
  readonly steps: (target: CalibrationTarget) => Promise<readonly CalibrationResult[]>;
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

const read = async (file: string) => ({ ...await readMeasured(DATA + file), file });

function vidur(...files: readonly string[]): Recipe["steps"] {
  return async (target) => [await calibrateVidur(await Promise.all(files.map(read)), target)];
}

/** Tables of layers first, then the step constant on the first third of a measured run. */
function served(prefix: string, blocks: number, sequencesMax: number): Recipe["steps"] {
  return async (target) => {
    const tables = [`${prefix}_layers.csv`, `${prefix}_attention.csv`];
    const layers = await calibrateLayers(await Promise.all(tables.map(read)), target);
    const known = profileOf(layers, "tables", { source: "tables", date: "2026-01-01" });
    const trace = await openTrace(`${DATA}sharegpt_llama8b_300.blk16.mooncake.jsonl.gz`);
    const log = await read(`${prefix}_requests.jsonl.gz`);
    const setup = { trace, blocks, sequencesMax, tokenBudget: 2_048 };
    const result = await calibrateRequests(log, { ...target, known }, setup);
    return [layers, result, { ...result, requests: withoutStep(layers, target, log, setup) }];
  };
}

/** The same run from tables alone, no time taken for a step as such. */
function withoutStep(
  { efficiency }: CalibrationResult,
  { model, device }: CalibrationTarget,
  log: MeasuredText,
  { trace, ...setup }: Omit<EngineSettings, "step"> & { readonly trace: Trace },
): NonNullable<CalibrationResult["requests"]> {
  const logged = readRequestLog(log);
  const step = stepModel(model, device, { efficiency: { ...efficiency, stepNs: 0 } });
  const requests = engineRequests(logged, 16, trace, log.file);
  const all = compareLatencies(logged, serveReference(requests, { ...setup, step }).requests);
  return { all, unseen: [], seen: 0 };
}

/** Every shipped profile. */
export const RECIPES: readonly Recipe[] = [
  {
    name: "rtx4090-llama-3.1-8b",
    model: "llama-3.1-8b",
    device: "rtx-4090",
    source: `${LLMSERVINGSIM}: tables of layers, and a run of vLLM 0.19 on one RTX 4090`,
    date: "2026-08-20",
    steps: served("rtx4090_llama8b", 2_588, 256),
  },
  {
    name: "rtxpro6000-llama-3.1-8b",
    model: "llama-3.1-8b",
    device: "rtx-pro-6000-server",
    source: `${LLMSERVINGSIM}: tables of layers, and a run of vLLM 0.19 on one RTX PRO 6000`,
    date: "2026-04-25",
    // The log does not say how much KV there was; the run never used more than this.
    steps: served("rtxpro6000_llama8b", 32_000, 128),
  },
  {
    name: "a800x8-llama-3.1-70b",
    model: "llama-3.1-70b",
    device: "a800-sxm",
    tensorParallel: 8,
    source: "Mooncake, FAST 2025, figure 14, read from its vector paths; the day of the paper",
    date: "2025-02-25",
    steps: async (target) => [
      await calibratePrefill(await read("fast25_llama70b_a800x8_prefill.csv"), target),
    ],
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
  readonly yaml: string;
}

/** Makes a profile as its recipe says. */
export async function makeProfile(recipe: Recipe): Promise<MadeProfile> {
  const { name, source, date } = recipe;
  const results = await recipe.steps(await target(recipe));
  const profile = profileOf(results[1] ?? results[0], name, { source, date });
  return { profile, results, yaml: profileYaml(profile) };
}

/** The tables of the document: fits, and latencies of served runs. */
export function tables(made: readonly MadeProfile[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const fits = made.flatMap(({ profile, results }) =>
    results.slice(0, 2).flatMap(({ fits }) => fits).map(({ name, fit, sets }) => {
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
  const latencies = made.flatMap(({ profile, results }) => {
    const [, fitted, blind] = results.map(({ requests }) => requests);
    if (fitted === undefined || blind === undefined) return [];
    const groups: [string, typeof fitted.all][] = [
      ["all", fitted.all],
      ["not seen", fitted.unseen],
      ["step of 0", blind.all],
    ];
    return groups.flatMap(([which, latencies]) =>
      latencies.map(({ name, rows, requests }) => [
        profile.name,
        `${name.toUpperCase()}, ${which} (${requests})`,
        ...rows.map(({ observedNs, predictedNs }) =>
          `${(observedNs / 1e6).toFixed(1)} → ${(predictedNs / 1e6).toFixed(1)} ` +
          `(${percent(predictedNs / observedNs - 1)})`
        ),
      ])
    );
  });
  return [
    markdown(
      ["profile", "fit", "constants", "points", "mean error", "held out", "R²", "worst"],
      fits,
    ),
    markdown(["run", "latency, ms", "mean", "p50", "p90", "p95", "p99"], latencies),
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
