import { GetRoleCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { userBoundaries, userKey } from "../gaps/iam-user-boundary";
import { type IamRequest, type Lookup, parameter, type RequestsOf, request } from "./request";

/** Requests of IAM's calls. Source: "Actions, resources, and condition keys for AWS Identity and Access Management". */
export const iamRequests: RequestsOf = async (lookup) => {
  const { call } = lookup;
  const policy = parameter(call, "PolicyArn");
  const boundary = parameter(call, "PermissionsBoundary") ?? (await boundaryToGo(lookup));
  const tagKeys = Object.entries(call.parameters)
    .filter(([name]) => /^(Tags\.member\.\d+\.Key|TagKeys\.member\.\d+)$/.test(name))
    .map(([, value]) => String(value));
  const context: IamRequest["context"] = {
    ...(policy !== undefined && /^(Attach|Detach)/.test(call.operation) && { "iam:PolicyARN": policy }),
    ...(boundary !== undefined && { "iam:PermissionsBoundary": boundary }),
    ...(tagKeys.length > 0 && { "aws:TagKeys": tagKeys }),
  };
  return [request(`iam:${call.operation}`, await resourceOf(lookup), context)];
};

/** Of a deletion, the boundary in force is the one that a condition is about. */
async function boundaryToGo({ call, account, context }: Lookup): Promise<string | undefined> {
  const name = parameter(call, "UserName") ?? "";
  if (call.operation === "DeleteUserPermissionsBoundary") {
    return userBoundaries(context).get(userKey(account, name));
  }
  if (call.operation !== "DeleteRolePermissionsBoundary") return undefined;
  const RoleName = parameter(call, "RoleName");
  const found = await context.accounts
    .iam(account)
    .send(new GetRoleCommand({ RoleName }))
    .catch(() => undefined);
  return found?.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
}

async function resourceOf({ call, account, context }: Lookup): Promise<string> {
  const iam = context.accounts.iam(account);
  const RoleName = parameter(call, "RoleName");
  const UserName = parameter(call, "UserName");
  const fallback = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
  if (RoleName !== undefined) {
    const found = await iam.send(new GetRoleCommand({ RoleName })).catch(() => undefined);
    return found?.Role?.Arn ?? fallback("role", RoleName);
  }
  if (UserName !== undefined) {
    const found = await iam.send(new GetUserCommand({ UserName })).catch(() => undefined);
    return found?.User?.Arn ?? fallback("user", UserName);
  }
  const profile = parameter(call, "InstanceProfileName");
  if (profile !== undefined) return fallback("instance-profile", profile);
  const group = parameter(call, "GroupName");
  if (group !== undefined) return fallback("group", group);
  const policy = parameter(call, "PolicyArn") ?? parameter(call, "PolicySourceArn");
  if (policy !== undefined) return policy;
  // Lists of the whole account, and the last use of a key, name no resource.
  return call.operation === "GetAccessKeyLastUsed" ? fallback("user", "any") : "*";
}
