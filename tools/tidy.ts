/**
 * The laws of the house, as an ordinary test: `deno task tidy`, or `tests/tidy_test.ts`.
 *
 * A finding reads `file:line: error: what is wrong, what to do instead`.
 *
 * @module
 */

/** One breach of a law. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A source file of the repository. */
interface Source {
  readonly file: string;
  readonly lines: readonly string[];
}

const FILE_BYTES_MAX = 2 ** 20;
const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;
const LINE_COLUMNS_MAX = 100;

/** Lines that may be long: addresses, tables, imports, patterns, and sentences in quotes. */
const LONG_LINES = new RegExp([
  "https?://",
  "^\\s*(//|\\*)?\\s*[|{]",
  "^(import|export) ",
  "(pattern|except): /",
  "[\"'`][^\"'`]{40,}[\"'`]",
  "^[|] ",
  "^\\s*/\\S",
].join("|"));

/** Files that may be long, with the reason. */
const LONG_FILES: Readonly<Record<string, string>> = {
  "engine/engine_wasm.ts": "generated",
};

/** Which folders (or files) may import from which; the first match of a file decides. */
const LAYERS: readonly (readonly [from: RegExp, to: RegExp, why: string])[] = [
  [/^assembly\/abi(_\w+)?\.ts$/, /^$/, "the boundary imports nothing"],
  [/^assembly\/build\.ts$/, /^$/, "the build imports the compiler only"],
  [/^assembly\//, /^assembly\//, "the engine imports only itself"],
  [/^errors\//, /^errors\//, "errors know nobody"],
  [/^scenario\//, /^(scenario|errors)\//, "scenarios know neither traces nor the engine"],
  [
    /^traces\//,
    /^(traces|errors)\/|^engine\/fold\.ts$/,
    "traces know nothing of the engine but folding",
  ],
  [
    /^engine\//,
    /^(engine|errors|scenario|traces)\/|^assembly\/abi(_\w+)?\.ts$/,
    "the engine knows no report",
  ],
  [
    /^bound\//,
    /^(bound|engine|errors)\/|^scenario\/hierarchy\.ts$|^traces\/trace\.ts$/,
    "bounds know the engine's results, and no report",
  ],
  [
    /^report\//,
    /^(report|errors)\/|^engine\/(result|hierarchy_result|learn_report|serving_result|serving_spec|unnumbered)\.ts$|^curves\/(curve|result|(bill|size|ttl)_result)\.ts$|^serving\/(calibration|break_even)\.ts$|^serving\/evidence\/(evidence|saturation|turns|buckets|counted)\.ts$|^traces\/(info|findings)\.ts$|^scenario\/hierarchy\.ts$/,
    "reports know results and statistics, not the engine",
  ],
  [
    /^sweep\//,
    /^(sweep|learn|engine|scenario|serving|traces|errors)\//,
    "sweeps run the engine over files and workers, and know no report",
  ],
  [
    /^learn\//,
    /^(learn|engine|scenario|traces|errors)\/|^assembly\/abi\.ts$/,
    "learning knows scenarios, traces and the engine, and no report",
  ],
  [
    /^curves\//,
    /^(curves|engine|scenario|traces|errors)\/|^assembly\/abi\.ts$/,
    "curves know traces and the engine, and no report",
  ],
  [/^serving\//, /^(serving|engine|scenario|traces|errors)\//, "serving knows no report"],
  [/^serve\//, /^(serve|report|curves|engine|scenario|traces|errors)\//, "the page has no host"],
  [
    /^mod\.ts$/,
    /^(assembly\/abi\.ts|errors|scenario|traces|engine|report|sweep|learn|bound|curves|serving)/,
    "mod.ts re-exports",
  ],
  [/^(cli\.ts|cli\/)/, /^(mod\.ts|cli\/|sweep\/|serve\/)/, "commands are built on the library"],
  [/./, /./, ""],
];

/** Patterns that may not appear, where, and what to write instead. */
const REFUSED = [
  {
    pattern:
      /\bDate\b|performance\.now|Math\.random|getRandomValues|\bIntl\.|toLocale|localeCompare/,
    except: /^(cli|bench|tools|tests)\/|^cli\.ts$|_test\.ts$/,
    message: "a clock, a random source or a locale, use named streams and integer times",
  },
  {
    pattern: /\bconsole\./,
    except: /^(cli|bench|tools|tests|examples)\/|^assembly\/build\.ts$|_test\.ts$/,
    message: "console outside the command line, return text instead",
  },
  {
    pattern: /\.memory\.buffer|new WebAssembly\.(Instance|Memory)/,
    except: /^engine\/(memory|wasm)\.ts$|^(bench|tests|examples)\//,
    message: "linear memory outside engine/memory.ts, use its reads and writes",
  },
  {
    pattern: /\bthrow new Error\(/,
    except: /^(tests|bench|tools)\/|_test\.ts$/,
    message: "an unnamed error, throw a class of errors/errors.ts",
  },
  {
    pattern: /\bnumRuns: \d/,
    except: /^tests\/support\/seed\.ts$/,
    message: "runs that KVTIER_RUNS cannot change, write numRuns: runs(100)",
  },
  {
    pattern: /\b(hitRate|FIXME|spill(ed|s)?)\b|\bTODO\b(?!\(#\d+\))/,
    except: /^tools\/tidy\.ts$/,
    message: "a refused word, use hitRatio, demotion, or an issue number",
  },
  {
    pattern: /\bDeno\./,
    except:
      /^(cli|bench|tools|tests)\/|^cli\.ts$|_test\.ts$|^assembly\/build\.ts$|^traces\/(source|open)\.ts$|^scenario\/files\.ts$|^sweep\/(store|sweep|merge)\.ts$/,
    message: "the host outside files that may touch it, take values as arguments",
  },
];

const REFUSED_NAMES = /(^|\/|_)(utils?|helpers?|manager|common|misc)(_|\.|\/)/;

/** All findings over the files that git tracks (or would). */
export async function tidy(root = "."): Promise<Finding[]> {
  const files = await listFiles(root);
  const findings: Finding[] = [];
  const sources: Source[] = [];
  for (const file of files) {
    const info = await Deno.stat(`${root}/${file}`);
    if (info.size > FILE_BYTES_MAX && !file.startsWith("tests/data/")) {
      findings.push({ file, line: 1, message: `${info.size} bytes, keep files below 1 MiB` });
    }
    if (REFUSED_NAMES.test(file)) {
      findings.push({ file, line: 1, message: "a name that says nothing, name the content" });
    }
    if (!file.endsWith(".ts") || file.endsWith(".d.ts")) continue;
    const lines = (await Deno.readTextFile(`${root}/${file}`)).split("\n");
    if (!(file in LONG_FILES)) sources.push({ file, lines });
  }
  for (const source of sources) {
    findings.push(...lengths(source), ...functions(source), ...words(source));
    findings.push(...layers(source, files));
  }
  findings.push(...cycles(sources, files));
  findings.push(...unused(sources, files));
  return findings;
}

async function listFiles(root: string): Promise<string[]> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const { stdout, success } = await new Deno.Command("git", { args, cwd: root }).output();
  if (!success) throw new Error("git ls-files failed");
  const names = new TextDecoder().decode(stdout).split("\n").filter((name) => name !== "");
  const present: string[] = [];
  for (const name of new Set(names)) {
    const found = await Deno.stat(`${root}/${name}`).then((info) => info.isFile, () => false);
    if (found) present.push(name);
  }
  return present.sort();
}

function* lengths({ file, lines }: Source): Generator<Finding> {
  if (lines.length > FILE_LINES_MAX) {
    yield { file, line: lines.length, message: `${lines.length} lines, keep files to 300` };
  }
  for (const [index, line] of lines.entries()) {
    const exempt = LONG_LINES.test(line);
    if ([...line].length > LINE_COLUMNS_MAX && !exempt) {
      yield { file, line: index + 1, message: "a line above 100 columns, break it" };
    }
  }
}

/** Functions by indentation: the formatter closes a body at the column where it began. */
function* functions({ file, lines }: Source): Generator<Finding> {
  const head =
    /^(\s*)(export )?(default )?(abstract )?(static |private |protected |public |readonly |override )*(async )?(function\b|(get |set )?[a-zA-Z_]\w*(<[^>]*>)?\()/;
  for (const [index, line] of lines.entries()) {
    const match = head.exec(line);
    if (match === null || /^\s*(if|for|while|switch|return|super|await)\b/.test(line)) continue;
    const close = `${match[1]}}`;
    const end = lines.findIndex((other, at) => at > index && other === close);
    const opens = lines.slice(index, index + 14).some((other) => /\{$/.test(other));
    if (end < 0 || !opens || !bodyBelongs(lines, index, match[1].length)) continue;
    if (end - index + 1 > FUNCTION_LINES_MAX) {
      yield { file, line: index + 1, message: `${end - index + 1} lines, keep functions to 70` };
    }
  }
}

/** Whether the statement that starts here opens a block rather than ending as a call. */
function bodyBelongs(lines: readonly string[], start: number, indent: number): boolean {
  for (let at = start; at < Math.min(lines.length, start + 20); at++) {
    if (at > start && lines[at].search(/\S/) === indent && !/^\s*[)\]}]/.test(lines[at])) {
      return false;
    }
    if (/[^,(=\s]\s\{$/.test(lines[at]) && (at === start || lines[at].search(/\S/) === indent)) {
      return true;
    }
    if (/;$/.test(lines[at])) return false;
  }
  return false;
}

function* words({ file, lines }: Source): Generator<Finding> {
  for (const { pattern, except, message } of REFUSED) {
    if (except.test(file) || file.startsWith("assembly/") && file !== "assembly/build.ts") continue;
    for (const [index, line] of lines.entries()) {
      if (/^\s*(\*|\/\/|\/\*)/.test(line)) continue;
      if (pattern.test(line)) yield { file, line: index + 1, message };
    }
  }
}

/** Relative imports of a file, as paths from the root. */
function importsOf(
  { file, lines }: Source,
  files: readonly string[],
): [line: number, to: string][] {
  const found: [number, string][] = [];
  for (const [index, line] of lines.entries()) {
    const match = /(?:from|import)\s*\(?\s*"(\.[^"]+|kvtier)"/.exec(line);
    if (match === null || /^\s*\*/.test(line)) continue;
    const url = new URL(match[1] === "kvtier" ? "/mod.ts" : match[1], `file:///${file}`);
    const path = url.pathname.slice(1);
    const to = [path, `${path}.ts`].find((candidate) => files.includes(candidate)) ?? path;
    found.push([index + 1, to]);
  }
  return found;
}

function* layers(source: Source, files: readonly string[]): Generator<Finding> {
  const { file } = source;
  if (/_test\.ts$/.test(file) || /^(tests|bench|tools|examples)\//.test(file)) return;
  const law = LAYERS.find(([from]) => from.test(file));
  for (const [line, to] of importsOf(source, files)) {
    if (law !== undefined && !law[1].test(to)) {
      yield { file, line, message: `imports ${to}, but ${law[2]}` };
    }
  }
}

function cycles(sources: readonly Source[], files: readonly string[]): Finding[] {
  const graph = new Map(sources.map((source) => [source.file, importsOf(source, files)]));
  const state = new Map<string, "open" | "done">();
  const findings: Finding[] = [];
  const visit = (file: string) => {
    state.set(file, "open");
    for (const [line, to] of graph.get(file) ?? []) {
      if (state.get(to) === "open" && !isTypeOnly(sources, file, line)) {
        findings.push({ file, line, message: `closes a cycle of imports with ${to}` });
      } else if (graph.has(to) && !state.has(to)) visit(to);
    }
    state.set(file, "done");
  };
  for (const { file } of sources) if (!state.has(file)) visit(file);
  return findings;
}

function isTypeOnly(sources: readonly Source[], file: string, line: number): boolean {
  const lines = sources.find((source) => source.file === file)?.lines ?? [];
  return /^import type/.test(lines[line - 1]) || /^export type/.test(lines[line - 1]);
}

/** Files that nothing imports, other than those that are started by name. */
function unused(sources: readonly Source[], files: readonly string[]): Finding[] {
  const used = new Set(sources.flatMap((source) => importsOf(source, files).map(([, to]) => to)));
  const started =
    /^(mod|cli)\.ts$|_test\.ts$|_bench\.ts$|^(tools|bench|examples|tests)\/|^assembly\/(index|build)\.ts$|^sweep\/worker\.ts$|^serve\/page\/(main|worker)\.ts$/;
  return sources
    .filter(({ file }) => !used.has(file) && !started.test(file))
    .map(({ file }) => ({ file, line: 1, message: "imported by nobody, delete it or use it" }));
}

if (import.meta.main) {
  const findings = await tidy();
  for (const { file, line, message } of findings) {
    console.error(`${file}:${line}: error: ${message}`);
  }
  console.log(findings.length === 0 ? "tidy: no findings" : `tidy: ${findings.length} findings`);
  Deno.exit(findings.length === 0 ? 0 : 1);
}
