/**
 * What a workload file may say, made from the declarations of the kinds. Loaded when a file is.
 *
 * @module
 */

import { z } from "zod";
import { KINDS } from "./kinds.ts";
import { type Declaration, humanName } from "./parameters.ts";
import { SYNTH_PRESETS } from "./presets.ts";

function parameter({ parse, expected, takesNumber, text, ...rest }: Declaration<unknown>) {
  const written = takesNumber ? z.union([z.string(), z.number()]) : z.string();
  return written.superRefine((value, context) => {
    try {
      parse(String(value));
    } catch (error) {
      const message = `${(error as Error).message}; expected ${expected}`;
      context.addIssue({ code: "custom", message, input: value });
    }
  }).optional().describe(`${text}. Default ${rest.default}; ${expected}.`);
}

/**
 * The schema of files that name one kind or preset; `undefined` if there is none of that name.
 */
export function schemaOf(name: string) {
  const preset = SYNTH_PRESETS.find((preset) => preset.name === name);
  const kind = KINDS.find((kind) => kind.name === (preset?.kind ?? name));
  if (kind === undefined) return undefined;
  return z.strictObject({
    kind: z.literal(name).describe(preset?.summary ?? kind.summary),
    seed: z.int().min(0).optional().describe(`Seed of all streams. Default ${kind.defaultSeed}.`),
    ...Object.fromEntries(
      Object.entries(kind.parameters).map(([field, declaration]) => [
        humanName(field),
        parameter(declaration as Declaration<unknown>),
      ]),
    ),
  });
}

/** The schema of all workload files, for editors. */
export function workloadSchema() {
  const names = [...KINDS, ...SYNTH_PRESETS].map(({ name }) => name);
  return z.union(names.flatMap((name) => schemaOf(name) ?? []));
}
