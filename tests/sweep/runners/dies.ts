/** A runner whose worker dies: the error comes from outside of the cell. */
import type { RunnerFactory } from "../../../sweep/runner.ts";

export const createRunner: RunnerFactory = () => async () => {
  setTimeout(() => {
    throw new Error("out of nowhere");
  });
  await new Promise(() => {});
  return {};
};
