/**
 * The arithmetic of KV: what a token, a block and a request take, and what fits.
 *
 * @module
 */
import { bytesPerToken, kvBytes, kvNumbers, type Model, numbersPerLayer } from "./models.ts";
import { bytesInScheme, scheme, SCHEME_NAMES, type SchemeName } from "./schemes.ts";

/** One line of the arithmetic. */
export interface KvStep {
  readonly what: string;
  /** Such as `80 layers · 2 · 8 KV heads · 128 · 2 B`. */
  readonly formula: string;
  readonly bytes: number;
}

/** What blocks and requests take in one scheme. */
export interface KvSchemeRow {
  /** `native`, or the scheme's name. */
  readonly scheme: string;
  readonly bitsPerNumber: number;
  /** Numbers that share a scale; 0 for none. */
  readonly groupNumbers: number;
  /** Bytes of scale and zero point of a group. */
  readonly groupBytes: number;
  readonly blockBytes: number;
  readonly requestBytes: number;
  /** Bytes of a block over its bytes in the model's own precision. */
  readonly ratio: number;
  /** Whole blocks that fit in the capacity, if one was given. */
  readonly blocksThatFit?: number;
  /** Tokens in those blocks. */
  readonly tokensThatFit?: number;
  /** Whole requests that fit, none sharing a block. */
  readonly requestsThatFit?: number;
}

/** The arithmetic of one model. */
export interface KvArithmetic {
  readonly model: string;
  readonly source: string;
  readonly tokens: number;
  readonly blockTokens: number;
  readonly bytesPerToken: number;
  readonly blockBytes: number;
  readonly requestBytes: number;
  readonly capacityBytes?: number;
  readonly parameters?: NonNullable<Model["parameters"]>;
  readonly steps: readonly KvStep[];
  readonly schemes: readonly KvSchemeRow[];
}

/** What to work out; everything has a default. */
export interface KvOptions {
  /** Tokens of a request. Default 32,768. */
  readonly tokens?: number;
  /** Tokens of a block. Default 16. */
  readonly blockTokens?: number;
  /** Default: the model's own precision and every scheme. */
  readonly schemes?: readonly SchemeName[];
  readonly capacityBytes?: number;
}

/**
 * Works out what a model's KV takes, step by step.
 *
 * @example
 * ```ts
 * import { kvArithmetic, loadModel } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { steps, schemes } = kvArithmetic(await loadModel("llama-3.1-70b"), {
 *   capacityBytes: 80 * 2 ** 30,
 * });
 * assertEquals(steps[0].formula, "80 layers · 2 · 8 KV heads · 128 numbers · 2 B");
 * assertEquals(steps[0].bytes, 327_680);
 * assertEquals(schemes[0].tokensThatFit, 262_144);
 * ```
 */
export function kvArithmetic(model: Model, options: KvOptions = {}): KvArithmetic {
  const { tokens = 32_768, blockTokens = 16, capacityBytes } = options;
  const names = options.schemes ?? defaultSchemes(model);
  const blockNumbers = model.layers * numbersPerLayer(model) * blockTokens;
  const requestNumbers = kvNumbers(model, tokens);
  const nativeBits = model.bytesPerNumber * 8;
  const nativeBlock = bytesInScheme(scheme("native", nativeBits), blockNumbers);
  const rows = names.map((name): KvSchemeRow => {
    const form = scheme(name, nativeBits);
    const blockBytes = bytesInScheme(form, blockNumbers);
    const requestBytes = bytesInScheme(form, requestNumbers);
    const { bitsPerNumber, groupNumbers, groupBytes } = form;
    const ratio = blockBytes / nativeBlock;
    const row = { scheme: name, bitsPerNumber, groupNumbers, groupBytes };
    const sizes = { blockBytes, requestBytes, ratio };
    if (capacityBytes === undefined) return { ...row, ...sizes };
    const blocksThatFit = Math.floor(capacityBytes / blockBytes);
    return {
      ...row,
      ...sizes,
      blocksThatFit,
      tokensThatFit: blocksThatFit * blockTokens,
      requestsThatFit: requestBytes === 0 ? 0 : Math.floor(capacityBytes / requestBytes),
    };
  });
  return {
    model: model.name,
    source: model.source,
    tokens,
    blockTokens,
    bytesPerToken: bytesPerToken(model),
    blockBytes: nativeBlock,
    requestBytes: Math.ceil(kvBytes(model, tokens)),
    ...(capacityBytes === undefined ? {} : { capacityBytes }),
    ...(model.parameters === undefined ? {} : { parameters: model.parameters }),
    steps: steps(model, tokens, blockTokens, nativeBlock),
    schemes: rows,
  };
}

function defaultSchemes(model: Model): SchemeName[] {
  return SCHEME_NAMES.filter((name) => name !== "fp16" || model.bytesPerNumber !== 2);
}

function steps(model: Model, tokens: number, blockTokens: number, blockBytes: number): KvStep[] {
  const { layers, sliding } = model;
  const perToken = bytesPerToken(model);
  const layer = `${layerFormula(model)} · ${model.bytesPerNumber} B`;
  const token = { what: "token", formula: `${layers} layers · ${layer}`, bytes: perToken };
  const block = {
    what: "block",
    formula: `${blockTokens} tokens · ${grouped(perToken)} B`,
    bytes: blockBytes,
  };
  const request = Math.ceil(kvBytes(model, tokens));
  if (sliding === undefined) {
    const formula = `${grouped(tokens)} tokens · ${grouped(perToken)} B`;
    return [token, block, { what: "request", formula, bytes: request }];
  }
  const perLayer = perToken / layers;
  const full = layers - sliding.layers;
  const kept = Math.min(tokens, sliding.windowTokens);
  const parts = [[full, tokens], [sliding.layers, kept]] as const;
  const formulas = parts.map(([count, held]) =>
    `${count} layers · ${grouped(held)} tokens · ${grouped(perLayer)} B`
  );
  const bytes = parts.map(([count, held]) => Math.ceil(count * held * perLayer));
  return [
    token,
    block,
    { what: "request, full layers", formula: formulas[0], bytes: bytes[0] },
    { what: "request, windowed layers", formula: formulas[1], bytes: bytes[1] },
    {
      what: "request",
      formula: bytes.map((part) => `${grouped(part)} B`).join(" + "),
      bytes: request,
    },
  ];
}

function layerFormula({ attention }: Model): string {
  return attention.kind === "grouped"
    ? `2 · ${attention.kvHeads} KV heads · ${attention.headSize} numbers`
    : `(${attention.latentSize} latent + ${attention.ropeSize} rotary) numbers`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
