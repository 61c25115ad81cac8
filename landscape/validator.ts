import type { ValidateFunction } from "ajv";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { LandscapeSchema } from "./schema";

let compiled: ValidateFunction | undefined;

/** Ajv as the landscape's schema needs it. */
export function landscapeAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    discriminator: true,
    strict: true,
    allowUnionTypes: true,
    code: { source: true },
  });
  addFormats(ajv, ["email"]);
  ajv.addKeyword("errorMessage");
  return ajv;
}

/** Of the landscape's schema, compiled when it is first asked for. In `dist` what it compiles to takes its place. */
export function landscapeValidator(): ValidateFunction {
  compiled ??= landscapeAjv().compile(LandscapeSchema);
  return compiled;
}
