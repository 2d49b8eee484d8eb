/**
 * What things of one kind share of their names.
 *
 * @module
 */

/**
 * A name without the numbers that end its words: `rack3/nic12-out` and `rack4/nic1-out` are
 * `rack#/nic#-out`, `h2d7` is `h2d#`.
 */
export function unnumbered(name: string): string {
  return name.replace(/\d+(?![A-Za-z\d])/g, "#");
}
