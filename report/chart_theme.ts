/**
 * Colours of charts: variables of the page that follow light and dark, or plain ones for a file.
 *
 * @module
 */

/** Every colour that a chart uses, as CSS. */
export interface ChartTheme {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
  /** Told apart by people who see few colours; never the only sign, shapes differ too. */
  readonly series: readonly string[];
  /** From a draw with the optimum to far below it. */
  readonly heat: readonly string[];
  /** Text on each of {@linkcode ChartTheme.heat}. */
  readonly heatInk: readonly string[];
  /** Hits behind a miss, then policy, capacity and compulsory misses. */
  readonly misses: readonly string[];
}

/** For a white page or a picture file. */
export const LIGHT_THEME: ChartTheme = {
  ink: "#16191d",
  muted: "#5b6470",
  grid: "#e3e6ea",
  surface: "#ffffff",
  series: ["#0069a8", "#c84e00", "#00815c", "#b0508a", "#8a6a00", "#3d8fd1", "#7f4f24"],
  heat: ["#eef6ee", "#fdeccb", "#fbcf94", "#f4a757", "#dd7a26", "#a34400"],
  heatInk: ["#16191d", "#16191d", "#16191d", "#16191d", "#16191d", "#ffffff"],
  misses: ["#b0508a", "#c84e00", "#3d8fd1", "#c5cad1"],
};

/** For a dark page. */
export const DARK_THEME: ChartTheme = {
  ink: "#e8eaed",
  muted: "#a0a8b3",
  grid: "#30363e",
  surface: "#14171b",
  series: ["#5db2f2", "#ff8c4d", "#3ecf9f", "#f09ad0", "#e3bd3f", "#a5d6ff", "#d6a67c"],
  heat: ["#1d2b22", "#3b3222", "#614519", "#8d5a10", "#c97b12", "#ffb84d"],
  heatInk: ["#e8eaed", "#e8eaed", "#e8eaed", "#ffffff", "#16191d", "#16191d"],
  misses: ["#f09ad0", "#ff8c4d", "#3f7fb5", "#4a525c"],
};

type Entry = readonly [name: string, light: string, dark: string];

function entries(): Entry[] {
  const plain = (["ink", "muted", "grid", "surface"] as const)
    .map((name): Entry => [name, LIGHT_THEME[name], DARK_THEME[name]]);
  const lists = (["series", "heat", "heatInk", "misses"] as const).flatMap((name) =>
    LIGHT_THEME[name].map((light, index): Entry => [
      `${name}-${index}`,
      light,
      DARK_THEME[name][index],
    ])
  );
  return [...plain, ...lists];
}

/** Declares the variables of {@linkcode PAGE_THEME}: CSS declarations for one of the two modes. */
export function themeVariables(mode: "light" | "dark"): string {
  return entries()
    .map(([name, light, dark]) => `--${name}:${mode === "light" ? light : dark}`)
    .join(";");
}

/** Colours by reference, so that one drawing serves light, dark and print. */
export const PAGE_THEME: ChartTheme = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--grid)",
  surface: "var(--surface)",
  series: LIGHT_THEME.series.map((_, index) => `var(--series-${index})`),
  heat: LIGHT_THEME.heat.map((_, index) => `var(--heat-${index})`),
  heatInk: LIGHT_THEME.heatInk.map((_, index) => `var(--heatInk-${index})`),
  misses: LIGHT_THEME.misses.map((_, index) => `var(--misses-${index})`),
};
