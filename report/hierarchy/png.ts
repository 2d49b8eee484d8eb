/**
 * Pictures of charts as PNG: the same drawing as the SVG, in DejaVu Sans.
 *
 * The two packages that this needs are loaded on first use and by nothing else: a rasteriser in
 * WebAssembly, and a font, so that no font of the host is asked for. PNG is for slides; what is
 * compared or hashed is the SVG.
 *
 * @module
 */

import { EngineError, FileError } from "../../errors/errors.ts";

/** Pixels for each CSS pixel unless told: sharp on screens of high density, and on paper. */
export const PNG_SCALE = 2;

interface Renderer {
  render(): { asPng(): Uint8Array };
  free?(): void;
}

interface Rasteriser {
  readonly Resvg: new (svg: string, options: unknown) => Renderer;
  initWasm(module: Uint8Array): Promise<void>;
}

interface Loaded {
  readonly rasteriser: Rasteriser;
  readonly font: Uint8Array;
}

const PACKAGE = "@resvg/resvg-wasm";
const FONT = "dejavu-fonts-ttf/ttf/DejaVuSans.ttf";

let loading: Promise<Loaded> | undefined;

/** The module may be made ready once only, so that all calls share one promise. */
function loadOnce(): Promise<Loaded> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Loaded> {
  try {
    // Not a literal, so that nobody who draws no PNG downloads what it needs.
    const name: string = PACKAGE;
    const rasteriser: Rasteriser = await import(name);
    const [wasm, font] = await Promise.all([
      bytesOf(import.meta.resolve(`${PACKAGE}/index_bg.wasm`)),
      bytesOf(import.meta.resolve(FONT)),
    ]);
    await rasteriser.initWasm(wasm);
    return { rasteriser, font };
  } catch (error) {
    loading = undefined;
    throw new FileError(
      {
        code: "file/png",
        message: `Cannot draw PNG: ${(error as Error).message}`,
        expected: `${PACKAGE} and dejavu-fonts-ttf, as deno.json names them`,
        mend: ["`deno install` gets both, or write SVG, which needs neither"],
      },
      [],
      { cause: error },
    );
  }
}

async function bytesOf(address: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}

/**
 * Draws an SVG as PNG.
 *
 * @param scale Pixels for each CSS pixel.
 * @throws {FileError} `file/png`, when the packages are not there.
 * @throws {EngineError} `report/svg`, when the drawing cannot be read.
 */
export async function svgPng(svg: string, scale = PNG_SCALE): Promise<Uint8Array> {
  const { rasteriser: { Resvg }, font } = await loadOnce();
  let renderer: Renderer | undefined;
  try {
    renderer = new Resvg(svg, {
      fitTo: { mode: "zoom", value: scale },
      font: {
        fontBuffers: [font],
        defaultFontFamily: "DejaVu Sans",
        sansSerifFamily: "DejaVu Sans",
      },
    });
    return renderer.render().asPng();
  } catch (error) {
    throw new EngineError(
      { code: "report/svg", message: `Cannot draw PNG: ${(error as Error).message ?? error}` },
      [],
      { cause: error },
    );
  } finally {
    renderer?.free?.();
  }
}
