import {
  AccountClient,
  GetAlternateContactCommand,
  PutAlternateContactCommand,
} from "@aws-sdk/client-account";
import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  CreateStackCommand,
  CreateStackSetCommand,
  DescribeStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudTrailClient, CreateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListOrganizationsFeaturesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  EnableAWSServiceAccessCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListRootsCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from "@aws-sdk/client-organizations";
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectRetentionCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describeWithEmulator } from "../support/with-tools";
import { managementKeys } from "./accounts";
import { assumeRole, clientSettings, type Keys } from "./clients";
import type { Front } from "./front";
import { gaps } from "./gaps";
import { startLocalAws } from "./local-aws";
import { refusals } from "./refusals";
import { signedFetch } from "./signed-fetch";

const management = "111111111111";
let front: Front;
let member: string;

const settings = (credentials?: Keys, region?: string) => clientSettings(front, credentials, region);

const sessionIn = (
  account: string,
  role = "OrganizationAccountAccessRole",
  from?: Keys,
  more = {},
): Promise<Keys> => assumeRole(new STSClient(settings(from)), `arn:aws:iam::${account}:role/${role}`, more);

const trust = (principal: unknown, action: string | string[] = "sts:AssumeRole", condition?: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: principal, Action: action, ...(condition && { Condition: condition }) },
    ],
  });

describeWithEmulator("the strict front", () => {
  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: management });
    const organizations = new OrganizationsClient(settings());
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: "member", Email: "member@example.com" }),
    );
    member = CreateAccountStatus?.AccountId ?? "";
  }, 60_000);

  afterAll(() => front.stop());

  describe("gaps and refusals", () => {
    it("each have an id of their own, a reason, and a source where they refuse", () => {
      const ids = [...gaps, ...refusals].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { because, resources } of gaps)
        expect([because.length > 20, resources.length > 0]).toEqual([true, true]);
      for (const { because, source } of refusals)
        expect([because.length > 20, source.length > 20]).toEqual([true, true]);
    });

    it("are counted, a gap only where the front changed the answer", async () => {
      const before = front.counts();
      await new OrganizationsClient(settings()).send(new ListAWSServiceAccessForOrganizationCommand({}));
      await new STSClient(settings()).send(new GetCallerIdentityCommand({}));
      const after = front.counts();
      expect(after.gaps["organizations-trusted-access"]).toBe(
        (before.gaps["organizations-trusted-access"] ?? 0) + 1,
      );
      expect(after.forwarded).toBe(before.forwarded + 1);
    });
  });

  describe("a request's signature", () => {
    it("is that of the key's secret, or the request is refused, in the words of each protocol", async () => {
      const stranger = settings({ ...managementKeys, secretAccessKey: "guessed" });
      await expect(new STSClient(stranger).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
        name: "SignatureDoesNotMatch",
      });
      await expect(new OrganizationsClient(stranger).send(new ListRootsCommand({}))).rejects.toMatchObject({
        name: "InvalidSignatureException",
      });
      await expect(new EC2Client(stranger).send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
        name: "AuthFailure",
      });
      await expect(
        new S3Client({ ...stranger, forcePathStyle: true }).send(new ListBucketsCommand({})),
      ).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    });

    it("is refused with a session's key and no token, or another's", async () => {
      const answer = await signedFetch(
        `http://127.0.0.1:${front.port}`,
        { ...managementKeys, sessionToken: "made-up" },
        {
          method: "POST",
          path: "/",
          service: "sts",
          region: "us-east-1",
          body: "Action=GetCallerIdentity&Version=2011-06-15",
          headers: { "content-type": "application/x-www-form-urlencoded" },
        },
      );
      expect([answer.status, await answer.text()]).toEqual([
        403,
        expect.stringContaining("InvalidClientTokenId"),
      ]);
    });
  });

  describe("an answer that the emulator can't give", () => {
    it("is an error that names the call, and never the 500 that Terraform would repeat", async () => {
      const response = await signedFetch(`http://127.0.0.1:${front.port}`, managementKeys, {
        method: "POST",
        path: "/",
        service: "detective",
        region: "eu-west-1",
        body: "{}",
        headers: {
          "x-amz-target": "AmazonDetective.NoSuchThing",
          "content-type": "application/x-amz-json-1.1",
        },
      });
      expect([response.status, await response.json()]).toEqual([
        400,
        expect.objectContaining({
          __type: "LocalAwsGap",
          message: expect.stringContaining("detective NoSuchThing"),
        }),
      ]);
      expect(front.counts().unanswered).toEqual({ "detective:NoSuchThing": 1 });
    });
  });

  describe("credentials", () => {
    it("that nobody gave out open nothing", async () => {
      const sts = new STSClient(settings({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "x" }));
      await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
        name: "InvalidClientTokenId",
      });
    });

    it("of a session belong to the account of its role", async () => {
      const { Account } = await new STSClient(settings(await sessionIn(member))).send(
        new GetCallerIdentityCommand({}),
      );
      expect(Account).toBe(member);
    });
  });

  describe("AssumeRole", () => {
    const denied = (action: string) => ({
      name: "AccessDenied",
      message: expect.stringContaining(`not authorized to perform: ${action} on resource`),
    });

    it("is refused for a role that doesn't exist", async () => {
      await expect(sessionIn(member, "nobody")).rejects.toMatchObject(denied("sts:AssumeRole"));
    });

    it("is refused where the trust names another account, condition or action", async () => {
      const iam = new IAMClient(settings(await sessionIn(member)));
      const roles = {
        "other-account": trust({ AWS: `arn:aws:iam::${member}:root` }),
        "other-arn": trust({ AWS: `arn:aws:iam::${management}:root` }, "sts:AssumeRole", {
          ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::1:role/x" },
        }),
        "needs-mfa": trust({ AWS: `arn:aws:iam::${management}:root` }, "sts:AssumeRole", {
          Bool: { "aws:MultiFactorAuthPresent": "true" },
        }),
        "service-only": trust({ Service: "ec2.amazonaws.com" }),
      };
      for (const [RoleName, AssumeRolePolicyDocument] of Object.entries(roles)) {
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
        await expect(sessionIn(member, RoleName)).rejects.toMatchObject(denied("sts:AssumeRole"));
      }
    });

    it("is refused where the caller's own policies don't permit it", async () => {
      const administrator = new IAMClient(settings(await sessionIn(member)));
      const trusting = trust({ AWS: `arn:aws:iam::${member}:root` });
      await administrator.send(
        new CreateRoleCommand({ RoleName: "target", AssumeRolePolicyDocument: trusting }),
      );
      await administrator.send(
        new CreateRoleCommand({
          RoleName: "weak",
          AssumeRolePolicyDocument: trust({ AWS: `arn:aws:iam::${management}:root` }),
        }),
      );
      const weak = await sessionIn(member, "weak");
      await expect(sessionIn(member, "target", weak)).rejects.toMatchObject(denied("sts:AssumeRole"));
      const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sts:AssumeRole", Resource: `arn:aws:iam::${member}:role/target` },
        ],
      });
      await administrator.send(
        new PutRolePolicyCommand({ RoleName: "weak", PolicyName: "assume", PolicyDocument }),
      );
      await expect(sessionIn(member, "target", weak)).resolves.toBeDefined();
    });

    it("needs an action of its own for a source identity and for tags, and keeps both along a chain", async () => {
      const iam = new IAMClient(settings(await sessionIn(member)));
      const everybody = { AWS: [`arn:aws:iam::${management}:root`, `arn:aws:iam::${member}:root`] };
      const all = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];
      const AdministratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";
      // A condition on the source identity would not fit TagSession, which AWS decides without it.
      const bound = JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: everybody,
            Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
            Condition: { StringEquals: { "sts:SourceIdentity": "ada", "aws:PrincipalTag/CaseId": "CASE-1" } },
          },
          { Effect: "Allow", Principal: everybody, Action: "sts:TagSession" },
        ],
      });
      const roles = { first: trust(everybody, all), plain: trust(everybody), second: bound };
      for (const [RoleName, AssumeRolePolicyDocument] of Object.entries(roles)) {
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
        await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: AdministratorAccess }));
      }
      const named = { SourceIdentity: "ada" };
      const tagged = { Tags: [{ Key: "CaseId", Value: "CASE-1" }], TransitiveTagKeys: ["CaseId"] };
      await expect(sessionIn(member, "plain", undefined, named)).rejects.toMatchObject(
        denied("sts:SetSourceIdentity"),
      );
      await expect(sessionIn(member, "plain", undefined, tagged)).rejects.toMatchObject(
        denied("sts:TagSession"),
      );
      await expect(sessionIn(member, "second", await sessionIn(member, "first"))).rejects.toMatchObject(
        denied("sts:AssumeRole"),
      );
      const first = await sessionIn(member, "first", undefined, { ...named, ...tagged });
      await expect(sessionIn(member, "second", first)).resolves.toBeDefined();
      await expect(sessionIn(member, "second", first, { SourceIdentity: "grace" })).rejects.toMatchObject(
        denied("sts:SetSourceIdentity"),
      );
    });
  });

  describe("IAM", () => {
    const iam = () => new IAMClient(settings());
    const document = (actions: number) =>
      JSON.stringify(
        {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Deny",
              Action: Array.from({ length: actions }, (_, i) => `ec2:Describe${i}`),
              Resource: "*",
            },
          ],
        },
        null,
        8,
      );
    const exceeded = (message: string) => ({
      name: expect.stringMatching(/^LimitExceeded/),
      message: expect.stringContaining(message),
    });

    it("refuses a trust in a principal that doesn't exist", async () => {
      const create = (principal: string) =>
        iam().send(
          new CreateRoleCommand({
            RoleName: "trusting",
            AssumeRolePolicyDocument: trust({ AWS: principal }),
          }),
        );
      for (const nobody of [
        `arn:aws:iam::${member}:role/nobody`,
        `arn:aws:iam::${member}:user/nobody`,
        "arn:aws:iam::999999999999:root",
        "999999999999",
      ]) {
        await expect(create(nobody)).rejects.toMatchObject({
          message: expect.stringContaining(`Invalid principal in policy: "AWS":"${nobody}"`),
        });
      }
      await expect(create(member)).resolves.toBeDefined();
    });

    it("counts the size of policies without white space", async () => {
      await expect(
        iam().send(new CreatePolicyCommand({ PolicyName: "fits", PolicyDocument: document(300) })),
      ).resolves.toBeDefined();
      await expect(
        iam().send(new CreatePolicyCommand({ PolicyName: "large", PolicyDocument: document(400) })),
      ).rejects.toMatchObject(exceeded("PolicySize: 6144"));
    });

    it("refuses the sixth version of a policy", async () => {
      const { Policy } = await iam().send(
        new CreatePolicyCommand({ PolicyName: "versions", PolicyDocument: document(1) }),
      );
      const another = () =>
        iam().send(new CreatePolicyVersionCommand({ PolicyArn: Policy?.Arn, PolicyDocument: document(2) }));
      for (let version = 2; version <= 5; version += 1) await another();
      await expect(another()).rejects.toMatchObject(exceeded("up to 5 versions"));
    });

    it("refuses the eleventh policy of a role, and inline policies beyond their sum", async () => {
      const RoleName = "holder";
      await iam().send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ AWS: management }) }),
      );
      const attach = async (index: number) => {
        const { Policy } = await iam().send(
          new CreatePolicyCommand({ PolicyName: `p${index}`, PolicyDocument: document(1) }),
        );
        return iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
      };
      for (let index = 1; index <= 10; index += 1) await attach(index);
      await expect(attach(11)).rejects.toMatchObject(exceeded("PoliciesPerRole: 10"));

      const put = (PolicyName: string) =>
        iam().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document(270) }));
      await put("one");
      await put("two");
      await put("two");
      await expect(put("three")).rejects.toMatchObject(
        exceeded("Maximum policy size of 10240 bytes exceeded for role holder"),
      );
    });

    it("answers central root access only with trusted access", async () => {
      await expect(iam().send(new ListOrganizationsFeaturesCommand({}))).rejects.toMatchObject({
        name: "ServiceAccessNotEnabledException",
      });
      await new OrganizationsClient(settings()).send(
        new EnableAWSServiceAccessCommand({ ServicePrincipal: "iam.amazonaws.com" }),
      );
      expect((await iam().send(new ListOrganizationsFeaturesCommand({}))).EnabledFeatures).toEqual([]);
    });
  });

  describe("S3", () => {
    const s3 = () => new S3Client(settings());
    const denyAll = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "arn:aws:s3:::held/*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });

    it("holds a bucket policy that the emulator would apply without its condition", async () => {
      await s3().send(
        new CreateBucketCommand({
          Bucket: "held",
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        }),
      );
      await expect(s3().send(new GetBucketPolicyCommand({ Bucket: "held" }))).rejects.toMatchObject({
        name: "NoSuchBucketPolicy",
      });
      await s3().send(new PutBucketPolicyCommand({ Bucket: "held", Policy: denyAll }));
      await s3().send(new PutObjectCommand({ Bucket: "held", Key: "x", Body: "x" }));
      expect((await s3().send(new GetBucketPolicyCommand({ Bucket: "held" }))).Policy).toBe(denyAll);
      await expect(
        s3().send(new PutBucketPolicyCommand({ Bucket: "missing", Policy: denyAll })),
      ).rejects.toMatchObject({ name: "NoSuchBucket" });
    });

    it("locks only a versioned bucket, and keeps it versioned", async () => {
      const Bucket = "locked";
      const ObjectLockConfiguration = {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 10 } },
      } as const;
      await expect(
        s3().send(new PutObjectLockConfigurationCommand({ Bucket: "held", ObjectLockConfiguration })),
      ).rejects.toMatchObject({ name: "InvalidBucketState" });
      await s3().send(
        new CreateBucketCommand({
          Bucket,
          ObjectLockEnabledForBucket: true,
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        }),
      );
      await s3().send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
      await expect(
        s3().send(
          new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
        ),
      ).rejects.toMatchObject({ name: "InvalidBucketState" });
    });

    it("never shortens nor softens a compliance retention, and lengthens it", async () => {
      const object = { Bucket: "locked", Key: "evidence" };
      await s3().send(new PutObjectCommand({ ...object, Body: "x", ChecksumAlgorithm: "SHA256" }));
      const retain = (Mode: "COMPLIANCE" | "GOVERNANCE", days: number, more = {}) =>
        s3().send(
          new PutObjectRetentionCommand({
            ...object,
            ...more,
            Retention: { Mode, RetainUntilDate: new Date(Date.now() + days * 86_400_000) },
          }),
        );
      await expect(retain("COMPLIANCE", 1)).rejects.toMatchObject({ name: "AccessDenied" });
      await expect(retain("COMPLIANCE", 1, { BypassGovernanceRetention: true })).rejects.toMatchObject({
        name: "AccessDenied",
      });
      await expect(retain("GOVERNANCE", 30)).rejects.toMatchObject({ name: "AccessDenied" });
      await expect(retain("COMPLIANCE", 30)).resolves.toBeDefined();
      const { Retention } = await s3().send(new GetObjectRetentionCommand(object));
      expect(Retention?.Mode).toBe("COMPLIANCE");
      expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    });
  });

  describe("KMS", () => {
    const create = (principal: unknown, actions: string) =>
      new KMSClient(settings()).send(
        new CreateKeyCommand({
          Policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: principal, Action: actions, Resource: "*" }],
          }),
        }),
      );

    it("refuses a key policy for nobody, or that locks its author out", async () => {
      await expect(create({ AWS: `arn:aws:iam::${management}:role/nobody` }, "kms:*")).rejects.toThrow(
        "invalid principals",
      );
      await expect(create({ AWS: `arn:aws:iam::${management}:root` }, "kms:Decrypt")).rejects.toThrow(
        "will not allow you to update the key policy",
      );
      await expect(create({ AWS: `arn:aws:iam::${management}:root` }, "kms:*")).resolves.toBeDefined();
    });
  });

  describe("organization-wide services", () => {
    it("delegate only from management, to a member, after trusted access", async () => {
      const register = (AccountId: string, keys?: Keys) =>
        new OrganizationsClient(settings(keys)).send(
          new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: "config.amazonaws.com" }),
        );
      await expect(register(member)).rejects.toThrow("before you enabled service access");
      await new OrganizationsClient(settings()).send(
        new EnableAWSServiceAccessCommand({ ServicePrincipal: "config.amazonaws.com" }),
      );
      await expect(register(management)).rejects.toMatchObject({ name: "ConstraintViolationException" });
      await expect(register("999999999999")).rejects.toMatchObject({ name: "AccountNotFoundException" });
      await expect(register(member, await sessionIn(member))).rejects.toMatchObject({
        name: "AccessDeniedException",
      });
      await expect(register(member)).resolves.toBeDefined();
      await expect(register(member)).rejects.toMatchObject({ name: "AccountAlreadyRegisteredException" });
    });

    it("make no trail without a bucket policy, nor for an organization without trusted access", async () => {
      const create = (more: object) =>
        new CloudTrailClient(settings()).send(
          new CreateTrailCommand({ Name: "trail", S3BucketName: "held", ...more }),
        );
      await expect(create({ IsOrganizationTrail: true, IsMultiRegionTrail: true })).rejects.toMatchObject({
        name: "CloudTrailAccessNotEnabledException",
      });
      await expect(create({})).rejects.toMatchObject({ name: "InsufficientS3BucketPolicyException" });
    });

    it("make StackSets only once activated, and describe them whole", async () => {
      const cloudformation = new CloudFormationClient(settings());
      const create = () =>
        cloudformation.send(
          new CreateStackSetCommand({
            StackSetName: "set",
            TemplateBody: JSON.stringify({ Resources: { T: { Type: "AWS::SNS::Topic" } } }),
            PermissionModel: "SERVICE_MANAGED",
            AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
            ManagedExecution: { Active: true },
            Capabilities: ["CAPABILITY_NAMED_IAM"],
          }),
        );
      await expect(create()).rejects.toThrow("You must enable organizations access");
      await cloudformation.send(new ActivateOrganizationsAccessCommand({}));
      await create();
      const { StackSet } = await cloudformation.send(new DescribeStackSetCommand({ StackSetName: "set" }));
      expect(StackSet).toMatchObject({
        AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
        ManagedExecution: { Active: true },
        Capabilities: ["CAPABILITY_NAMED_IAM"],
      });
    });

    it("refuse inside a template what IAM would refuse", async () => {
      const TemplateBody = JSON.stringify({
        Parameters: { Hub: { Type: "String" } },
        Resources: {
          Role: {
            Type: "AWS::IAM::Role",
            Properties: {
              AssumeRolePolicyDocument: JSON.parse(
                trust({ AWS: { "Fn::Sub": "arn:aws:iam::${Hub}:role/nobody" } }),
              ),
            },
          },
        },
      });
      const create = new CloudFormationClient(settings()).send(
        new CreateStackCommand({
          StackName: "stack",
          TemplateBody,
          Parameters: [{ ParameterKey: "Hub", ParameterValue: member }],
        }),
      );
      await expect(create).rejects.toThrow(
        `Invalid principal in policy: "AWS":"arn:aws:iam::${member}:role/nobody"`,
      );
    });

    it("keep contacts of accounts apart", async () => {
      const account = new AccountClient(settings());
      const contact = {
        AlternateContactType: "SECURITY",
        Name: "x",
        Title: "x",
        EmailAddress: "x@example.com",
        PhoneNumber: "1",
      } as const;
      await account.send(new PutAlternateContactCommand({ ...contact, AccountId: member }));
      await expect(
        account.send(new GetAlternateContactCommand({ AlternateContactType: "SECURITY" })),
      ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    });
  });

  describe("reset", () => {
    it("leaves nothing behind, neither in the emulator nor in the front", async () => {
      await front.reset();
      await expect(
        new IAMClient(settings()).send(new GetRoleCommand({ RoleName: "holder" })),
      ).rejects.toMatchObject({ name: "NoSuchEntityException" });
      expect(front.counts()).toEqual({ gaps: {}, refusals: {}, unanswered: {}, undecided: {}, forwarded: 1 });
      await new OrganizationsClient(settings()).send(new CreateOrganizationCommand({}));
      const { EnabledServicePrincipals } = await new OrganizationsClient(settings()).send(
        new ListAWSServiceAccessForOrganizationCommand({}),
      );
      expect(EnabledServicePrincipals).toEqual([]);
    });
  });
});
