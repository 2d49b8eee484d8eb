/** A runner that refuses the capacity of 8 blocks, as an engine would. */
import { EngineError } from "../../../errors/errors.ts";
import type { RunnerFactory } from "../../../sweep/runner.ts";

export const createRunner: RunnerFactory = () => (spec, trace) => {
  const { capacity } = spec as unknown as { capacity: string };
  if (capacity === "8") {
    throw new EngineError({
      code: "engine/CapacityZero",
      message: "the tier cannot hold one block",
      expected: "more room",
    });
  }
  return { capacity: Number.parseInt(capacity), requests: trace.requestCount };
};
