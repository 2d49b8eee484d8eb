/** A link whose transfers share it evenly, as `fair_share.ts` sees it. */
@unmanaged export class Port {
  /** First hop in service, and how many. */
  first: u32;
  crowd: u32;
  /** The crowd that the shares were reckoned with. */
  shared: u32;
  /** 1 while it is among the changed ones. */
  changed: u32;
  /** Transfers that wait for this link. */
  lineFirst: u32;
  lineLast: u32;
  busyFromNs: u64;
  /** Bytes of transfers in service, and of those in any line whose path has this link. */
  carrying: f64;
  waiting: f64;
}
