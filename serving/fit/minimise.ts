/**
 * Finding the least of a function of a few numbers: Nelder and Mead's simplex, which needs no
 * derivatives and so works on simulations, too.
 *
 * @module
 */

/** Where the least was found. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
  readonly evaluations: number;
}

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

/**
 * Minimises from a start, and again from where it ended, since a simplex may collapse.
 *
 * @param scale How far the first simplex reaches in each direction.
 * @param evaluationsMax Calls of `f`, about.
 */
export function minimise(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  scale: number,
  evaluationsMax: number,
): Minimum {
  let best = descend(f, start, scale, evaluationsMax / 2);
  const again = descend(f, best.at, scale / 3, evaluationsMax / 2);
  if (again.value < best.value) best = again;
  return { ...best, evaluations: best.evaluations + again.evaluations };
}

function descend(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  scale: number,
  evaluationsMax: number,
): Minimum {
  let evaluations = 0;
  const corner = (at: readonly number[]): Corner => {
    evaluations++;
    const value = f(at);
    return { at, value: Number.isFinite(value) ? value : Infinity };
  };
  const simplex = [corner(start)];
  for (const i of start.keys()) {
    simplex.push(corner(start.map((x, j) => i === j ? x + scale : x)));
  }
  const byValue = (a: Corner, b: Corner) => a.value - b.value;
  simplex.sort(byValue);
  while (evaluations < evaluationsMax && spread(simplex) > 1e-9) {
    const worst = simplex.at(-1)!;
    const rest = simplex.slice(0, -1);
    const middle = start.map((_, i) => rest.reduce((sum, c) => sum + c.at[i], 0) / rest.length);
    const along = (step: number) => corner(middle.map((x, i) => x + step * (x - worst.at[i])));
    const next = better(along, simplex);
    if (next !== undefined) simplex[simplex.length - 1] = next;
    else {
      const [best] = simplex;
      for (let i = 1; i < simplex.length; i++) {
        simplex[i] = corner(simplex[i].at.map((x, j) => (x + best.at[j]) / 2));
      }
    }
    simplex.sort(byValue);
  }
  return { ...simplex[0], evaluations };
}

/** The worst corner reflected, stretched or drawn in; `undefined` when none of them is better. */
function better(along: (step: number) => Corner, simplex: readonly Corner[]): Corner | undefined {
  const [best] = simplex;
  const [second, worst] = simplex.slice(-2);
  const mirrored = along(1);
  if (mirrored.value < best.value) {
    const stretched = along(2);
    return stretched.value < mirrored.value ? stretched : mirrored;
  }
  if (mirrored.value < second.value) return mirrored;
  const drawn = along(mirrored.value < worst.value ? 0.5 : -0.5);
  return drawn.value < Math.min(mirrored.value, worst.value) ? drawn : undefined;
}

function spread(simplex: readonly Corner[]): number {
  const [best] = simplex;
  const farthest = Math.max(
    ...simplex.flatMap(({ at }) => at.map((x, i) => Math.abs(x - best.at[i]))),
  );
  return Math.max(farthest, Math.abs(simplex.at(-1)!.value - best.value));
}
