import { type AccessRequest, administratorAccess } from "../../cli/access/decide";

/** A command of AWS's own command line, as documents, help texts and error messages print it, and who may run it. */
export interface PrintedCommand {
  /** Service and verb, such as `iam attach-user-policy`. */
  readonly command: string;
  /** Who runs it, as the text says. */
  readonly who: string;
  /** What AWS asks; each must be allowed. */
  readonly requests: readonly AccessRequest[];
}

/** Whoever deploys in an account: administrator there, with the name that guardrails know in core accounts. */
export const deployer = (account: string) => ({
  principal: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
  also: [administratorAccess],
});
