/**
 * Every eviction rule of the reference engine, by name.
 *
 * @module
 */
import type { KvOrder, KvOrderInput } from "./kv_order.ts";
import { S3Fifo, TwoQueue } from "./kv_orders_ghosts.ts";
import { Clock, Fifo, Sieve } from "./kv_orders_queues.ts";
import { FurthestNextUse, Lfu, SlruPaper } from "./kv_orders_ranks.ts";

/** Parameters of rules, with the values that stand when none is given. */
export const KV_ORDER_PARAMETERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "fifo": {},
  "clock": { bits: 1 },
  "sieve": {},
  "lfu": {},
  "slru-paper": { protected: 0.8 },
  "2q": { in: 0.25, out: 0.5 },
  "s3-fifo": { small: 0.1, ghost: 0.9, threshold: 2 },
  "furthest-next-use": {},
};

/** Makes a rule by its name; `lru` is no rule but the order of the free blocks themselves. */
export function kvOrder(name: string, input: KvOrderInput): KvOrder | undefined {
  const all: Readonly<Record<string, new (input: KvOrderInput) => KvOrder>> = {
    "fifo": Fifo,
    "clock": Clock,
    "sieve": Sieve,
    "lfu": Lfu,
    "slru-paper": SlruPaper,
    "2q": TwoQueue,
    "s3-fifo": S3Fifo,
    "furthest-next-use": FurthestNextUse,
  };
  return Object.hasOwn(all, name) ? new all[name](input) : undefined;
}
