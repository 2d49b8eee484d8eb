/**
 * A column of 32-bit words whose length is not known beforehand.
 *
 * @module
 */

/** Doubles when full. */
export class GrowingWords {
  length = 0;
  private words = new Uint32Array(1024);

  push(word: number): void {
    if (this.length === this.words.length) this.reserve(this.length + 1);
    this.words[this.length++] = word;
  }

  append(words: Uint32Array): void {
    this.reserve(this.length + words.length);
    this.words.set(words, this.length);
    this.length += words.length;
  }

  private reserve(length: number): void {
    if (length <= this.words.length) return;
    const grown = new Uint32Array(Math.max(length, this.words.length * 2));
    grown.set(this.words.subarray(0, this.length));
    this.words = grown;
  }

  /** A copy of exactly the words pushed. */
  toArray(): Uint32Array<ArrayBuffer> {
    return this.words.slice(0, this.length);
  }
}
