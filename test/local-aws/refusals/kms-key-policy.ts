import { simulate } from "../../../cli/access/simulate";
import type { Caller } from "../accounts";
import { missingPrincipal, parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
import { type Refusal, refused } from "./refusal";

export const kmsKeyPolicy: Refusal = {
  id: "kms-key-policy",
  because: "a key policy names only principals that exist, and must leave its author able to change it",
  source:
    'AWS KMS developer guide, "Key policies": MalformedPolicyDocumentException; trussworks/terraform-aws-cloudtrail#178',
  inspect: async (call, context) => {
    if (call.service !== "kms" || !["CreateKey", "PutKeyPolicy"].includes(call.operation)) return undefined;
    const policy = call.parameters.Policy;
    if (typeof policy !== "string") return undefined;
    if ((await missingPrincipal(policy, context)) !== undefined) {
      return refused(
        400,
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals.",
      );
    }
    const lockedOut =
      call.parameters.BypassPolicyLockoutSafetyCheck !== true &&
      !(await mayChangeAgain(call, policy, await context.callers.of(call)));
    return lockedOut
      ? refused(
          400,
          "MalformedPolicyDocumentException",
          "The new key policy will not allow you to update the key policy in the future.",
        )
      : undefined;
  },
};

const administrator = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }],
};

async function mayChangeAgain(call: AwsCall, policy: string, caller: Caller): Promise<boolean> {
  const { verdict } = await simulate({
    principal: caller.principalArn,
    action: "kms:PutKeyPolicy",
    resource: `arn:aws:kms:${call.region}:${caller.account}:key/00000000-0000-0000-0000-000000000000`,
    account: caller.account,
    resourcePolicy: parsePolicy(policy),
    identityPolicies: [administrator],
  });
  return verdict === "allowed";
}
