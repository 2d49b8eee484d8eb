/** `kvtier sweep` as a process of its own, for tests that kill it. */
import { describe, exitCode } from "kvtier";
import { parseInput } from "../../cli/options.ts";
import { sweepCommand } from "../../cli/sweep.ts";

try {
  Deno.exit(await sweepCommand.run(parseInput(sweepCommand, Deno.args)));
} catch (error) {
  await Deno.stderr.write(new TextEncoder().encode(`${describe(error)}\n`));
  Deno.exit(exitCode(error));
}
