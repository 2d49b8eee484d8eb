/**
 * The numbers of a simulated cluster that are compared over seeds.
 *
 * @module
 */
import type { ServedRequests, ServingResult } from "../engine/serving_result.ts";
import type { ClusterRun } from "../serving/cluster/simulate.ts";
import type { Metrics } from "./runner.ts";

const FINISHED = 1;

/**
 * A result as flat numbers, named and defined as in docs/serving-metrics.md; besides, what of the
 * prompts was in HBM, read from peers or loaded (`prefixHitRatio`), and hits by store.
 */
export function clusterMetrics({ result, scenario, expansion }: ClusterRun): Metrics {
  const { requests, replicas, promptTokens, outputTokens } = result;
  const { countedFromNs } = result;
  const counted = [...requests.state.keys()].filter((row) =>
    requests.arrivalNs[row] >= countedFromNs
  );
  const rows = counted.filter((row) => requests.state[row] === FINISHED);
  const lastedNs = result.endNs - countedFromNs;
  const column = (of: (row: number) => number) => Float64Array.from(rows, of).sort();
  const ttft = (row: number) => requests.firstTokenNs[row] - requests.arrivalNs[row];
  const decoding = rows.filter((row) => requests.outputTokens[row] > 1);
  const elapsedNs = elapsed(result);
  const seconds = elapsedNs / 1e9;
  const { fleet } = expansion;
  const { slo } = scenario;
  const good = slo && rows.filter((row) => isGood(requests, row, slo)).length;
  const active = replicas.filter(({ steps }) => steps > 0).length;
  const busyNs = replicas.reduce((sum, replica) => sum + replica.busyNs, 0);
  const dollars = fleet.dollarsPerHour * seconds / 3600;
  return {
    prefixHitRatio: ratio(
      result.cachedTokens + result.peerTokens + result.loadedTokens,
      promptTokens,
    ),
    cachedTokenRatio: ratio(result.cachedTokens, promptTokens),
    peerTokenRatio: scenario.peers === "none" ? null : ratio(result.peerTokens, promptTokens),
    loadedTokenRatio: ratio(result.loadedTokens, promptTokens),
    strandedTokenRatio: ratio(result.strandedTokens, promptTokens),
    ...summary("ttft", column(ttft)),
    ...summary("tpot", Float64Array.from(decoding, (row) => tpotNs(requests, row)).sort()),
    ...summary("e2e", column((row) => requests.finishNs[row] - requests.arrivalNs[row])),
    ...meanParts(requests, rows),
    sloRatio: good === undefined ? null : ratio(good, counted.length),
    goodputRequestsPerSecond: good === undefined ? null : ratio(good, seconds),
    outputTokensPerSecond: ratio(outputTokens, seconds),
    activeGpuRatio: ratio(active, replicas.length),
    busyRatio: ratio(busyNs, replicas.length * elapsedNs),
    hbmOccupancyMean: ratio(
      replicas.reduce((sum, { meanHeldBlocks }) => sum + meanHeldBlocks * lastedNs, 0),
      replicas.reduce((sum, { capacityBlocks }) => sum + capacityBlocks * elapsedNs, 0),
    ),
    dollarsPerMillionOutputTokens: outputTokens === 0 ? null : dollars / outputTokens * 1e6,
    transferBytes: result.transferBytes,
    evictions: result.evictions,
    preemptions: result.preemptions,
    finished: result.finished,
    refused: result.refused,
    leftOut: result.leftOut,
    retried: counted.reduce((sum, row) => sum + requests.retries[row], 0),
    elapsedNs,
    gpus: fleet.gpus,
    ...storeHits({ result, scenario }),
  };
}

/** Blocks read from each store of the scenario. */
function storeHits({ result, scenario }: Pick<ClusterRun, "result" | "scenario">): Metrics {
  return Object.fromEntries(scenario.stores.map(({ name }, tier) => [
    `${name}.hits`,
    result.stores.reduce((sum, store) => sum + (store.tier === tier ? store.hits : 0), 0),
  ]));
}

/** From the first arrival, or the end of the warm-up, to the last token. */
function elapsed({ requests: { arrivalNs, finishNs }, countedFromNs }: ServingResult): number {
  // Not a number where a request never ended.
  const last = finishNs.reduce((most, ns) => ns > most ? ns : most, 0);
  const first = arrivalNs.reduce((least, ns) => Math.min(least, ns), Infinity);
  return Math.max(0, last - (countedFromNs === 0 ? first : countedFromNs));
}

function tpotNs(requests: ServedRequests, row: number): number {
  const tokens = requests.outputTokens[row] - 1;
  return (requests.finishNs[row] - requests.firstTokenNs[row]) / tokens;
}

function isGood(
  requests: ServedRequests,
  row: number,
  slo: NonNullable<ClusterRun["scenario"]["slo"]>,
): boolean {
  if (requests.firstTokenNs[row] - requests.arrivalNs[row] > slo.ttftNs) return false;
  return requests.outputTokens[row] < 2 || tpotNs(requests, row) <= slo.tpotNs;
}

/** Mean and percentiles (nearest rank) of an ascending column. */
function summary(name: string, ascending: Float64Array): Metrics {
  const rank = (share: number) => {
    const at = Math.max(0, Math.ceil(share * ascending.length) - 1);
    return ascending.length === 0 ? null : ascending[at];
  };
  const sum = ascending.reduce((all, each) => all + each, 0);
  return {
    [`${name}NsMean`]: ratio(sum, ascending.length),
    [`${name}NsP50`]: rank(0.5),
    [`${name}NsP90`]: rank(0.9),
    [`${name}NsP99`]: rank(0.99),
  };
}

/** Means of the parts that sum to the end-to-end time. */
function meanParts(requests: ServedRequests, rows: readonly number[]): Metrics {
  const { arrivalNs, loadStartNs, loadEndNs, scheduledNs, firstTokenNs, decodeStartNs, finishNs } =
    requests;
  const mean = (of: (row: number) => number) =>
    ratio(rows.reduce((sum, row) => sum + of(row), 0), rows.length);
  return {
    queueNsMean: mean((row) =>
      loadStartNs[row] - arrivalNs[row] + scheduledNs[row] - loadEndNs[row]
    ),
    loadNsMean: mean((row) => loadEndNs[row] - loadStartNs[row]),
    prefillNsMean: mean((row) => firstTokenNs[row] - scheduledNs[row]),
    transferNsMean: mean((row) => decodeStartNs[row] - firstTokenNs[row]),
    decodeNsMean: mean((row) => finishNs[row] - decodeStartNs[row]),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
