/**
 * Which kind of file a document is, so that one in another's place is told from one with many
 * mistakes.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import { placesOf } from "./yaml_places.ts";
import type { YamlText } from "./yaml_text.ts";

interface Kind {
  /** A key that files of this kind have, and no other. */
  readonly mark: string;
  readonly is: string;
  /** Who reads it. */
  readonly taker: string;
}

/** What has the mark of one above and of one below is taken for the one above. */
const KINDS = {
  calibration: { mark: "provenance", is: "a calibration", taker: "--calibration takes it" },
  grid: { mark: "vary", is: "a grid", taker: "`kvtier sweep` takes it" },
  cluster: {
    mark: "cluster",
    is: "a scenario with a cluster",
    taker: "`kvtier latency`, `kvtier route` and `kvtier run` take it",
  },
  tiers: {
    mark: "tiers",
    is: "a scenario with tiers",
    taker: "`kvtier run`, `kvtier offload` and `kvtier size` take it",
  },
  policies: {
    mark: "policies",
    is: "a scenario of policies on one tier",
    taker: "`kvtier compare --scenario` takes it",
  },
  model: {
    mark: "attention",
    is: "a model",
    taker: "--model, or `model:` in a scenario, takes it",
  },
  hardware: {
    mark: "readBandwidth",
    is: "a piece of hardware",
    taker: "`device:` or `hardware:` in a scenario takes it",
  },
  workload: { mark: "kind", is: "a workload", taker: "`kvtier trace synth` takes it" },
} as const satisfies Record<string, Kind>;

/**
 * Refuses a document that is plainly of another kind than the one that is wanted.
 *
 * @throws {ScenarioError} At the key that tells.
 */
export function refuseOtherKind({ file, text, what, value }: YamlText, wanted: keyof typeof KINDS) {
  if (typeof value !== "object" || value === null) return;
  const has = ({ mark }: Kind) => Object.hasOwn(value, mark);
  const other = Object.values(KINDS).find(has);
  if (other === undefined || has(KINDS[wanted])) return;
  const { key } = placesOf(text, [other.mark]);
  throw new ScenarioError({
    code: `${what}/other-kind`,
    message: `Cannot read ${what}: it is ${other.is}, not ${KINDS[wanted].is}`,
    place: { file, ...key, key: other.mark },
    mend: [other.taker],
  });
}
