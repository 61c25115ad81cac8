import type { Cut } from "./cut";

/** Characters of a service control policy before May 2026, to which the kit keeps. */
export const cutLimit = 5120;

type Condition = Record<string, Record<string, string>>;

interface CutStatement {
  readonly Sid: string;
  readonly Effect: "Deny";
  readonly Action: "*";
  readonly Resource: "*";
  readonly Condition: Condition;
}

export interface CutDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly CutStatement[];
}

/** Cuts that are in force do not fit into the policy; the message says which ends first. */
export class CutsDoNotFit extends Error {
  override readonly name = "CutsDoNotFit";
}

/**
 * The text of the cuts' policy: one Deny a cut, and nothing else, so that whoever writes it can deny and never grant.
 * What has expired is left out, as is what stands twice. A cut that another includes stays, since that one may be lifted; the order is that of expiry, so that the same cuts give the
 * same text.
 *
 * @param now UTC time from which a cut that expires then, or before, is over
 * @throws UnsoundCut for a time that is none, and for a principal that is a pattern or the kit's own
 * @throws CutsDoNotFit when what is in force exceeds the size of a policy
 */
export function cutText(cuts: readonly Cut[], now: Date): string {
  for (const cut of cuts) mustBeSound(cut);
  const inForce = [...new Map(cuts.map((cut) => [identityOf(cut), cut])).values()]
    .filter(({ expires }) => new Date(expires) > now)
    .sort((a, b) => (a.expires < b.expires ? -1 : a.expires > b.expires ? 1 : order(a, b)));
  const document: CutDocument = {
    Version: "2012-10-17",
    Statement: inForce.length === 0 ? [nothing] : inForce.map(statementOf),
  };
  const text = JSON.stringify(document);
  if (text.length > cutLimit) {
    throw new CutsDoNotFit(
      `${inForce.length} cuts in force take ${text.length} characters, and a policy has ${cutLimit}; ` +
        `the first to end does so at ${inForce[0]?.expires}. Cut a whole principal in place of its sessions, or ` +
        "attach the quarantine policy and let its cut end.",
    );
  }
  return text;
}

const identityOf = (cut: Cut): string => JSON.stringify(Object.entries(cut).sort());

export const sameCut = (a: Cut, b: Cut): boolean => identityOf(a) === identityOf(b);

/** Whom a cut is about, whatever its times. */
export const subjectOf = (cut: Cut): string =>
  identityOf({ ...cut, expires: "", ...("before" in cut && { before: "" }) });

/** Whether one cut denies all that another does, for at least as long. */
export const covers = (one: Cut, other: Cut): boolean =>
  subjectOf(one) === subjectOf(other) &&
  one.expires >= other.expires &&
  (!("before" in one) || !("before" in other) || one.before >= other.before);

const order = (a: Cut, b: Cut) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Not to be written: it would cut nothing, or more than is meant, or the responders themselves. */
export class UnsoundCut extends Error {
  override readonly name = "UnsoundCut";
}

const utcSecond = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const kitPrincipal = /:(role|user)\/[a-z0-9-]+-ir\//;

function mustBeSound(cut: Cut): void {
  const times = [cut.expires, ...("before" in cut ? [cut.before] : [])];
  const wrong = times.find((time) => !utcSecond.test(time) || Number.isNaN(Date.parse(time)));
  if (wrong !== undefined) throw new UnsoundCut(`"${wrong}" is not a UTC time such as 2026-11-25T03:00:00Z`);
  if (!("arn" in cut)) return;
  if (!/^arn:[a-z-]+:iam::\d{12}:(role|user)\/[^*?$]+$/.test(cut.arn)) {
    throw new UnsoundCut(`"${cut.arn}" is not the ARN of one role or user`);
  }
  if (kitPrincipal.test(cut.arn)) {
    throw new UnsoundCut(
      `"${cut.arn}" is the kit's own; seal its account, or end the responder's source identity`,
    );
  }
}

/** AWS takes no policy without a statement: this one matches no principal that there can be. */
const nothing: CutStatement = {
  Sid: "NoCut",
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  Condition: { StringEquals: { "aws:PrincipalArn": "nobody" } },
};

/** The expiry is kept in the statement's id, so that the policy is the only record of what is cut. */
const statementOf = (cut: Cut, index: number): CutStatement => ({
  Sid: `Cut${cut.expires.replace(/[-:]/g, "")}N${index}`,
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  Condition: conditionOf(cut),
});

function conditionOf(cut: Cut): Condition {
  switch (cut.kind) {
    case "principal":
      return { ArnEquals: { "aws:PrincipalArn": cut.arn } };
    case "sessions-before":
      return { ArnEquals: { "aws:PrincipalArn": cut.arn }, ...issuedBefore(cut.before) };
    case "session":
      return { StringEquals: { "aws:userid": cut.userId } };
    case "source-identity":
      return { StringEquals: { "aws:SourceIdentity": cut.name }, ...issuedBefore(cut.before) };
    case "identity-center-user":
      return { StringEquals: { "identitystore:UserId": cut.id }, ...issuedBefore(cut.before) };
  }
}

/** Long-term keys have no time of issue, and so are not meant by a cut of sessions. */
const issuedBefore = (time: string): Condition => ({ DateLessThan: { "aws:TokenIssueTime": time } });

/**
 * The cuts that a policy's text holds.
 *
 * @throws Error where the text is none that {@link cutText} writes: somebody else has changed it
 */
export function cutsOf(text: string): Cut[] {
  const { Statement } = JSON.parse(text) as CutDocument;
  return Statement.filter(({ Sid }) => Sid !== nothing.Sid).map((statement) => {
    const time = /^Cut(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(statement.Sid);
    const cut =
      time &&
      cutOf(statement.Condition, `${time[1]}-${time[2]}-${time[3]}T${time[4]}:${time[5]}:${time[6]}Z`);
    if (!cut || statement.Effect !== "Deny") {
      throw new Error(`statement ${statement.Sid} of the cuts' policy is not one that the kit writes`);
    }
    return cut;
  });
}

function cutOf(condition: Condition, expires: string): Cut | undefined {
  const arn = condition.ArnEquals?.["aws:PrincipalArn"];
  const before = condition.DateLessThan?.["aws:TokenIssueTime"];
  const equals = condition.StringEquals ?? {};
  const { "aws:userid": userId, "aws:SourceIdentity": name, "identitystore:UserId": id } = equals;
  if (arn !== undefined && before !== undefined) return { kind: "sessions-before", arn, before, expires };
  if (arn !== undefined) return { kind: "principal", arn, expires };
  if (userId !== undefined) return { kind: "session", userId, expires };
  if (name !== undefined && before !== undefined) return { kind: "source-identity", name, before, expires };
  if (id !== undefined && before !== undefined) return { kind: "identity-center-user", id, before, expires };
  return undefined;
}
