/**
 * The exact most that a cache can keep, as a flow of least cost along time.
 *
 * The room of the cache flows from checkpoint to checkpoint. It passes empty, at no cost, or
 * through an item, from its first checkpoint to its end, for the item's worth. Where all blocks
 * take the same room the best flow is a schedule; where they differ it may split a block, and is a
 * bound.
 *
 * Source: successive shortest paths with potentials, e.g. Ahuja, Magnanti, Orlin, "Network Flows",
 * 1993, chapter 9. Cost: O(paths · (items + checkpoints) · log); for small traces.
 *
 * @module
 */
import type { Packing } from "./packing.ts";

/** A flow, and the prices of room that prove it to be the best. */
export interface Flow {
  /** Units kept of each item. */
  readonly kept: Float64Array;
  readonly worth: number;
  /** Price of a unit of room, by checkpoint of the packing. */
  readonly prices: Float64Array;
}

/** A network with arcs in pairs: arc `2a` forth, `2a + 1` back. */
interface Network {
  readonly nodes: number;
  readonly head: Int32Array;
  readonly cost: Float64Array;
  readonly room: Float64Array;
  readonly firstArc: Int32Array;
  readonly nextArc: Int32Array;
}

/**
 * Packs items for the most worth.
 *
 * @param worth Of one unit of each item.
 * @param offered Units of each item.
 */
export function bestFlow(
  packing: Packing,
  capacity: number,
  worth: Float64Array,
  offered: Float64Array,
): Flow {
  const { from, to, length } = packing;
  const { nodeOf, checkpointOf } = nodesOf(packing, worth);
  const nodes = checkpointOf.length;
  const network = emptyNetwork(nodes, nodes - 1 + length);
  for (let node = 0; node + 1 < nodes; node++) setArc(network, node, node, node + 1, Infinity, 0);
  for (let item = 0; item < length; item++) {
    if (worth[item] <= 0 || from[item] === to[item]) continue;
    const arc = nodes - 1 + item;
    setArc(network, arc, nodeOf[from[item]], nodeOf[to[item]], offered[item], -worth[item]);
  }
  const potential = send(network, capacity);
  const kept = new Float64Array(length);
  let sum = 0;
  for (let item = 0; item < length; item++) {
    if (worth[item] <= 0) continue;
    const arc = nodes - 1 + item;
    kept[item] = from[item] === to[item] ? offered[item] : network.room[2 * arc + 1];
    sum += kept[item] * worth[item];
  }
  const prices = new Float64Array(packing.checkpoints);
  // A price stands at the first checkpoint of its stretch, because no item begins or ends in it.
  for (let node = 0; node + 1 < nodes; node++) {
    prices[checkpointOf[node]] = Math.max(0, potential[node] - potential[node + 1]);
  }
  return { kept, worth: sum, prices };
}

/** Checkpoints at which an item begins or ends; the others change nothing. */
function nodesOf({ from, to, length, checkpoints }: Packing, worth: Float64Array) {
  const isNode = new Uint8Array(checkpoints + 1);
  for (let item = 0; item < length; item++) {
    if (worth[item] <= 0 || from[item] === to[item]) continue;
    isNode[from[item]] = isNode[to[item]] = 1;
  }
  const nodeOf = new Int32Array(checkpoints + 1).fill(-1);
  const checkpointOf: number[] = [];
  for (let g = 0; g <= checkpoints; g++) {
    if (isNode[g] === 0) continue;
    nodeOf[g] = checkpointOf.length;
    checkpointOf.push(g);
  }
  return { nodeOf, checkpointOf };
}

function emptyNetwork(nodes: number, arcs: number): Network {
  return {
    nodes,
    head: new Int32Array(2 * arcs),
    cost: new Float64Array(2 * arcs),
    room: new Float64Array(2 * arcs),
    firstArc: new Int32Array(nodes).fill(-1),
    nextArc: new Int32Array(2 * arcs).fill(-1),
  };
}

function setArc(network: Network, arc: number, a: number, b: number, room: number, cost: number) {
  const { head, firstArc, nextArc } = network;
  head[2 * arc] = b;
  head[2 * arc + 1] = a;
  network.cost[2 * arc] = cost;
  network.cost[2 * arc + 1] = -cost;
  network.room[2 * arc] = room;
  nextArc[2 * arc] = firstArc[a];
  firstArc[a] = 2 * arc;
  nextArc[2 * arc + 1] = firstArc[b];
  firstArc[b] = 2 * arc + 1;
}

/** Sends units from the first node to the last at least cost; gives the potentials. */
function send(network: Network, units: number): Float64Array {
  const { nodes, head, room } = network;
  const potential = firstPotential(network);
  const via = new Int32Array(nodes);
  for (let left = units; left > 0 && nodes > 1;) {
    const distance = shortest(network, potential, via);
    for (let node = 0; node < nodes; node++) potential[node] += distance[node];
    let most = left;
    for (let node = nodes - 1; node > 0; node = head[via[node] ^ 1]) {
      most = Math.min(most, room[via[node]]);
    }
    for (let node = nodes - 1; node > 0; node = head[via[node] ^ 1]) {
      room[via[node]] -= most;
      room[via[node] ^ 1] += most;
    }
    left -= most;
  }
  return potential;
}

/** Distances by true costs; arcs lead forward in time, so one pass over the nodes does. */
function firstPotential({ nodes, head, cost, room, firstArc, nextArc }: Network): Float64Array {
  const distance = new Float64Array(nodes).fill(Infinity);
  if (nodes > 0) distance[0] = 0;
  for (let node = 0; node < nodes; node++) {
    for (let arc = firstArc[node]; arc >= 0; arc = nextArc[arc]) {
      if (room[arc] <= 0) continue;
      distance[head[arc]] = Math.min(distance[head[arc]], distance[node] + cost[arc]);
    }
  }
  return distance;
}

/** Distances by reduced costs, which are never negative but for rounding. */
function shortest(network: Network, potential: Float64Array, via: Int32Array): Float64Array {
  const { nodes, head, cost, room, firstArc, nextArc } = network;
  const distance = new Float64Array(nodes).fill(Infinity);
  const heap = new Nearest();
  distance[0] = 0;
  heap.push(0, 0);
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const [far, node] = top;
    if (far > distance[node]) continue;
    for (let arc = firstArc[node]; arc >= 0; arc = nextArc[arc]) {
      if (room[arc] <= 0) continue;
      const next = head[arc];
      const length = Math.max(0, cost[arc] + potential[node] - potential[next]);
      if (far + length >= distance[next]) continue;
      distance[next] = far + length;
      via[next] = arc;
      heap.push(far + length, next);
    }
  }
  return distance;
}

/** A binary heap of nodes by distance. */
class Nearest {
  private readonly heap: [number, number][] = [];

  push(distance: number, node: number): void {
    const { heap } = this;
    let hole = heap.length;
    heap.push([distance, node]);
    while (hole > 0 && heap[(hole - 1) >> 1][0] > distance) {
      heap[hole] = heap[(hole - 1) >> 1];
      hole = (hole - 1) >> 1;
    }
    heap[hole] = [distance, node];
  }

  pop(): [number, number] | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let hole = 0;
    while (true) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child++;
      if (heap[child][0] >= last[0]) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = last;
    return top;
  }
}
