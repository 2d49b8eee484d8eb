import { assert, assertEquals } from "@std/assert";
import { type ChartTheme, DARK_THEME, LIGHT_THEME, PAGE_THEME } from "./chart_theme.ts";
import { themeVariables } from "./chart_theme.ts";

/** Relative luminance of WCAG 2. */
function luminance(color: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const THEMES: readonly [string, ChartTheme][] = [["light", LIGHT_THEME], ["dark", DARK_THEME]];

for (const [name, theme] of THEMES) {
  Deno.test(`text of the ${name} theme can be read (WCAG AA, 4.5 to 1)`, () => {
    assert(contrast(theme.ink, theme.surface) >= 4.5);
    assert(contrast(theme.muted, theme.surface) >= 4.5);
    theme.heat.forEach((heat, index) => {
      const found = contrast(theme.heatInk[index], heat);
      assert(found >= 4.5, `heat ${index} has ${found.toFixed(2)}`);
    });
  });

  Deno.test(`lines and bars of the ${name} theme stand out (3 to 1)`, () => {
    for (const color of theme.series) {
      assert(contrast(color, theme.surface) >= 3, `${color} is too near the background`);
    }
  });
}

Deno.test("every colour that the page theme names is declared in both modes", () => {
  const names = [
    ...Object.values(PAGE_THEME).flat().map((color: string) => color.slice(4, -1)),
  ];
  for (const mode of ["light", "dark"] as const) {
    const declared = themeVariables(mode).split(";").map((part) => part.split(":")[0]);
    assertEquals(declared.sort(), [...names].sort());
  }
});
