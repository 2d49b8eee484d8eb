/**
 * What one policy knows in all tiers of a hierarchy: how often a block was touched, when it last
 * was, whether giving it up was a mistake. Each tier has an instance of the policy that orders its
 * own slots; those with the same name and parameters have one `Shared` between them.
 *
 * The hierarchy makes it (`PolicyEntry.shared`, with the Env of the fastest tier that has the
 * policy), puts it into `Env.shared` of each of those tiers before it makes the policies, and calls
 * per access, for each `Shared` once:
 *
 * ```
 * look-up            onAccess   before anything moves, whether the block is resident or not
 * newly computed     onInsert   after it entered its tier
 * promoted           onInsert   after it entered the faster tier; a prefetch is a promotion
 * evicted            onEvict    after it left its tier, before it enters the next; demoted or not
 * demoted            nothing    the tier's policy hears onInsert, the shared state does not
 * ```
 *
 * A policy in a single tier without a hierarchy makes its own, and calls it itself.
 */
export abstract class Shared {
  /**
   * @param step Time of the access: the trace's own steps, which may repeat or jump, else its
   * position.
   * @param position Place of the access in the trace, in the order of touching.
   */
  onAccess(_block: u32, _step: f64, _position: u32): void {}

  /** @param tier The tier entered; 0 is fastest. */
  onInsert(_block: u32, _tier: u32): void {}

  /** @param tier The tier left to make room; 0 is fastest. */
  onEvict(_block: u32, _tier: u32): void {}
}
