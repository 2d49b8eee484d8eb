/**
 * What a file in `configs/hardware` may say: numbers of a device, each with its source.
 *
 * @module
 */
import { z } from "zod";
import { quantity } from "./quantity_schemas.ts";

const sourced = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    value: value.describe("The number, with its unit if it has one."),
    source: z.string().trim().min(1).describe("Data sheet or page that the value is from."),
    approximate: z.boolean().optional()
      .describe("The source gives no such number for this very device, or only a range."),
  });

const compute = z.strictObject({
  memory: sourced(quantity("bytes")).optional()
    .describe("Bytes that programs find on the device; its capacity when absent."),
  bf16: sourced(quantity("arithmetic")).describe("Peak of dense products of 16-bit numbers."),
  fp8: sourced(quantity("arithmetic")).optional().describe("Peak of dense products in fp8."),
  int8: sourced(quantity("arithmetic")).optional().describe("Peak of dense products in int8."),
  power: sourced(quantity("power")).optional().describe("Power of the device under full load."),
  price: sourced(quantity("hourlyPrice")).optional()
    .describe("Price of an hour of one device: an assumption, with its day in the source."),
});

const links = z.strictObject({
  nvlink: sourced(quantity("bandwidth")).optional()
    .describe("To other devices of the server, one direction: NVLink, Infinity Fabric."),
  pcie: sourced(quantity("bandwidth")).optional().describe("To the host, one direction."),
  nic: sourced(quantity("bandwidth")).optional().describe("To other servers, one direction."),
});

/** A device that may back a tier. */
export const HardwareSchema = z.strictObject({
  name: z.string().min(1).describe("Name for people."),
  notes: z.string().min(1).optional().describe("What the numbers stand for, and what they omit."),
  capacity: sourced(quantity("bytes")).optional().describe("Bytes of the whole device."),
  readBandwidth: sourced(quantity("bandwidth")).describe("Bytes per second out of the device."),
  writeBandwidth: sourced(quantity("bandwidth")).describe("Bytes per second into the device."),
  readLatency: sourced(quantity("duration")).describe("Time before the first byte out."),
  writeLatency: sourced(quantity("duration")).describe("Time before the first byte in."),
  concurrency: sourced(z.int().min(1).max(65_535)).optional()
    .describe("Transfers that run side by side."),
  cost: sourced(quantity("price")).optional().describe("Price of holding."),
  readEnergy: sourced(quantity("energy")).optional().describe("Energy of each byte out."),
  writeEnergy: sourced(quantity("energy")).optional().describe("Energy of each byte in."),
  compute: compute.optional().describe("What a device that runs models computes; none if absent."),
  links: links.optional().describe("How fast a device that runs models reaches others."),
});

/** A checked hardware file. */
export type Hardware = z.infer<typeof HardwareSchema>;
