import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { GetInstanceProfileCommand, GetPolicyCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  ListAccountsForParentCommand,
  ListDelegatedAdministratorsCommand,
  ListPoliciesForTargetCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  DeleteObjectCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetParameterCommand, ListDocumentsCommand, SSMClient } from "@aws-sdk/client-ssm";
import { regionalBaselineVersion } from "../../../baseline/regional";
import { simulate } from "../../../cli/access/simulate";
import {
  bucketName,
  collectionDocumentName,
  collectionPlatforms,
  collectionSteps,
  logKinds,
} from "../../../landscape/names";
import { automationNames, taskNames } from "../../../landscape/tasks";
import { administrator, assume } from "../accounts";
import { describeOnOrganization } from "./fork";

describeOnOrganization((workspaceOf) => {
  const id = (name: "security" | "logArchive" | "forensics") =>
    workspaceOf().landscape().accounts[name].id ?? "";
  const memberId = (name: string) =>
    workspaceOf()
      .landscape()
      .members.find((member) => member.name === name)?.id ?? "";

  describe("as the AWS API tells it", () => {
    it("has its accounts in their units, tagged with owner and environment", async () => {
      const organizations = new OrganizationsClient(workspaceOf().client());
      const unit = workspaceOf()
        .landscape()
        .organizationalUnits.find(({ path }) => path === "workloads/prod");
      const { Accounts } = await organizations.send(
        new ListAccountsForParentCommand({ ParentId: unit?.id ?? "" }),
      );
      expect(Accounts?.map(({ Name }) => Name)).toEqual(["payments-prod"]);
      const { Tags } = await organizations.send(
        new ListTagsForResourceCommand({ ResourceId: memberId("payments-prod") }),
      );
      expect(Tags).toEqual(
        expect.arrayContaining([
          { Key: "owner-team", Value: "payments" },
          { Key: "environment", Value: "production" },
        ]),
      );
    });

    it("has the security account as delegated administrator of Access Analyzer", async () => {
      const organizations = new OrganizationsClient(workspaceOf().client());
      const { DelegatedAdministrators } = await organizations.send(
        new ListDelegatedAdministratorsCommand({ ServicePrincipal: "access-analyzer.amazonaws.com" }),
      );
      expect(DelegatedAdministrators?.map(({ Id }) => Id)).toEqual([id("security")]);
    });

    it.each(logKinds)("locks %s: a version cannot be deleted, nor the lock bypassed", async (kind) => {
      const s3 = new S3Client(workspaceOf().client(await administrator(workspaceOf(), id("logArchive"))));
      const Bucket = bucketName(workspaceOf().landscape(), kind);
      const { ObjectLockConfiguration } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
      expect(ObjectLockConfiguration).toMatchObject({
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 365 } },
      });
      const { VersionId } = await s3.send(
        new PutObjectCommand({ Bucket, Key: "probe", Body: "x", ChecksumAlgorithm: "SHA256" }),
      );
      const version = { Bucket, Key: "probe", VersionId };
      await expect(s3.send(new DeleteObjectCommand(version))).rejects.toMatchObject({ name: "AccessDenied" });
      await expect(
        s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true })),
      ).rejects.toMatchObject({ name: "AccessDenied" });
    });

    it.each([...logKinds, "access-logs"] as const)(
      "has a policy on %s that refuses plaintext and strangers",
      async (kind) => {
        const s3 = new S3Client(workspaceOf().client(await administrator(workspaceOf(), id("logArchive"))));
        const Bucket = bucketName(workspaceOf().landscape(), kind);
        const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
        const ask = (context: Record<string, string>) =>
          simulate({
            principal: `arn:aws:iam::${id("logArchive")}:role/admin`,
            action: "s3:GetObject",
            resource: `arn:aws:s3:::${Bucket}/x`,
            account: id("logArchive"),
            context: {
              "aws:PrincipalIsAWSService": "false",
              "aws:SecureTransport": "true",
              "s3:TlsVersion": "1.3",
              ...context,
            },
            resourcePolicy: JSON.parse(Policy),
            identityPolicies: [
              { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
            ],
          });
        const own = { "aws:PrincipalOrgID": workspaceOf().landscape().organization.id ?? "" };
        expect((await ask(own)).verdict).toBe("allowed");
        expect(await ask({ ...own, "aws:SecureTransport": "false" })).toMatchObject({
          verdict: "denied",
          because: ["DenyPlaintext"],
        });
        expect(await ask({ "aws:PrincipalOrgID": "o-foreign000" })).toMatchObject({
          verdict: "denied",
          because: ["DenyStrangers"],
        });
      },
    );

    it("sends access logs of the log buckets to their own bucket", async () => {
      const s3 = new S3Client(workspaceOf().client(await administrator(workspaceOf(), id("logArchive"))));
      const landscape = workspaceOf().landscape();
      for (const kind of logKinds) {
        const { LoggingEnabled } = await s3.send(
          new GetBucketLoggingCommand({ Bucket: bucketName(landscape, kind) }),
        );
        expect(LoggingEnabled).toMatchObject({
          TargetBucket: bucketName(landscape, "access-logs"),
          TargetPrefix: `${kind}/`,
        });
      }
    });

    it("has a trail that logs every account and region, validated and encrypted", async () => {
      const cloudtrail = new CloudTrailClient(workspaceOf().client());
      const { trailList } = await cloudtrail.send(new DescribeTrailsCommand({}));
      expect(trailList).toHaveLength(1);
      expect(trailList?.[0]).toMatchObject({
        Name: "acme-ir-organization",
        IsOrganizationTrail: true,
        IsMultiRegionTrail: true,
        LogFileValidationEnabled: true,
        S3BucketName: bucketName(workspaceOf().landscape(), "cloudtrail"),
        KmsKeyId: expect.stringMatching(/^arn:aws:kms:eu-west-1:111111111111:key\//),
      });
      const Name = trailList?.[0]?.TrailARN;
      expect((await cloudtrail.send(new GetTrailStatusCommand({ Name }))).IsLogging).toBe(true);
      const { AdvancedEventSelectors } = await cloudtrail.send(
        new GetEventSelectorsCommand({ TrailName: Name }),
      );
      expect(AdvancedEventSelectors?.map((selector) => selector.Name)).toEqual([
        "management",
        "tampering-with-logs",
        "evidence",
        "custody",
        "s3-write",
      ]);
    });

    it("has the baseline in every account, management included, and in every watched region", async () => {
      const landscape = workspaceOf().landscape();
      const members = ["security", "logArchive", "forensics"].map((role) => id(role as "security"));
      for (const account of [...members, ...landscape.members.map((member) => member.id ?? "")]) {
        const keys = await administrator(workspaceOf(), account);
        await expectBaseline(account, keys);
      }
      await expectBaseline("111111111111", undefined);
    });

    async function expectSpokes(iam: IAMClient, account: string): Promise<void> {
      for (const use of [...taskNames, ...automationNames]) {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: `acme-ir-${use}` }));
        const trust = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")) as {
          Statement: Record<string, unknown>[];
        };
        expect(trust.Statement[0]).toMatchObject({
          Principal: { AWS: [`arn:aws:iam::${id("security")}:root`] },
          Condition: {
            ArnEquals: {
              "aws:PrincipalArn": `arn:aws:iam::${id("security")}:role/acme-ir/acme-ir-${use}`,
            },
            StringEquals: { "aws:PrincipalOrgID": workspaceOf().landscape().organization.id },
          },
        });
        expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
          `arn:aws:iam::${account}:policy/acme-ir/acme-ir-${use}`,
        );
      }
    }

    async function expectBaseline(
      account: string,
      keys: Awaited<ReturnType<typeof administrator>> | undefined,
    ): Promise<void> {
      const iam = new IAMClient(workspaceOf().client(keys));
      if (account !== id("security")) await expectSpokes(iam, account);
      const { InstanceProfile } = await iam.send(
        new GetInstanceProfileCommand({ InstanceProfileName: "acme-ir-quarantine" }),
      );
      expect(InstanceProfile?.Roles?.map(({ RoleName }) => RoleName)).toEqual(["acme-ir-quarantine"]);
      const PolicyArn = `arn:aws:iam::${account}:policy/acme-ir/acme-ir-quarantine-deny-all`;
      expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.PolicyName).toBe(
        "acme-ir-quarantine-deny-all",
      );
      for (const region of workspaceOf().landscape().regions) {
        const ssm = new SSMClient(workspaceOf().client(keys, region));
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/acme-ir/baseline" }));
        expect(JSON.parse(Parameter?.Value ?? "")).toEqual({
          version: regionalBaselineVersion,
          organization: workspaceOf().landscape().organization.id,
          hub: id("security"),
        });
        const { DocumentIdentifiers = [] } = await ssm.send(
          new ListDocumentsCommand({ Filters: [{ Key: "Owner", Values: ["Self"] }] }),
        );
        const names = DocumentIdentifiers.flatMap(({ Name = "" }) =>
          /-(collect|hand-in)-/.test(Name) ? [Name] : [],
        );
        expect(names.sort()).toEqual(
          collectionSteps.flatMap((step) =>
            collectionPlatforms.map((platform) =>
              collectionDocumentName(workspaceOf().landscape(), step, platform),
            ),
          ),
        );
      }
    }

    it("has the hub's roles in the hub's own account, opened by the doors and not by the hub", async () => {
      const iam = new IAMClient(workspaceOf().client(await administrator(workspaceOf(), id("security"))));
      for (const task of taskNames) {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: `acme-ir-${task}` }));
        const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
        expect(trust).toContain("AWSReservedSSO_ir-");
        expect(trust).toContain(`arn:aws:iam::${id("forensics")}:user/acme-ir/emergency-1`);
        expect(trust).not.toContain("HubResponders");
      }
    });

    it("has guardrails attached, the seal staged, and the cuts' policy in force", async () => {
      const organizations = new OrganizationsClient(workspaceOf().client());
      const names = async (TargetId: string, Filter: "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY") =>
        (
          (await organizations.send(new ListPoliciesForTargetCommand({ TargetId, Filter }))).Policies ?? []
        ).map(({ Name }) => Name);
      const root = workspaceOf().landscape().organization.rootId ?? "";
      expect(await names(root, "SERVICE_CONTROL_POLICY")).toEqual(
        expect.arrayContaining(["acme-ir-protect-kit", "acme-ir-protect-security", "acme-ir-cut"]),
      );
      expect(await names(id("logArchive"), "RESOURCE_CONTROL_POLICY")).toContain("acme-ir-kit-data");
      expect(await names(id("security"), "SERVICE_CONTROL_POLICY")).not.toContain("acme-ir-seal-account");
    });

    it("lets the hub's automation, and nobody else, into a member", async () => {
      const spoke = `arn:aws:iam::${memberId("payments-prod")}:role/acme-ir/acme-ir-auto-logging`;
      const denied = { name: "AccessDenied" };
      await expect(assume(workspaceOf(), spoke)).rejects.toMatchObject(denied);
      await expect(
        assume(workspaceOf(), spoke, {}, await administrator(workspaceOf(), id("security"))),
      ).rejects.toMatchObject(denied);
      await expect(
        assume(workspaceOf(), spoke, {}, await administrator(workspaceOf(), memberId("playground"))),
      ).rejects.toMatchObject(denied);
    });
  });
});
