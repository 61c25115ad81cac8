import { type AwsAnswer, type AwsCall, dig, parseXmlRoot, text } from "../protocol";

/** What an event is indexed by in the event history, as `LookupEvents` tells it. */
export interface TrailResource {
  readonly type: string;
  readonly name: string;
}

/**
 * What the event history says that a call is about; nothing for one that was refused.
 *
 * Source of `AssumeRole`: AWS's own recorded output, aws-samples/amazon-eks-security-immersion-day,
 * `3.eks-pod-identity-deep-dive`: the session's key, its ARN, its id, its name, and the role. Of IAM's calls AWS publishes
 * no output; that users are found by name is an assumption of the kit.
 */
export function resourcesOf(call: AwsCall, answer: AwsAnswer): TrailResource[] {
  if (answer.status >= 400) return [];
  const result = answer.headers["content-type"]?.includes("xml")
    ? dig(parseXmlRoot(answer.body), `${call.operation}Result`)
    : undefined;
  const named = (type: string, ...names: unknown[]): TrailResource[] =>
    names.flatMap((name) => (typeof name === "string" && name !== "" ? [{ type, name }] : []));
  if (call.service === "sts") {
    const session = text(dig(result, "AssumedRoleUser", "Arn"));
    return [
      ...named("AWS::IAM::AccessKey", dig(result, "Credentials", "AccessKeyId")),
      ...named(
        "AWS::STS::AssumedRole",
        session,
        dig(result, "AssumedRoleUser", "AssumedRoleId"),
        session?.slice(session.lastIndexOf("/") + 1),
      ),
      ...named("AWS::IAM::Role", call.parameters.RoleArn),
    ];
  }
  if (call.service !== "iam") return [];
  const { UserName, RoleName, PolicyArn, AccessKeyId } = call.parameters;
  return [
    ...named("AWS::IAM::AccessKey", AccessKeyId, dig(result, "AccessKey", "AccessKeyId")),
    ...named("AWS::IAM::User", UserName, dig(result, "User", "UserId"), dig(result, "User", "Arn")),
    ...named("AWS::IAM::Role", RoleName, dig(result, "Role", "RoleId"), dig(result, "Role", "Arn")),
    ...named("AWS::IAM::Policy", PolicyArn, dig(result, "Policy", "Arn")),
  ];
}
