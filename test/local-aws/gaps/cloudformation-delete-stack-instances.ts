import { DescribeStackSetCommand } from "@aws-sdk/client-cloudformation";
import {
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from "@aws-sdk/client-organizations";
import type { RawTemplate } from "../../../cli/access/template";
import type { FrontContext } from "../front";
import { parsePolicy } from "../principals";
import { detachPolicies, standInForRemoved } from "./cloudformation-identities";
import { type Gap, isCall } from "./gap";

export const cloudformationDeleteStackInstances: Gap = {
  id: "cloudformation-delete-stack-instances",
  kind: "completed",
  resources: ["aws_cloudformation_stack_set_instance"],
  because: "asked to delete a StackSet's instances by organizational unit, the emulator deletes none",
  concerns: isCall("cloudformation", "DeleteStackInstances"),
  answer: async (call, context) => {
    const units = listed(call.parameters, "DeploymentTargets.OrganizationalUnitIds");
    if (units.length === 0) return undefined;
    const accounts = (await Promise.all(units.map((unit) => accountsBelow(unit, context)))).flat();
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

const listed = (parameters: Readonly<Record<string, unknown>>, name: string): string[] =>
  Object.entries(parameters)
    .filter(([key]) => key.startsWith(`${name}.member.`))
    .map(([, value]) => String(value));

async function accountsBelow(ParentId: string, context: FrontContext): Promise<string[]> {
  const client = context.accounts.organizations();
  const accounts: string[] = [];
  for await (const page of paginateListAccountsForParent({ client }, { ParentId })) {
    for (const { Id } of page.Accounts ?? []) if (Id !== undefined) accounts.push(Id);
  }
  for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId })) {
    for (const { Id } of page.OrganizationalUnits ?? []) {
      if (Id !== undefined) accounts.push(...(await accountsBelow(Id, context)));
    }
  }
  return accounts;
}
