import { GetRoleCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { DescribeOrganizationCommand, paginateListAccounts } from "@aws-sdk/client-organizations";
import type { FrontContext } from "./front";
import { asList } from "./protocol";

/** AWS principals that a policy names, as written: account ids, root, role and user ARNs. */
export function awsPrincipals(document: string): string[] {
  const statements = asList((parsePolicy(document) as { Statement?: unknown } | undefined)?.Statement);
  return statements.flatMap((statement) => {
    const { Principal, NotPrincipal } = statement as { Principal?: unknown; NotPrincipal?: unknown };
    return [Principal, NotPrincipal].flatMap((principal) =>
      principal !== null && typeof principal === "object"
        ? asList((principal as { AWS?: unknown }).AWS).map(String)
        : [],
    );
  });
}

export function parsePolicy(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

/** The first principal of a policy that doesn't exist: AWS refuses to save a policy that names one. */
export async function missingPrincipal(document: string, context: FrontContext): Promise<string | undefined> {
  for (const principal of awsPrincipals(document)) {
    if (!(await exists(principal, context))) return principal;
  }
  return undefined;
}

async function exists(principal: string, context: FrontContext): Promise<boolean> {
  // `*` is anyone, and what a template leaves open is known only where it is deployed.
  if (principal === "*" || principal.includes("${")) return true;
  if (/^\d{12}$/.test(principal)) return accountExists(principal, context);
  const [, , service, , account = "", resource = ""] = principal.split(":");
  if (!(await accountExists(account, context))) return false;
  if (service === "iam" && resource === "root") return true;
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  const iam = context.accounts.iam(account);
  try {
    if (service === "iam" && resource.startsWith("role/")) {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
      return Role?.Arn === principal;
    }
    if (service === "iam" && resource.startsWith("user/")) {
      const { User } = await iam.send(new GetUserCommand({ UserName: name }));
      return User?.Arn === principal;
    }
  } catch (error) {
    if ((error as Error).name.startsWith("NoSuchEntity")) return false;
    throw error;
  }
  // Sessions and federated users need not exist when they are named.
  return service === "sts";
}

/** On the local AWS there are only the accounts of its organization. */
export async function accountExists(account: string, context: FrontContext): Promise<boolean> {
  return account === context.managementAccount || (await organizationAccounts(context)).includes(account);
}

export async function organizationAccounts(context: FrontContext): Promise<string[]> {
  const ids: string[] = [];
  try {
    for await (const page of paginateListAccounts({ client: context.accounts.organizations() }, {})) {
      for (const { Id } of page.Accounts ?? []) if (Id !== undefined) ids.push(Id);
    }
  } catch (error) {
    if ((error as Error).name !== "AWSOrganizationsNotInUseException") throw error;
  }
  return ids;
}

export async function organizationId({ accounts }: FrontContext): Promise<string> {
  const { Organization } = await accounts.organizations().send(new DescribeOrganizationCommand({}));
  return Organization?.Id ?? "";
}
