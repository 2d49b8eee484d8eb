/**
 * A small comparison that every host must answer alike: exact rules, one that draws random numbers
 * and reckons in floats, and the bound.
 *
 * @param library What `mod.ts` exports, from source or from a bundle.
 * @param {Uint8Array} bytes The conversation trace, as gzip.
 * @returns {Promise<string>} The result hashes of both touch orders.
 */
export async function trial(library, bytes) {
  const trace = await library.parseTrace(bytes, "conversation_trace.jsonl.gz", { limit: 500 });
  const hashes = [];
  for (const touch of ["root-first", "tail-first"]) {
    const { resultHash } = await library.compare(trace, {
      policies: ["lru", "s3-fifo", "lhd", "optimal"],
      capacities: ["1%", "500", "25%"],
      touch,
    });
    hashes.push(resultHash);
  }
  return hashes.join(" ");
}
