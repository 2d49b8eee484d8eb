/**
 * The network of a cluster in base units, and what in it does not fit the devices.
 *
 * @module
 */
import type { ClusterDocument } from "../../scenario/cluster_schema.ts";
import type { Finding } from "../../scenario/findings.ts";
import { base } from "../../scenario/resolve_tier.ts";
import type { Device } from "../device.ts";
import type { ClusterNetwork, ClusterScenario } from "./scenario.ts";

/** What is written, over what the device gives, over usual latencies. */
export function networkOf({ cluster }: ClusterDocument, device: Device): ClusterNetwork {
  const { network = {}, gpusPerNode = 8 } = cluster;
  const rate = (text: string | undefined, own: number) =>
    text === undefined ? own : base(text, "bandwidth");
  const time = (text: string | undefined, usual: number) =>
    text === undefined ? usual : base(text, "duration");
  const { jitter = {} } = network;
  const pcieBytesPerSecond = rate(network.pcie, device.hostBytesPerSecond);
  return {
    nvlinkBytesPerSecond: rate(network.nvlink, device.peerBytesPerSecond),
    nvlinkLatencyNs: time(network.nvlinkLatency, 2_000),
    islandGpus: network.islandGpus ?? gpusPerNode,
    nicBytesPerSecond: rate(network.nic, device.networkBytesPerSecond),
    nicLatencyNs: time(network.nicLatency, 5_000),
    nicPer: network.nicPer ?? "gpu",
    pcieBytesPerSecond,
    pcieLatencyNs: time(network.pcieLatency, 10_000),
    pcieSwitchGpus: network.pcieSwitchGpus ?? 1,
    pcieSwitchBytesPerSecond: rate(network.pcieSwitch, pcieBytesPerSecond),
    oversubscription: network.oversubscription ?? 1,
    spines: network.spines ?? 1,
    uplinkLatencyNs: time(network.uplinkLatency, 3_000),
    discipline: network.discipline ?? "fifo",
    jitter: {
      shape: jitter.variation ?? 0,
      tailProbability: jitter.tailProbability ?? 0,
      tailFactor: jitter.tailFactor ?? 1,
    },
  };
}

/** Ports that nobody gives, and switches that devices do not fill. */
export function checkNetwork(scenario: ClusterScenario): Finding[] {
  const { network, disaggregation, stores, peers, gpusPerNode, tensorParallel } = scenario;
  const findings: Finding[] = [];
  const usesPorts = disaggregation !== undefined || peers === "rack" || peers === "cluster" ||
    stores.some(({ scope }) => scope !== "node");
  const needs = (link: "nic" | "nvlink", example: string) =>
    findings.push({
      path: ["cluster", "network", link],
      wrong: "is missing",
      code: "missing",
      expected: `a bandwidth such as "${example}": the device gives none`,
    });
  if (usesPorts && network.nicBytesPerSecond < 1) needs("nic", "50 GB/s");
  if (peers === "island" && network.nvlinkBytesPerSecond < 1) needs("nvlink", "450 GB/s");
  const { pcieSwitchGpus: group, islandGpus } = network;
  if (islandGpus > tensorParallel && islandGpus % tensorParallel !== 0) {
    findings.push({
      path: ["cluster", "network", "islandGpus"],
      wrong: "does not hold whole replicas",
      found: `${islandGpus} devices of an island, ${tensorParallel} of a replica`,
      expected: "a multiple of the devices of a replica, or fewer than those",
    });
  }
  const isShared = tensorParallel % group === 0 || group % tensorParallel === 0;
  if (gpusPerNode % group !== 0 || !isShared) {
    findings.push({
      path: ["cluster", "network", "pcieSwitchGpus"],
      wrong: "does not divide the devices",
      found:
        `${group} devices of a switch; ${tensorParallel} of a replica, ${gpusPerNode} of a node`,
      expected: "a divisor of the devices of a node, that holds whole replicas or a part of one",
    });
  }
  return findings;
}
