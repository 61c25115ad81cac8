import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  CreateStackCommand,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackCommand,
  DeleteStackInstancesCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import {
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { globalBaseline } from "../../baseline/global";
import { exampleLandscape } from "../support/landscapes";
import { describeWithEmulator } from "../support/with-tools";
import { assumeRole, clientSettings, type Keys } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

/** The hub moves by the StackSet's parameter: what the emulator leaves as it was, the front brings up to date. */
describeWithEmulator("an updated StackSet", () => {
  let front: Front;
  let unit: string;
  const accounts: string[] = [];

  const settings = (credentials?: Keys) => clientSettings(front, credentials);

  const iamIn = async (account: string) => {
    const role = `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;
    return new IAMClient(settings(await assumeRole(new STSClient(settings()), role)));
  };

  const stackSet = (hub: string) => ({
    StackSetName: "baseline",
    TemplateBody: JSON.stringify(globalBaseline(exampleLandscape())),
    Parameters: [{ ParameterKey: "HubAccountId", ParameterValue: hub }],
    Capabilities: ["CAPABILITY_NAMED_IAM" as const],
  });

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    const organizations = new OrganizationsClient(settings());
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const root = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? "";
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({ ParentId: root, Name: "all" }),
    );
    unit = OrganizationalUnit?.Id ?? "";
    for (const name of ["old-hub", "new-hub", "member"]) {
      const { CreateAccountStatus } = await organizations.send(
        new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
      );
      const AccountId = CreateAccountStatus?.AccountId ?? "";
      accounts.push(AccountId);
      await organizations.send(
        new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: unit }),
      );
    }
    const cloudformation = new CloudFormationClient(settings());
    await cloudformation.send(new ActivateOrganizationsAccessCommand({}));
    await cloudformation.send(
      new CreateStackSetCommand({
        ...stackSet(accounts[0] ?? ""),
        PermissionModel: "SERVICE_MANAGED",
        AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true },
      }),
    );
    await cloudformation.send(
      new CreateStackInstancesCommand({
        StackSetName: "baseline",
        DeploymentTargets: { OrganizationalUnitIds: [unit] },
        Regions: ["eu-west-1"],
      }),
    );
    await cloudformation.send(new UpdateStackSetCommand(stackSet(accounts[1] ?? "")));
  }, 60_000);

  afterAll(() => front.stop());

  const names = async (account: string) => {
    const iam = await iamIn(account);
    const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: "/acme-ir/" }));
    const { Policies = [] } = await iam.send(
      new ListPoliciesCommand({ Scope: "Local", PathPrefix: "/acme-ir/" }),
    );
    return {
      roles: Roles.map(({ RoleName }) => RoleName).sort(),
      policies: Policies.map(({ PolicyName }) => PolicyName).sort(),
    };
  };

  it("takes the responders' roles and policies out of the account that becomes the hub", async () => {
    expect(await names(accounts[1] ?? "")).toEqual({
      roles: ["acme-ir-forwarder", "acme-ir-quarantine"],
      policies: ["acme-ir-quarantine-deny-all", "acme-ir-quarantine-deny-persistence"],
    });
  });

  it("puts them into the account that was the hub", async () => {
    expect((await names(accounts[0] ?? "")).roles).toContain("acme-ir-contain");
  });

  it("attaches each role's policy, and takes both away when the stack is deleted", async () => {
    const member = accounts[2] ?? "";
    const iam = await iamIn(member);
    const { AttachedPolicies } = await iam.send(
      new ListAttachedRolePoliciesCommand({ RoleName: "acme-ir-contain" }),
    );
    expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(["acme-ir-contain"]);
    const cloudformation = new CloudFormationClient(settings());
    const { TemplateBody, Parameters, Capabilities } = stackSet(accounts[1] ?? "");
    const stack = { StackName: "own", TemplateBody, Parameters, Capabilities };
    await cloudformation.send(new CreateStackCommand(stack));
    const own = new IAMClient(settings());
    expect((await own.send(new GetRoleCommand({ RoleName: "acme-ir-contain" }))).Role?.Path).toBe(
      "/acme-ir/",
    );
    await cloudformation.send(new DeleteStackCommand({ StackName: "own" }));
    await expect(own.send(new GetRoleCommand({ RoleName: "acme-ir-contain" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  });

  it("has every other account trust the new hub", async () => {
    const iam = await iamIn(accounts[2] ?? "");
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "acme-ir-contain" }));
    const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    expect(trust).toContain(`arn:aws:iam::${accounts[1]}:root`);
    expect(trust).not.toContain(accounts[0]);
  });

  it("can be taken out of the account that became the hub, though its roles were removed before", async () => {
    const cloudformation = new CloudFormationClient(settings());
    await cloudformation.send(
      new DeleteStackInstancesCommand({
        StackSetName: "baseline",
        DeploymentTargets: { OrganizationalUnitIds: [unit] },
        Regions: ["eu-west-1"],
        RetainStacks: false,
      }),
    );
    expect((await names(accounts[1] ?? "")).roles).toEqual([]);
  });
});
