/**
 * Grows one regression tree leaf by leaf: the leaf whose best split saves most is split next.
 *
 * Source: the histogram method as Ke et al. describe it, "LightGBM: a highly efficient gradient
 * boosting decision tree", NIPS 2017; a child's histogram is the parent's less its sibling's.
 *
 * @module
 */
import type { Bins } from "./bins.ts";
import type { Tree } from "./forest.ts";

/** What bounds a tree. */
export interface GrowLimits {
  readonly maxLeaves: number;
  readonly minLeafRows: number;
  /** Least sum of second derivatives in a leaf. */
  readonly minLeafHessian: number;
  /** Added to the second derivatives: pulls leaves towards 0. */
  readonly lambda: number;
  readonly learningRate: number;
}

/** First and second derivatives of the loss at each row; no `hessian` when all are 1. */
export interface Derivatives {
  readonly gradient: Float64Array;
  readonly hessian?: Float64Array;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  /** Last bin of the left child. */
  readonly bin: number;
}

interface Leaf {
  readonly from: number;
  readonly to: number;
  readonly gradient: number;
  readonly hessian: number;
  /** For each bin: sum of gradients, sum of hessians, rows. */
  readonly histogram: Float64Array;
  readonly split: Split | undefined;
  /** Inner node above, and on which side of it this leaf hangs; -1 above the root. */
  readonly parent: number;
  readonly isLeft: boolean;
}

const CELL = 3;

/** Grows a tree over all rows and leaves in `order` which rows each leaf holds. */
export class Grower {
  private readonly order: Uint32Array;
  private readonly spare: Uint32Array;
  private leaves: Leaf[] = [];
  private readonly pool: Float64Array[] = [];

  constructor(
    private readonly bins: Bins,
    private readonly rows: number,
    private readonly limits: GrowLimits,
  ) {
    this.order = new Uint32Array(rows);
    this.spare = new Uint32Array(rows);
  }

  /**
   * @param allowed Features that may be split on, rising.
   * @param score Scores of the rows; the tree's leaves are added.
   */
  grow(derivatives: Derivatives, allowed: readonly number[], score: Float64Array): Tree {
    const nodes = new NodeColumns();
    for (let row = 0; row < this.rows; row++) this.order[row] = row;
    this.leaves = [this.root(derivatives, allowed)];
    while (this.leaves.length < this.limits.maxLeaves) {
      let best = -1;
      let gain = 0;
      for (const [index, { split }] of this.leaves.entries()) {
        if (split === undefined || split.gain <= gain) continue;
        best = index;
        gain = split.gain;
      }
      if (best < 0) break;
      this.divide(best, derivatives, allowed, nodes);
    }
    return this.finish(nodes, score);
  }

  private root(derivatives: Derivatives, allowed: readonly number[]): Leaf {
    const histogram = this.histogram();
    this.count(histogram, 0, this.rows, derivatives);
    let gradient = 0;
    let hessian = 0;
    for (let bin = this.bins.firstBin[0]; bin < this.bins.firstBin[1]; bin++) {
      gradient += histogram[bin * CELL];
      hessian += histogram[bin * CELL + 1];
    }
    const part = { from: 0, to: this.rows, gradient, hessian, histogram };
    return { ...part, split: this.bestSplit(part, allowed), parent: -1, isLeft: false };
  }

  private histogram(): Float64Array {
    return this.pool.pop()?.fill(0) ?? new Float64Array(this.bins.value.length * CELL);
  }

  /** Adds the rows `from` to `to` of the order to a histogram. */
  private count(sums: Float64Array, from: number, to: number, derivatives: Derivatives): void {
    const { binOf, features } = this.bins;
    const { gradient, hessian } = derivatives;
    const { order } = this;
    for (let i = from; i < to; i++) {
      const row = order[i];
      const g = gradient[row];
      const h = hessian === undefined ? 1 : hessian[row];
      for (let at = row * features, end = at + features; at < end; at++) {
        const cell = binOf[at] * CELL;
        sums[cell] += g;
        sums[cell + 1] += h;
        sums[cell + 2]++;
      }
    }
  }

  /** Highest threshold among equals within a feature; lowest feature among equals. */
  private bestSplit(
    leaf: Pick<Leaf, "from" | "to" | "gradient" | "hessian" | "histogram">,
    allowed: readonly number[],
  ): Split | undefined {
    const { minLeafRows, minLeafHessian, lambda } = this.limits;
    const rows = leaf.to - leaf.from;
    if (rows < 2 * minLeafRows) return undefined;
    const whole = leaf.gradient * leaf.gradient / (leaf.hessian + lambda);
    let best: Split | undefined;
    for (const feature of allowed) {
      const first = this.bins.firstBin[feature];
      let gradient = 0;
      let hessian = 0;
      let count = 0;
      for (let bin = this.bins.firstBin[feature + 1] - 1; bin > first; bin--) {
        gradient += leaf.histogram[bin * CELL];
        hessian += leaf.histogram[bin * CELL + 1];
        count += leaf.histogram[bin * CELL + 2];
        if (count < minLeafRows || hessian < minLeafHessian) continue;
        if (rows - count < minLeafRows || leaf.hessian - hessian < minLeafHessian) break;
        const left = leaf.gradient - gradient;
        const gain = gradient * gradient / (hessian + lambda) +
          left * left / (leaf.hessian - hessian + lambda) - whole;
        // A saving that rounding could have made is none.
        if (gain > (best?.gain ?? 1e-12 * Math.abs(whole))) best = { gain, feature, bin: bin - 1 };
      }
    }
    return best;
  }

  /** Splits a leaf: the left child takes its place, the right one goes last. */
  private divide(
    index: number,
    derivatives: Derivatives,
    allowed: readonly number[],
    nodes: NodeColumns,
  ): void {
    const leaf = this.leaves[index];
    const { feature, bin, gain } = leaf.split!;
    const middle = this.partition(leaf, feature, bin);
    const node = nodes.add(feature, this.thresholdAfter(bin), gain, leaf);
    const isLeftSmall = middle - leaf.from < leaf.to - middle;
    const small = this.histogram();
    if (isLeftSmall) this.count(small, leaf.from, middle, derivatives);
    else this.count(small, middle, leaf.to, derivatives);
    const large = leaf.histogram;
    for (let i = 0; i < large.length; i++) large[i] -= small[i];
    const left = isLeftSmall ? small : large;
    let gradient = 0;
    let hessian = 0;
    for (let b = this.bins.firstBin[feature]; b <= bin; b++) {
      gradient += left[b * CELL];
      hessian += left[b * CELL + 1];
    }
    const parts = [
      { from: leaf.from, to: middle, gradient, hessian, histogram: left },
      {
        from: middle,
        to: leaf.to,
        gradient: leaf.gradient - gradient,
        hessian: leaf.hessian - hessian,
        histogram: isLeftSmall ? large : small,
      },
    ];
    const children = parts.map((part, side): Leaf => ({
      ...part,
      split: this.bestSplit(part, allowed),
      parent: node,
      isLeft: side === 0,
    }));
    this.leaves[index] = children[0];
    this.leaves.push(children[1]);
  }

  /** Half-way to the next value that occurs, so that values never seen fall to the nearer side. */
  private thresholdAfter(bin: number): number {
    return (this.bins.value[bin] + this.bins.value[bin + 1]) / 2;
  }

  /** Sorts the rows of a leaf into left and right, keeping their order; gives the border. */
  private partition(leaf: Leaf, feature: number, bin: number): number {
    const { binOf, features } = this.bins;
    const { order, spare } = this;
    let left = leaf.from;
    let right = 0;
    for (let i = leaf.from; i < leaf.to; i++) {
      const row = order[i];
      if (binOf[row * features + feature] <= bin) order[left++] = row;
      else spare[right++] = row;
    }
    order.set(spare.subarray(0, right), left);
    return left;
  }

  private finish(nodes: NodeColumns, score: Float64Array): Tree {
    const { lambda, learningRate } = this.limits;
    const leafValue = this.leaves.map(({ gradient, hessian }) =>
      -gradient / (hessian + lambda) * learningRate
    );
    for (const [index, leaf] of this.leaves.entries()) {
      for (let i = leaf.from; i < leaf.to; i++) score[this.order[i]] += leafValue[index];
      if (leaf.parent >= 0) nodes.hang(leaf.parent, leaf.isLeft, -1 - index);
      this.pool.push(leaf.histogram);
    }
    return {
      ...nodes.columns(),
      leafValue: Float64Array.from(leafValue),
      leafCount: Int32Array.from(this.leaves, ({ from, to }) => to - from),
      shrinkage: learningRate,
    };
  }
}

/** The inner nodes of the tree in growth. */
class NodeColumns {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly gain: number[] = [];
  private readonly rows: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];

  /** Adds the node that replaces a leaf. */
  add(feature: number, threshold: number, gain: number, leaf: Leaf): number {
    const node = this.feature.length;
    this.feature.push(feature);
    this.threshold.push(threshold);
    this.gain.push(gain);
    this.rows.push(leaf.to - leaf.from);
    this.left.push(0);
    this.right.push(0);
    if (leaf.parent >= 0) this.hang(leaf.parent, leaf.isLeft, node);
    return node;
  }

  hang(parent: number, isLeft: boolean, child: number): void {
    (isLeft ? this.left : this.right)[parent] = child;
  }

  columns() {
    return {
      splitFeature: Int32Array.from(this.feature),
      threshold: Float64Array.from(this.threshold),
      leftChild: Int32Array.from(this.left),
      rightChild: Int32Array.from(this.right),
      // No value is missing; LightGBM writes the direction of missing ones all the same.
      decisionType: new Uint8Array(this.feature.length).fill(2),
      splitGain: Float64Array.from(this.gain),
      internalCount: Int32Array.from(this.rows),
    };
  }
}
