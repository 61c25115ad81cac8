import { existsSync, readFileSync } from "node:fs";
import { type Static, Type } from "@sinclair/typebox";
import Ajv from "ajv";
import { parseDocument } from "yaml";
import type { Build } from "../bin/kept-build";
import { UnreadableInput } from "./problem";

const text = Type.String({ minLength: 1 });

const waiverSchema = Type.Object(
  {
    rule: text,
    /** `<stack>/<address>`, exactly; `*` stands for a part between dots, slashes and hyphens. */
    resource: text,
    reason: Type.String({ minLength: 20 }),
    owner: text,
    expires: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
  },
  { additionalProperties: false },
);
/** A finding that somebody answers for, until a day. */
export type Waiver = Static<typeof waiverSchema>;

const fileSchema = Type.Object({ waivers: Type.Array(waiverSchema) }, { additionalProperties: false });

const validate = new Ajv({ verbose: true, validateSchema: false }).compile<Static<typeof fileSchema>>(
  fileSchema,
);

/** @throws UnreadableInput */
export function readWaivers(file: string): Waiver[] {
  if (!existsSync(file)) throw new UnreadableInput(`${file} is not there`);
  const document = parseDocument(readFileSync(file, "utf8"));
  const [broken] = document.errors;
  if (broken) throw new UnreadableInput(`${file}: ${broken.message}`);
  const value: unknown = document.toJS();
  if (!validate(value)) {
    const { instancePath = "", message = "", params = {} } = validate.errors?.[0] ?? {};
    const field = instancePath.split("/").slice(1).join(".");
    throw new UnreadableInput(
      `${file} ${field}: ${message}${params.additionalProperty ? ` "${params.additionalProperty}"` : ""}`,
    );
  }
  return value.waivers;
}

/**
 * What is kept of a file of waivers: reading YAML takes longer than a review.
 *
 * @param entry the file's path from the kit's folder
 * @throws UnreadableInput
 */
export const waiversAsJson = (entry: string, file: string): Build => ({
  content: JSON.stringify(readWaivers(file)),
  sources: [entry, "review/waiver-file.ts"],
});
