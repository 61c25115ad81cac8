/** An IAM policy document as plain data. Lists where AWS allows a text or a list, so that readers need no cases. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly Action?: readonly string[];
  /** Only in a Deny: everything else. */
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  /** Only in a Deny, in place of Resource: everything else. */
  readonly NotResource?: readonly string[];
  readonly Condition?: Condition;
}

export type Principal =
  | "*"
  | { readonly AWS: readonly string[] }
  | { readonly Federated: readonly string[] }
  | { readonly Service: readonly string[] };

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export const policyDocument = (statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

export const services = (...names: string[]): Principal => ({ Service: names });
