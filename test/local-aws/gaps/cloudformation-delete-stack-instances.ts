import { DescribeStackSetCommand } from "@aws-sdk/client-cloudformation";
import type { RawTemplate } from "../../../cli/access/template";
import { recorderFollows } from "../config-service";
import { parsePolicy } from "../principals";
import { detachPolicies, standInForRemoved } from "./cloudformation-identities";
import { type Gap, isCall } from "./gap";
import { instanceKey, instancesOf, stackOf } from "./stack-set-instances";
import { accountsBelow, listed } from "./stack-set-targets";

export const cloudformationDeleteStackInstances: Gap = {
  id: "cloudformation-delete-stack-instances",
  kind: "completed",
  resources: ["aws_cloudformation_stack_set_instance"],
  because:
    "asked to delete a StackSet's instances by organizational unit, the emulator deletes none, and can't leave their stacks standing",
  concerns: isCall("cloudformation", "DeleteStackInstances"),
  answer: async (call, context) => {
    const units = listed(call.parameters, "DeploymentTargets.OrganizationalUnitIds");
    if (units.length === 0) return undefined;
    const name = String(call.parameters.StackSetName);
    const known = instancesOf(context, name);
    const retained = call.parameters.RetainStacks === "true";
    const accounts: string[] = [];
    for (const account of (await Promise.all(units.map((unit) => accountsBelow(unit, context)))).flat()) {
      for (const region of listed(call.parameters, "Regions")) {
        const stood = known.get(instanceKey({ account, region }));
        known.delete(instanceKey({ account, region }));
        if (retained || stood?.failed !== undefined) continue;
        recorderFollows(undefined, { account, region }, stackOf(name), context);
        if (!accounts.includes(account)) accounts.push(account);
      }
    }
    const { StackSet } = await context.accounts
      .cloudformation(context.managementAccount, call.region)
      .send(new DescribeStackSetCommand({ StackSetName: String(call.parameters.StackSetName) }));
    const template = parsePolicy(StackSet?.TemplateBody ?? "") as RawTemplate;
    for (const account of accounts) {
      const iam = context.accounts.iam(account);
      await detachPolicies(iam, template, account);
      await standInForRemoved(iam, template, account, context);
    }
    const kept = Object.entries(call.parameters).filter(([name]) => !name.startsWith("DeploymentTargets."));
    const body = new URLSearchParams(kept.map(([name, value]): [string, string] => [name, String(value)]));
    for (const [index, account] of accounts.entries()) body.set(`Accounts.member.${index + 1}`, account);
    return context.forward({ ...call, body: Buffer.from(body.toString()) });
  },
};
