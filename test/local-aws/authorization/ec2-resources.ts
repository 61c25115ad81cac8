import { DescribeTagsCommand } from "@aws-sdk/client-ec2";
import { GetInstanceProfileCommand } from "@aws-sdk/client-iam";
import { keyOf } from "./keys";
import type { IamRequest, Lookup } from "./request";

/** One request of several that a call of EC2 is; the call's own action, where none is named. */
export type Part = Partial<IamRequest> & Pick<IamRequest, "resource" | "context">;

export const arnOf = ({ call, account }: Lookup, resource: string) =>
  `arn:aws:ec2:${call.region}:${account}:${resource}`;

/** EC2 leaves the account out of the ARNs of snapshots and images. */
export const sharedArn = ({ call }: Lookup, resource: string) => `arn:aws:ec2:${call.region}::${resource}`;

export const createTags = (
  lookup: Lookup,
  tags: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Part[] =>
  Object.entries(tags).map(([type, ofType]) => ({
    action: "ec2:CreateTags",
    resource: type === "snapshot" ? sharedArn(lookup, "snapshot/new") : arnOf(lookup, `${type}/new`),
    context: { "ec2:CreateAction": lookup.call.operation, ...requestTags(ofType) },
  }));

export const requestTags = (tags: Readonly<Record<string, string>> = {}): IamRequest["context"] => ({
  ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  "aws:TagKeys": Object.keys(tags),
});

/** Keys of volumes that are made or attached. Source: "Amazon EBS encryption requirements". */
export async function keysOfVolumes(lookup: Lookup, keys: readonly (string | undefined)[]): Promise<Part[]> {
  const actions = ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"];
  return (await Promise.all(keys.map((key) => keyUsedByEbs(lookup, key, actions)))).flat();
}

export async function keyUsedByEbs(
  lookup: Lookup,
  key: string | undefined,
  actions: readonly string[],
): Promise<Part[]> {
  const found = key === undefined ? undefined : await keyOf(lookup, key);
  if (!found) return [];
  return actions.map((action) => ({
    ...found,
    action,
    context: {
      ...found.context,
      "kms:ViaService": `ec2.${lookup.call.region}.amazonaws.com`,
      ...(action === "kms:CreateGrant" && { "kms:GrantIsForAWSResource": "true" }),
    },
  }));
}

export const each = (lookup: Lookup, resources: readonly string[]): Promise<Part[]> =>
  Promise.all(
    resources.map(async (resource) => ({
      resource: arnOf(lookup, resource),
      context: await tagsOf(lookup, resource),
    })),
  );

export async function tagsOf(
  { call, account, context }: Lookup,
  resource: string,
): Promise<Record<string, string>> {
  const id = resource.slice(resource.indexOf("/") + 1);
  const { Tags = [] } = await context.accounts
    .ec2(account, call.region)
    .send(new DescribeTagsCommand({ Filters: [{ Name: "resource-id", Values: [id] }] }));
  return Object.fromEntries(Tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value ?? ""]));
}

/** A profile's ARN, and the request for the role in it, which whoever uses the profile passes. */
export async function profileNamed(
  { account, context }: Lookup,
  InstanceProfileName: string,
): Promise<{ readonly arn: string; readonly passing: Part }> {
  const { InstanceProfile } = await context.accounts
    .iam(account)
    .send(new GetInstanceProfileCommand({ InstanceProfileName }));
  return {
    arn: InstanceProfile?.Arn ?? "",
    passing: {
      action: "iam:PassRole",
      resource: InstanceProfile?.Roles?.[0]?.Arn ?? "",
      context: { "iam:PassedToService": "ec2.amazonaws.com" },
    },
  };
}
