/**
 * Fits of dense products and element-wise work on measured tables of one layer.
 *
 * @module
 */
import type { Device } from "../device.ts";
import { type Fit, fit, type FitRange } from "./fit.ts";
import type { ElementwisePoint, LayerPoint } from "./vidur_table.ts";

/** What a fit may choose for dense products; clocks may exceed what peaks are rated at. */
export const PRODUCT_RANGES: readonly FitRange[] = [
  { name: "flops", start: 0.75, min: 0.05, max: 1.2 },
  { name: "bandwidth", start: 0.85, min: 0.05, max: 1 },
  { name: "smoothness", start: 1.5, min: 1, max: 16 },
  { name: "productNs", start: 5_000, min: 1, max: 1e6 },
];

/**
 * Fits η, β, p and o on the products of a layer, all degrees of tensor parallelism together: the
 * sizes of the weights tell the time to read them from the time to launch. With one size of weights
 * the two cannot be told apart; then there is no o, and β has both.
 *
 * @param name For sentences, such as the name of the file.
 * @throws {CalibrationError} If nothing is explained, as when the device is another.
 */
export function fitProducts(name: string, points: readonly LayerPoint[], device: Device): Fit {
  const { flopsPerSecond, memoryBytesPerSecond } = device;
  const sizes = new Set(points.map(({ numbers }) => numbers[0]));
  return fit<LayerPoint>({
    name: `products in ${name}`,
    constants: sizes.size > 1 ? PRODUCT_RANGES : PRODUCT_RANGES.slice(0, 3),
    points,
    set: ({ set }) => set,
    label: ({ set, tokens }) => `${tokens} tokens at ${set}`,
    x: ({ tokens }) => tokens,
    observed: ({ ns }) => ns,
    predict: ([flops, bandwidth, p, overheadNs = 0], points) =>
      points.map(({ tokens, numbers }) => {
        let ns = 0;
        for (const each of numbers) {
          const compute = 2 * each * tokens * 1e9 / (flops * flopsPerSecond);
          const read = 2 * each * 1e9 / (bandwidth * memoryBytesPerSecond);
          ns += (compute ** p + read ** p) ** (1 / p) + overheadNs;
        }
        return ns;
      }),
    evaluations: 600,
  });
}

/** Fits the share of memory bandwidth that element-wise work reaches, and its launches. */
export function fitElementwise(
  name: string,
  points: readonly ElementwisePoint[],
  device: Device,
): Fit {
  const peak = device.memoryBytesPerSecond / 1e9;
  return fit<ElementwisePoint>({
    name: `element-wise work in ${name}`,
    constants: [
      { name: "elementwiseBandwidth", start: 0.7, min: 0.01, max: 4 },
      { name: "elementwiseNs", start: 15_000, min: 1, max: 1e6 },
    ],
    points,
    set: ({ set }) => set,
    label: ({ set, tokens }) => `${tokens} tokens at ${set}`,
    x: ({ tokens }) => tokens,
    observed: ({ ns }) => ns,
    predict: ([share, launchNs], points) =>
      points.map(({ bytes }) => bytes / (share * peak) + launchNs),
    evaluations: 300,
  });
}
