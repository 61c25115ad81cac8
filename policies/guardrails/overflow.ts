import { limitOf } from "../../quotas";
import { type PolicyDocument, policyDocument, type Statement } from "../document";

/** Bytes of a policy as Organizations counts them. */
const size = (statements: readonly Statement[]): number =>
  Buffer.byteLength(JSON.stringify(policyDocument(statements)));

/**
 * Statements of a policy that fit into it, and those that don't: taken from its end, since the first are those without
 * which the others are worth nothing.
 */
export function fitting({ Statement }: PolicyDocument): {
  readonly document: PolicyDocument;
  readonly overflow: readonly Statement[];
} {
  let fits = Statement.length;
  while (fits > 1 && size(Statement.slice(0, fits)) > limitOf("control-policy-size")) fits--;
  return { document: policyDocument(Statement.slice(0, fits)), overflow: Statement.slice(fits) };
}
