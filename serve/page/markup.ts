/**
 * The body of the page as it is before a trace is there.
 *
 * @module
 */
import { escapeHtml } from "../../report/html_page.ts";

/** A model that capacities can be shown in. */
export interface PageModel {
  readonly name: string;
  readonly bytesPerToken: number;
}

/** What the body says. */
export interface BodyInput {
  /** Version of kvtier. */
  readonly version: string;
  /** Name of the sample, as its trace was called; absent without one. */
  readonly sampleName?: string;
  /** Where the sample is from, and its licence. */
  readonly sampleCredit?: string;
  readonly models: readonly PageModel[];
}

/** Writes the body; `main.ts` brings it to life. */
export function pageBody(input: BodyInput): string {
  const { version, sampleName, sampleCredit, models } = input;
  const credit = sampleCredit === undefined ? "" : `<br>Sample: ${escapeHtml(sampleCredit)}`;
  return [
    HEADER,
    "<main>",
    chooser(sampleName),
    RUNNING,
    FACTS,
    CURVE,
    sizing(models),
    POLICIES,
    LIMITS,
    "</main>",
    `<footer><p class="muted">kvtier ${escapeHtml(version)} · engine <code id="engine"></code>` +
    `${credit}</p></footer>`,
    "<noscript><p>This page computes in JavaScript and WebAssembly, which are switched off.</p>" +
    "</noscript>",
  ].join("\n");
}

const HEADER = `<header>
<p class="eyebrow">kvtier</p>
<h1>What is your KV cache worth?</h1>
<p>A trace of LLM requests goes in; out comes how much of its prompts could be reused, how much
memory that takes, and which eviction policy comes close. Exact, by the same engine as the command
line.</p>
<p class="note"><strong>Nothing leaves this machine.</strong> The page is one file; its own security
policy forbids it every connection, and it works offline.</p>
</header>`;

function chooser(sampleName: string | undefined): string {
  const sample = sampleName === undefined
    ? ""
    : `<button type="button" id="sample">Try the sample<small>${escapeHtml(sampleName)}</small>` +
      "</button>\n";
  return `<section aria-label="Trace" class="chooser">
<button type="button" id="choose" class="main">Choose a trace<small>or drop it anywhere on this
page</small></button>
${sample}<input type="file" id="file" hidden tabindex="-1" aria-hidden="true">
<p class="muted note">Mooncake, WEKA, Qwen-Bailian, LMCache, Tair, BurstGPT, Azure, Splitwise,
Vidur, LLMServingSim, oracleGeneral, CSV, JSONL or <code>.kvt</code>; plain or gzip. Told from the
content.</p>
</section>`;
}

const RUNNING = `<section id="running" aria-label="Progress" hidden>
<p id="status" role="status" aria-live="polite"></p>
<div class="bar"><progress id="progress" aria-labelledby="status" max="1"></progress>
<span id="share" class="muted" aria-hidden="true"></span>
<button type="button" id="cancel">Cancel</button>
<button type="button" id="resume" hidden>Go on</button></div>
</section>
<div id="failure" role="alert"></div>`;

const FACTS = `<section id="facts" aria-labelledby="facts-title" hidden>
<h2 id="facts-title">The trace</h2>
<div id="facts-content"></div>
</section>`;

const CURVE = `<section id="curve" aria-labelledby="curve-title" hidden>
<h2 id="curve-title">Hit ratio by capacity</h2>
<fieldset id="order">
<legend>A request touches its blocks</legend>
<label><input type="radio" name="touch" value="tail-first" checked> tail first, as serving
engines free them</label>
<label><input type="radio" name="touch" value="root-first"> root first, as libCacheSim and published
tables do</label>
</fieldset>
<div id="curve-content"><p class="key" aria-hidden="true"><span class="lru">LRU</span>
<span class="optimum">optimum</span> <span class="ceiling">ceiling</span></p>
<div id="chart" role="img"></div>
<p id="curve-note" class="muted note"></p>
<p id="curve-repeat" class="muted note"></p>
</div>
<div id="curve-empty" hidden></div>
</section>`;

function sizing(models: readonly PageModel[]): string {
  const options = models.map(({ name, bytesPerToken }) =>
    `<option value="${bytesPerToken}">${escapeHtml(name)}</option>`
  );
  return `<section id="sizing" aria-labelledby="sizing-title" hidden>
<h2 id="sizing-title">How much memory?</h2>
<div class="fields">
<div><label for="model">Show memory for</label>
<select id="model"><option value="">blocks only</option>
${options.join("\n")}
<option value="own">a block size of your own</option></select></div>
<div id="block-bytes-field" hidden><label for="block-bytes">Bytes of a block</label>
<input id="block-bytes" type="text" inputmode="text" autocomplete="off" spellcheck="false"
placeholder="160 MiB" aria-describedby="block-bytes-error">
<p id="block-bytes-error" class="wrong" role="alert"></p></div>
</div>
<label for="target">Target: <output id="target-value" for="target"></output></label>
<input id="target" type="range" min="10" max="100" step="1" value="90">
<p id="target-answer" class="answer" aria-live="polite"></p>
<label for="capacity">Capacity: <output id="capacity-value" for="capacity"></output></label>
<input id="capacity" type="range" min="0" max="1000" step="1" value="500">
<p id="capacity-answer" class="answer" aria-live="polite"></p>
</section>`;
}

const POLICIES = `<section id="policies" aria-labelledby="policies-title" hidden>
<h2 id="policies-title">Policies</h2>
<p id="policies-ask" hidden><button type="button" id="compare">Compare policies</button>
<span id="policies-cost" class="muted"></span></p>
<div id="policies-content"></div>
</section>`;

const LIMITS = `<section id="limits" aria-labelledby="limits-title" hidden>
<h2 id="limits-title">What this does not show</h2>
<div id="limits-content"></div>
</section>`;
