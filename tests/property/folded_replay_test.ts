/** Folded replays against the block engine, on random extents and capacities about their lengths. */
import { assert, assertEquals } from "@std/assert";
import { FoldedReplayer } from "../../engine/folded.ts";
import type { Touch } from "../../engine/result.ts";
import type { Trace } from "../../traces/trace.ts";
import { blockCounts, compareFolded, naiveEvictions, perEviction } from "../support/folded_twins.ts";
import { overlappingExtents } from "../support/overlapping_extents.ts";
import { seeds } from "../support/seed.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";

const module = checkingModule();
const TOUCHES: readonly Touch[] = ["root-first", "tail-first"];
