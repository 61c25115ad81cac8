import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { clientSettings, type Keys, newKey } from "../../local-aws/clients";
import type { EmulatedOrganization } from "../../proofs/walkthroughs/organization";

export const administratorPolicy = "arn:aws:iam::aws:policy/AdministratorAccess";

/** A leaked key of an administrator in one account, and a role in another that trusts the account. */
export interface Scene {
  readonly organization: EmulatedOrganization;
  readonly account: string;
  readonly otherAccount: string;
  /** The attacker has these. */
  readonly leaked: Keys;
  readonly userArn: string;
  readonly userId: string;
  readonly roleArn: string;
  /** The deployer's session, with which the tests look at what is there. */
  readonly iam: IAMClient;
  readonly otherIam: IAMClient;
}

let scenes = 0;

/** Sets a scene of its own in an organization that several share: names differ. */
export async function setScene(organization: EmulatedOrganization): Promise<Scene> {
  scenes += 1;
  const account = organization.idOf("payments-prod");
  const otherAccount = organization.idOf("log-archive");
  const { front } = organization;
  const iam = new IAMClient(clientSettings(front, await organization.administrator("payments-prod")));
  const otherIam = new IAMClient(clientSettings(front, await organization.administrator("log-archive")));
  const UserName = `builder-${scenes}`;
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: administratorPolicy }));
  const RoleName = `reports-${scenes}`;
  const { Role } = await otherIam.send(
    new CreateRoleCommand({
      RoleName,
      Path: "/apps/",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  await otherIam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: administratorPolicy }));
  return {
    organization,
    account,
    otherAccount,
    leaked: await newKey(iam, UserName),
    userArn: User?.Arn ?? "",
    userId: User?.UserId ?? "",
    roleArn: Role?.Arn ?? "",
    iam,
    otherIam,
  };
}

export const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
