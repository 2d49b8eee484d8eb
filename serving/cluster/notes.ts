/**
 * What a scenario asked for and a run could not keep, or what had no effect on its trace.
 *
 * @module
 */
import type { Trace } from "../../traces/trace.ts";
import type { ClusterRun } from "./simulate.ts";

/**
 * Sentences without a full stop, for every report of a run.
 *
 * @param source The trace as it was read.
 */
export function clusterNotes(
  { scenario, expansion: { spec } }: Pick<ClusterRun, "scenario" | "expansion">,
  source: Pick<Trace, "requests">,
): string[] {
  return [...ratioNotes(scenario, spec.replicas), ...sessionNotes(scenario.router.name, source)];
}

function ratioNotes(
  { disaggregation, racks }: ClusterRun["scenario"],
  replicas: ClusterRun["expansion"]["spec"]["replicas"],
): string[] {
  if (disaggregation === undefined) return [];
  const { prefill, decode } = disaggregation;
  const perRack = replicas.length / racks;
  // As seats() has it: a rack of one replica cannot have both roles.
  const isByRack = perRack >= 2;
  const group = isByRack ? replicas.slice(0, perRack) : replicas;
  const kept = group.filter(({ role }) => role === "prefill").length;
  if (kept * decode === (group.length - kept) * prefill) return [];
  return [
    `asked for ${prefill}:${decode}, rounded to ${kept}:${group.length - kept} ` +
    (isByRack ? "in each rack" : "in the whole fleet"),
  ];
}

function sessionNotes(router: string, { requests }: Pick<Trace, "requests">): string[] {
  const isBySession = /^session(\(|$)/.test(router.trim());
  if (!isBySession || requests.session !== undefined) return [];
  return ["the trace names no sessions, so that the router session is least-loaded"];
}
