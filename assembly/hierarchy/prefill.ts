/**
 * Time to compute a prompt of `total` tokens of which `cached` need not be: a linear part for the
 * new tokens and a quadratic one for their attention to all before them, in whole nanoseconds.
 */
@inline export function prefillNs(
  nsPerToken: f64,
  nsPerTokenSquared: f64,
  total: u64,
  cached: u64,
): u64 {
  const n = <f64>total;
  const p = <f64>cached;
  return <u64>nearest<f64>(nsPerToken * (n - p) + nsPerTokenSquared * (n * n - p * p));
}
