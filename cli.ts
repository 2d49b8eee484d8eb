/**
 * The command line: arguments in, calls to `mod.ts`, text out.
 *
 * @module
 */
import { describe, didYouMean, exitCode, UsageError, VERSION } from "kvtier";
import { calibrateCommands } from "./cli/calibrate.ts";
import { ceilingCommand } from "./cli/ceiling.ts";
import { compareCommand } from "./cli/compare.ts";
import { curveCommand } from "./cli/curve.ts";
import { explainCommand } from "./cli/explain.ts";
import { kvCommand } from "./cli/kv.ts";
import { latencyCommand } from "./cli/latency.ts";
import { learnCommand } from "./cli/learn.ts";
import { type Command, commandHelp, parseInput } from "./cli/options.ts";
import { offloadCommand } from "./cli/offload.ts";
import { print, say } from "./cli/output.ts";
import { pageCommand } from "./cli/page.ts";
import { policiesCommand } from "./cli/policies.ts";
import { routeCommand } from "./cli/route.ts";
import { runCommand } from "./cli/run.ts";
import { sizeCommand } from "./cli/size.ts";
import { sweepCommand } from "./cli/sweep.ts";
import { synthCommand } from "./cli/synth.ts";
import { convertCommand, headCommand, infoCommand, validateCommand } from "./cli/trace.ts";
import { ttlCommand } from "./cli/ttl.ts";

const COMMANDS: readonly Command[] = [
  compareCommand,
  sizeCommand,
  ttlCommand,
  curveCommand,
  ceilingCommand,
  runCommand,
  latencyCommand,
  routeCommand,
  sweepCommand,
  learnCommand,
  pageCommand,
  kvCommand,
  offloadCommand,
  ...calibrateCommands,
  policiesCommand,
  explainCommand,
  infoCommand,
  validateCommand,
  headCommand,
  convertCommand,
  synthCommand,
];

/** Runs a command line and gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    say(describe(error));
    return exitCode(error);
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    const topic = args.slice(1).join(" ");
    print(topic === "" ? overview() : helpOf(topic));
    return 0;
  }
  if (first === "--version" || first === "-V") {
    print(`kvtier ${VERSION}\n`);
    return 0;
  }
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length > 0 && (args.length === 1 || args[1] === "--help" || args[1] === "-h")) {
    print(helpOf(first));
    return 0;
  }
  const typed = group.length > 0 ? args.slice(0, 2).join(" ") : first;
  const command = COMMANDS.find(({ name }) => name === typed);
  if (command === undefined) throw unknownCommand(typed);
  const input = parseInput(command, args.slice(typed.split(" ").length));
  if (input.has("help")) {
    print(commandHelp(command));
    return 0;
  }
  return await command.run(input);
}

function unknownCommand(typed: string): UsageError {
  const hint = didYouMean(typed, ["help", ...COMMANDS.map(({ name }) => name)]);
  return new UsageError({
    code: "usage/unknown-command",
    message: `Cannot run: "${typed}" is not a command`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier --help` lists them all"],
  });
}

function helpOf(topic: string): string {
  const exact = COMMANDS.find(({ name }) => name === topic);
  if (exact !== undefined) return commandHelp(exact);
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${topic} `));
  if (group.length === 0) throw unknownCommand(topic);
  return `${list(group)}\nkvtier help COMMAND shows options and examples.\n`;
}

function list(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}\n`).join("");
}

function overview(): string {
  return [
    "kvtier: what your KV cache is worth.",
    "",
    "Replays real request traces through eviction policies, exactly, and shows how far each is from",
    "the provable optimum.",
    "",
    "Commands:",
    list(COMMANDS),
    "Examples:",
    "  # which policy, how much memory, how far from the optimum?",
    "  kvtier compare trace.jsonl.gz",
    "  # is this traffic worth caching at all?",
    "  kvtier trace info trace.jsonl.gz",
    "",
    "kvtier COMMAND --help shows options and examples; kvtier --version the version.",
    "Exit codes: 0 well, 1 refused input, 2 wrong usage, 70 a fault of kvtier.",
    "",
  ].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
