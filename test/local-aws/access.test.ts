import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand as CreateOrganizationPolicyCommand,
  DeleteResourcePolicyCommand,
  DescribePolicyCommand,
  DescribeResourcePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { describeWithEmulator } from "../support/with-tools";
import { assumeRole, clientSettings, type Keys } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";
import { equipResponder } from "./responder";

const management = "111111111111";

/** How the strict front treats doors, boundaries and policies of the organization. */
describeWithEmulator("the strict front, about access", () => {
  let front: Front;
  let member: string;
  let root: string;
  let iam: IAMClient;

  const settings = (credentials?: Keys) => clientSettings(front, credentials);
  const organizations = (keys?: Keys) => new OrganizationsClient(settings(keys));

  const assume = (RoleArn: string, keys?: Keys, more?: object): Promise<Keys> =>
    assumeRole(new STSClient(settings(keys)), RoleArn, more);
  const administrator = () => assume(`arn:aws:iam::${member}:role/OrganizationAccountAccessRole`);
  const denied = { name: "AccessDenied" };

  const document = (...statements: object[]) =>
    JSON.stringify({ Version: "2012-10-17", Statement: statements });

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: management });
    await organizations().send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    root = (await organizations().send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? "";
    for (const PolicyType of ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"] as const) {
      await organizations().send(new EnablePolicyTypeCommand({ RootId: root, PolicyType }));
    }
    const { CreateAccountStatus } = await organizations().send(
      new CreateAccountCommand({ AccountName: "member", Email: "member@example.com" }),
    );
    member = CreateAccountStatus?.AccountId ?? "";
    iam = new IAMClient(settings(await administrator()));
  }, 60_000);

  afterAll(() => front.stop());

  describe("a user", () => {
    let keys: Keys;
    const role = () => `arn:aws:iam::${member}:role/behind-mfa`;
    const device = () => `arn:aws:iam::${member}:mfa/carol`;

    beforeAll(async () => {
      await iam.send(new CreateUserCommand({ UserName: "carol" }));
      const enter = { Effect: "Allow", Action: ["sts:AssumeRole", "sts:SetSourceIdentity"], Resource: "*" };
      await iam.send(
        new PutUserPolicyCommand({ UserName: "carol", PolicyName: "enter", PolicyDocument: document(enter) }),
      );
      keys = await equipResponder(iam, "carol");
      await iam.send(
        new CreateRoleCommand({
          RoleName: "behind-mfa",
          AssumeRolePolicyDocument: document({
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${member}:root` },
            Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
            Condition: {
              Bool: { "aws:MultiFactorAuthPresent": "true" },
              StringEquals: { "sts:SourceIdentity": "${aws:username}" },
            },
          }),
        }),
      );
    });

    const withMfa = (more: object = {}) => ({
      SourceIdentity: "carol",
      SerialNumber: device(),
      TokenCode: "123456",
      ...more,
    });

    it("comes in with their own name and a code of their own device", async () => {
      expect((await assume(role(), keys, withMfa())).accessKeyId).toBeTruthy();
    });

    it.each<[string, object]>([
      ["without a device", { SerialNumber: undefined, TokenCode: undefined }],
      ["with a wrong or outdated code", { TokenCode: "000000" }],
      ["with a code of five digits", { TokenCode: "12345 " }],
      ["with somebody else's device", { SerialNumber: "arn:aws:iam::999999999999:mfa/carol" }],
      ["under another name", { SourceIdentity: "mallory" }],
      ["under no name", { SourceIdentity: undefined }],
    ])("does not come in %s", async (_, more) => {
      await expect(assume(role(), keys, withMfa(more))).rejects.toMatchObject(denied);
    });

    it("is held by a boundary, which the front keeps since the emulator has none", async () => {
      const { Policy } = await iam.send(
        new CreatePolicyCommand({
          PolicyName: "nothing",
          PolicyDocument: document({ Effect: "Deny", Action: "*", Resource: "*" }),
        }),
      );
      const UserName = "carol";
      await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: Policy?.Arn }));
      const { User } = await iam.send(new GetUserCommand({ UserName }));
      expect(User?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(Policy?.Arn);
      await expect(assume(role(), keys, withMfa())).rejects.toMatchObject(denied);
      await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName }));
      expect((await assume(role(), keys, withMfa())).accessKeyId).toBeTruthy();
    });

    it("that nobody equipped has no way in", async () => {
      await iam.send(new CreateUserCommand({ UserName: "dave" }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "dave" }));
      const daves = {
        accessKeyId: AccessKey?.AccessKeyId ?? "",
        secretAccessKey: AccessKey?.SecretAccessKey ?? "",
      };
      await expect(assume(role(), daves, withMfa({ SourceIdentity: "dave" }))).rejects.toMatchObject(denied);
    });
  });

  describe("policies of the organization", () => {
    const create = async (
      Type: "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY",
      Name: string,
      Content: string,
    ) =>
      (
        await organizations().send(
          new CreateOrganizationPolicyCommand({ Name, Type, Description: Name, Content }),
        )
      ).Policy?.PolicySummary?.Id ?? "";

    let chain: string;

    beforeAll(async () => {
      const trust = document({
        Effect: "Allow",
        Principal: { AWS: [`arn:aws:iam::${member}:root`, `arn:aws:iam::${management}:root`] },
        Action: "sts:AssumeRole",
      });
      for (const RoleName of ["first", "second"]) {
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
      }
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: "first",
          PolicyName: "on",
          PolicyDocument: document({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }),
        }),
      );
      chain = `arn:aws:iam::${member}:role/second`;
    });

    const throughChain = async () => assume(chain, await assume(`arn:aws:iam::${member}:role/first`));

    it.each<["SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY", string]>([
      ["SERVICE_CONTROL_POLICY", "what a principal of the account does"],
      ["RESOURCE_CONTROL_POLICY", "what is done to a role of the account"],
    ])("of type %s decide on %s", async (type) => {
      const deny = {
        Effect: "Deny",
        ...(type === "RESOURCE_CONTROL_POLICY" && { Principal: "*" }),
        Action: "sts:AssumeRole",
        Resource: chain,
      };
      expect((await throughChain()).accessKeyId).toBeTruthy();
      const PolicyId = await create(type, `deny-${type}`, document(deny));
      await organizations().send(new AttachPolicyCommand({ PolicyId, TargetId: root }));
      await expect(throughChain()).rejects.toMatchObject(denied);
      await organizations().send(new DetachPolicyCommand({ PolicyId, TargetId: root }));
      expect((await throughChain()).accessKeyId).toBeTruthy();
    });

    it("are read and written by a member only as the resource policy says", async () => {
      const Content = document({ Sid: "Nobody", Effect: "Deny", Action: "s3:*", Resource: "*" });
      const PolicyId = await create("SERVICE_CONTROL_POLICY", "cuts", Content);
      const other = await create("SERVICE_CONTROL_POLICY", "others", Content);
      const asMember = organizations(await administrator());
      const refused = { name: "AccessDeniedException" };
      await expect(organizations().send(new DescribeResourcePolicyCommand({}))).rejects.toMatchObject({
        name: "ResourcePolicyNotFoundException",
      });
      await expect(asMember.send(new DescribePolicyCommand({ PolicyId }))).rejects.toMatchObject(refused);
      const { Policy } = await organizations().send(new DescribePolicyCommand({ PolicyId }));
      await organizations().send(
        new PutResourcePolicyCommand({
          Content: document({
            Sid: "Cuts",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${member}:root` },
            Action: ["organizations:DescribePolicy", "organizations:UpdatePolicy"],
            Resource: Policy?.PolicySummary?.Arn,
          }),
        }),
      );
      await asMember.send(new UpdatePolicyCommand({ PolicyId, Content: Content.replace("s3", "ec2") }));
      expect((await asMember.send(new DescribePolicyCommand({ PolicyId }))).Policy?.Content).toContain(
        "ec2:*",
      );
      await expect(
        asMember.send(new UpdatePolicyCommand({ PolicyId: other, Content })),
      ).rejects.toMatchObject(refused);
      await organizations().send(new DeleteResourcePolicyCommand({}));
      await expect(asMember.send(new DescribePolicyCommand({ PolicyId }))).rejects.toMatchObject(refused);
    });
  });
});
