/**
 * What a device computes and moves, in base units, from its file.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import type { Hardware } from "../scenario/hardware_schema.ts";
import { loadNamed } from "../scenario/files.ts";
import { QUANTITIES, type QuantityKind, readQuantity } from "../scenario/units.ts";

/** A device that runs models. All rates are of one device. */
export interface Device {
  readonly name: string;
  /** Bytes that programs find on it. */
  readonly memoryBytes: number;
  readonly memoryBytesPerSecond: number;
  /** Peak of dense 16-bit products. */
  readonly flopsPerSecond: number;
  /** Peak of dense 8-bit products; that of 16-bit ones where there is no better. */
  readonly flopsPerSecond8: number;
  /** To other devices of the server, one direction; PCIe's where there is no NVLink. */
  readonly peerBytesPerSecond: number;
  readonly hostBytesPerSecond: number;
  /** To other servers; 0 when not given. */
  readonly networkBytesPerSecond: number;
  /** Watts under load; 0 when not given. */
  readonly powerWatts: number;
  /** Dollars of an hour; 0 when not given. */
  readonly dollarsPerHour: number;
}

/**
 * Loads a device: a path to a YAML file, or the name of one in `configs/hardware`.
 *
 * @throws {ScenarioError} If there is no such file, or it says nothing of computing.
 *
 * @example
 * ```ts
 * import { loadDevice } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await loadDevice("a100-sxm")).flopsPerSecond, 312e12);
 * ```
 */
export async function loadDevice(nameOrPath: string): Promise<Device> {
  const { HardwareSchema } = await import("../scenario/hardware_schema.ts");
  const { parseYaml } = await import("../scenario/yaml_text.ts");
  const { file, text } = await loadNamed("hardware", nameOrPath);
  return deviceOf(await parseYaml<Hardware>(text, file, "hardware", HardwareSchema), file);
}

/**
 * The device that a checked hardware file describes.
 *
 * @throws {ScenarioError} If it says nothing of computing.
 */
export function deviceOf(hardware: Hardware, file: string): Device {
  const { compute, links = {} } = hardware;
  if (compute === undefined || hardware.capacity === undefined) {
    throw new ScenarioError({
      code: "scenario/device-without-compute",
      message: "Cannot work out the time of a step: the device computes nothing",
      place: { file },
      found: `"${hardware.name}" without ${compute === undefined ? "compute" : "capacity"}`,
      expected: "a device with compute.bf16, such as h100-sxm or rtx-4090",
    });
  }
  const value = (kind: keyof typeof QUANTITIES, given?: { readonly value: string }): number => {
    const reading = readQuantity(given?.value ?? "", QUANTITIES[kind] as QuantityKind);
    return "value" in reading ? reading.value : 0;
  };
  const flops = value("arithmetic", compute.bf16);
  return {
    name: hardware.name,
    memoryBytes: value("bytes", compute.memory ?? hardware.capacity),
    memoryBytesPerSecond: value("bandwidth", hardware.readBandwidth),
    flopsPerSecond: flops,
    flopsPerSecond8: value("arithmetic", compute.fp8 ?? compute.int8) || flops,
    peerBytesPerSecond: value("bandwidth", links.nvlink ?? links.pcie),
    hostBytesPerSecond: value("bandwidth", links.pcie),
    networkBytesPerSecond: value("bandwidth", links.nic),
    powerWatts: value("power", compute.power),
    dollarsPerHour: value("hourlyPrice", compute.price),
  };
}
