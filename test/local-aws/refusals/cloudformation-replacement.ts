import { DescribeStackSetCommand, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import type { FrontContext } from "../front";
import { parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
import { impossibleUpdate, type UpdatedTemplate } from "../template-updates";
import { type Refusal, refused } from "./refusal";

/** AWS takes the call and rolls the stack back with this reason; here the call itself fails with it. */
export const cloudformationReplacement: Refusal = {
  id: "cloudformation-replacement",
  because: "an update can't replace a resource that its template names: the new one would need the same name",
  source:
    'AWS CloudFormation template reference, "Name type", and each type\'s createOnlyProperties; message as in convox/rack#2941',
  inspect: async (call, context) => {
    if (call.service !== "cloudformation") return undefined;
    if (!["UpdateStack", "UpdateStackSet"].includes(call.operation)) return undefined;
    const after = parsePolicy(String(call.parameters.TemplateBody ?? "")) as UpdatedTemplate | undefined;
    const before = parsePolicy((await standing(call, context)) ?? "") as UpdatedTemplate | undefined;
    if (!before || !after) return undefined;
    const reason = await impossibleUpdate(before, after);
    return reason === undefined ? undefined : refused(400, "ValidationError", reason);
  },
};

async function standing(call: AwsCall, context: FrontContext): Promise<string | undefined> {
  if (call.operation === "UpdateStackSet") {
    const client = context.accounts.cloudformation(context.managementAccount, call.region);
    const StackSetName = String(call.parameters.StackSetName);
    return client.send(new DescribeStackSetCommand({ StackSetName })).then(
      ({ StackSet }) => StackSet?.TemplateBody,
      () => undefined,
    );
  }
  const { account } = await context.callers.of(call);
  const client = context.accounts.cloudformation(account, call.region);
  return client.send(new GetTemplateCommand({ StackName: String(call.parameters.StackName) })).then(
    ({ TemplateBody }) => TemplateBody,
    () => undefined,
  );
}
