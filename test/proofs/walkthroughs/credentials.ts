import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteLoginProfileCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import {
  DescribeSecretCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { orNone, type Walkthrough } from "./walkthrough";

const where = { task: "credentials", account: "payments-prod" } as const;

const denyAll = (account: string) => `arn:aws:iam::${account}:policy/acme-ir/acme-ir-quarantine-deny-all`;

const everyCredential: Walkthrough = {
  ...where,
  title: "every credential that a user holds, and its keys deactivated",
  steps: async (settings, { resources: { user, userKey } }) => {
    const iam = new IAMClient(settings);
    const UserName = user;
    await iam.send(new GetUserCommand({ UserName }));
    await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: userKey }));
    await iam.send(new ListAccessKeysCommand({ UserName }));
    await iam.send(new ListMFADevicesCommand({ UserName }));
    await iam.send(new ListSSHPublicKeysCommand({ UserName }));
    await iam.send(new ListServiceSpecificCredentialsCommand({ UserName })).catch(unsupported);
    await iam.send(new ListSigningCertificatesCommand({ UserName }));
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: userKey, Status: "Inactive" }));
  },
};

const unsupported = (error: Error) => {
  if (!/cannot answer/.test(error.message)) throw error;
};

const consoleAccess: Walkthrough = {
  ...where,
  title: "a user's console password removed",
  steps: async (settings, { resources: { user } }) => {
    const iam = new IAMClient(settings);
    await iam.send(new GetLoginProfileCommand({ UserName: user }));
    await iam.send(new DeleteLoginProfileCommand({ UserName: user }));
  },
};

const quarantinedUser: Walkthrough = {
  ...where,
  title: "a user quarantined by the staged policy, and released",
  steps: async (settings, { resources: { user }, account }) => {
    const iam = new IAMClient(settings);
    const attachment = { UserName: user, PolicyArn: denyAll(account) };
    await iam.send(new ListAttachedUserPoliciesCommand({ UserName: user }));
    await iam.send(new AttachUserPolicyCommand(attachment));
    await iam.send(new DetachUserPolicyCommand(attachment));
    await iam.send(
      new PutUserPermissionsBoundaryCommand({ UserName: user, PermissionsBoundary: denyAll(account) }),
    );
  },
};

const quarantinedRole: Walkthrough = {
  ...where,
  title: "a role quarantined by the staged policy, and by the boundary where its policies are full",
  steps: async (settings, { resources: { role }, account }) => {
    const iam = new IAMClient(settings);
    const attachment = { RoleName: role, PolicyArn: denyAll(account) };
    await iam.send(new GetRoleCommand({ RoleName: role }));
    await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }));
    await iam.send(new AttachRolePolicyCommand(attachment));
    await iam.send(new DetachRolePolicyCommand(attachment));
    await iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: role, PermissionsBoundary: denyAll(account) }),
    );
  },
};

const readSecret: Walkthrough = {
  ...where,
  title: "a secret that was read gets a new value, by the rotation that it has",
  steps: async (settings, { resources: { secret } }) => {
    const secrets = new SecretsManagerClient(settings);
    await secrets.send(new ListSecretsCommand({}));
    await secrets.send(new DescribeSecretCommand({ SecretId: secret }));
    await orNone(secrets.send(new RotateSecretCommand({ SecretId: secret })));
  },
};

export const credentialsWalkthroughs = [
  everyCredential,
  consoleAccess,
  quarantinedUser,
  quarantinedRole,
  readSecret,
];
