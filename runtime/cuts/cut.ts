/**
 * Something that is denied in the whole organization until it expires. IAM can't tell these in a policy that stands
 * beforehand: variables don't work in date operators.
 *
 * Times are UTC, ISO 8601 to the second, such as `2026-11-25T03:00:00Z`.
 */
export type Cut = { readonly expires: string } & (
  | {
      /** Everything that a role or user does, with keys of any kind. */
      readonly kind: "principal";
      readonly arn: string;
    }
  | {
      /** Sessions of a role or user that were opened before a time; later ones go on. */
      readonly kind: "sessions-before";
      readonly arn: string;
      readonly before: string;
    }
  | {
      /** One session of a role: its unique id, a colon and the session's name. */
      readonly kind: "session";
      readonly userId: string;
    }
  | {
      /** Sessions of one human, along any chain of roles. */
      readonly kind: "source-identity";
      readonly name: string;
      readonly before: string;
    }
  | {
      /** Sessions of one Identity Center user, whichever permission set and account. */
      readonly kind: "identity-center-user";
      readonly id: string;
      readonly before: string;
    }
);

export type CutKind = Cut["kind"];
