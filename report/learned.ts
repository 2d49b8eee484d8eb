/**
 * Models of the `learned` policy in reports: what they were trained on, and what they foretell.
 *
 * @module
 */

import type { HeldOut, LearnReport, ModelInForce } from "../engine/learn_report.ts";
import { formatCount, formatPercent, NO_BREAK, sentenceList, visible } from "./format.ts";
import { closed, hash, nullable, type Schema, text, whole } from "./schema_parts.ts";

/** Features that a sentence names. */
const FEATURES_SHOWN = 4;

/** One paragraph about a model: its training, how well it foretells, what it goes by, its hash. */
export function modelSentence(name: string, { modelHash, file, report }: ModelInForce): string {
  const end = `Model ${modelHash}.`;
  if (report === undefined) {
    const from = file === undefined ? "was given" : `comes from ${visible(file)}`;
    return `${name} ${from}; what it was trained on is not known here. ${end}`;
  }
  return [
    `${name} was trained on the first ${formatCount(report.learnRequests)} requests ` +
    `(${formatCount(report.trainRows)} rows, for ${formatCount(report.capacityBlocks)} blocks).`,
    report.isModelUsed ? "" : "It did not beat LRU by a point on the end of them: none is used.",
    heldOutSentence(report),
    importanceSentence(report),
    end,
  ].filter((sentence) => sentence !== "").join(" ");
}

function heldOutSentence(
  { heldOutByTime, heldOutByTimeAndSession, unseenBy }: LearnReport,
): string {
  const unseen = `, of unseen ${unseenBy}s ${heldOutWords(heldOutByTimeAndSession)}`;
  const { distance, distanceOfMean } = heldOutByTime;
  const error = Number.isFinite(distance.maeDoublings)
    ? `; waits are off by ${distance.maeDoublings.toFixed(2)} doublings (their mean by ` +
      `${distanceOfMean.maeDoublings.toFixed(2)})`
    : "";
  return `Held out, later rows: ${heldOutWords(heldOutByTime)}` +
    `${heldOutByTimeAndSession.rows > 0 ? unseen : ""}${error}.`;
}

function heldOutWords({ rows, auc, aucOfAge }: HeldOut): string {
  if (!Number.isFinite(auc)) return `no AUC (${formatCount(rows)} rows, all alike)`;
  return `AUC${NO_BREAK}${auc.toFixed(2)} (age alone ${aucOfAge.toFixed(2)})`;
}

function importanceSentence({ importance, isModelUsed }: LearnReport): string {
  const most = importance.filter(({ share }) => share > 0).slice(0, FEATURES_SHOWN);
  if (most.length === 0) return "";
  const words = most.map(({ feature, share }) => `${feature} ${formatPercent(share)}${NO_BREAK}%`);
  const subject = isModelUsed ? "It goes" : "The best trees tried went";
  return `${subject} by ${sentenceList(words)} of the gain.`;
}

/** A model in a document; keys of what is not known are `null`. */
export function modelDocument(model: ModelInForce): Record<string, unknown> {
  const { capacityBlocks, modelHash, file = null, report } = model;
  return { capacityBlocks, modelHash, file, training: report === undefined ? null : { ...report } };
}

const number = (description: string): Schema => ({ type: ["number", "null"], description });

/** Schema of {@linkcode modelDocument}'s keys. */
export function modelSchema(): Record<string, Schema> {
  const training: Schema = closed({
    capacityBlocks: whole("Blocks that the model is to keep."),
    touch: text("Order in which a request touches its blocks."),
    learnRequests: whole("Requests learned from, from the first on."),
    fitRequests: whole("Of those, the ones that candidates were fitted on; the rest chose."),
    trainRows: whole("Rows that the model was trained on."),
    horizonAccesses: whole("Look-ups beyond which a block counts as not used again."),
    candidates: {
      type: "array",
      items: closed({
        horizonAccesses: whole("Horizon that was tried."),
        trees: whole("Trees up to the best validation loss."),
        prefixHitRatio: number("Prefix hits ÷ look-ups in the part that chose."),
        auc: number("AUC there, of unseen sessions or blocks."),
        aucOfAge: number("AUC of age alone there."),
      }),
      description: "Ways to train that were tried on the end of what was learned from.",
    },
    lruPrefixHitRatio: number("What a candidate had to beat by a point."),
    isModelUsed: {
      type: "boolean",
      description: "Whether one did; else the model has no trees and `learned` is LRU.",
    },
    unseenBy: { enum: ["session", "block"], description: "What makes a session unseen." },
    heldOutByTime: heldOutSchema("On rows after what was learned from."),
    heldOutByTimeAndSession: heldOutSchema("On those of unseen sessions or blocks."),
    importance: {
      type: "array",
      items: closed({
        feature: text("Feature of the model."),
        share: number("Share of the gain in the trees."),
      }),
      description: "What the trees go by, largest share first.",
    },
  });
  return {
    capacityBlocks: whole("Blocks among which the model chooses."),
    modelHash: hash("SHA-256 of the model as the engine walks it."),
    file: { type: ["string", "null"], description: "File that it was read from." },
    training: nullable({ ...training, description: "How it was trained; null when it was read." }),
  };
}

function heldOutSchema(description: string): Schema {
  const error = closed({
    maeDoublings: number("Mean absolute error of log2 look-ups to the next use."),
    rmseDoublings: number("Root mean square error of the same."),
  });
  return {
    ...closed({
      rows: whole("Rows."),
      distance: error,
      distanceOfMean: error,
      auc: number("Chance that a reused block is ranked above one that is not."),
      aucOfAge: number("The same by age alone, as LRU ranks."),
    }),
    description,
  };
}
