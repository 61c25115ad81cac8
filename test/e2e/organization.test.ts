import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
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
import { regionalBaselineVersion } from "../../baseline/regional";
import { simulate } from "../../cli/access/simulate";
import type { Run } from "../../cli/terraform";
import {
  bucketName,
  collectionDocumentName,
  collectionPlatforms,
  collectionSteps,
  logKinds,
} from "../../landscape/names";
import { automationNames, taskNames } from "../../landscape/tasks";
import { type Review, review } from "../../review";
import { resourceCounts } from "../local-aws/cdktf";
import { withoutIds } from "../local-aws/local-landscape";
import { exampleWith } from "../support/landscapes";
import { repository } from "../support/repository";
import { describeWithTerraform } from "../support/with-tools";
import { administrator, assume } from "./accounts";
import { testAnalysis } from "./analysis";
import { testCustody } from "./custody";
import { testDetection } from "./detection";
import { ForeignEntries } from "./foreign-entries";
import { applyMutations, mutations } from "./mutations";
import { testPreservation } from "./preserve";
import { testRehoming } from "./rehoming";
import { testResponders } from "./responders";
import { testResponse } from "./response";
import { testSweep } from "./sweep";
import { inPairs, Workspace } from "./workspace";

const minutes = 60_000;

/** One organization from nothing to its end. The tests build on each other, in this order. */
describeWithTerraform("an organization on the local AWS", () => {
  let workspace: Workspace;
  let foreign: ForeignEntries;

  beforeAll(async () => {
    // A second region of forensics is deployed as the first, by the same code.
    const text = exampleWith(["forensics:\n  evidence:", "forensics:\n  regions: [eu-west-1]\n  evidence:"]);
    workspace = await Workspace.create(withoutIds(text, "state"));
    foreign = await ForeignEntries.plant(workspace);
  }, minutes);

  afterAll(() => workspace.close());

  const planFile = (stack: string) => path.join(workspace.directory, `${stack}.json`);
  const id = (name: "security" | "logArchive" | "forensics") => workspace.landscape().accounts[name].id ?? "";
  const memberId = (name: string) =>
    workspace.landscape().members.find((member) => member.name === name)?.id ?? "";

  describe("bootstrap", () => {
    it(
      "refuses to change anything unasked",
      async () => {
        const before = readFileSync(workspace.landscapeFile, "utf8");
        const { exitCode, output } = await workspace.irKit("bootstrap");
        expect(output).toContain("--yes confirms it in a script");
        expect(exitCode).toBe(2);
        expect(readFileSync(workspace.landscapeFile, "utf8")).toBe(before);
      },
      minutes,
    );

    it(
      "makes units and accounts and writes their ids, comments kept",
      async () => {
        const before = readFileSync(workspace.landscapeFile, "utf8");
        const { exitCode, stdout, output } = await workspace.irKit("bootstrap", "--yes", "--json");
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        const result = JSON.parse(stdout) as { written: string[]; omitted: string[]; stacks: string[] };
        expect(result.written).toEqual(
          expect.arrayContaining([
            "organization.id",
            "organization.rootId",
            "organization.cutPolicyId",
            "accounts.security.id",
            "members.0.id",
            "organizationalUnits.0.id",
          ]),
        );
        expect(result.omitted).toEqual([]);

        const after = readFileSync(workspace.landscapeFile, "utf8");
        const comments = (text: string) => text.match(/#.*$/gm);
        expect(comments(after)).toEqual(comments(before));
        expect(
          after.replace(/\n? *,? ?(id|rootId|cutPolicyId|create): ("[^"]+"|true)/g, "").replace(/\s/g, ""),
        ).toBe(
          before.replace(/\n? *,? ?(id|rootId|cutPolicyId|create): ("[^"]+"|true)/g, "").replace(/\s/g, ""),
        );
      },
      minutes,
    );

    it("references a unit that somebody else made, and keeps those it made itself", () => {
      const units = workspace.landscape().organizationalUnits;
      expect(units.map(({ path, created }) => [path, created])).toEqual([
        ["security", true],
        ["workloads", true],
        ["workloads/prod", true],
        ["workloads/dev", true],
        ["sandbox", false],
      ]);
    });

    it(
      "has nothing left to do when it is run again",
      async () => {
        const { exitCode, stdout } = await workspace.irKit("bootstrap", "--yes", "--json");
        expect(exitCode).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ additions: [], written: [] });
      },
      minutes,
    );

    it("leaves every foreign entry as it is", async () => {
      expect(await foreign.read()).toEqual(foreign.expected());
    });
  });

  it(
    "can be planned whole before any other stack is applied",
    async () => {
      const { exitCode, output } = await workspace.synth();
      expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
      const plans = await inPairs(workspace.stackNames(), async (name) => {
        const terraform = workspace.terraform(name);
        await terraform.init();
        const plan = await terraform.plan("-out=reviewed.tfplan");
        writeFileSync(planFile(name), await terraform.show("reviewed.tfplan"));
        return plan;
      });
      for (const [name, plan] of plans) {
        // 2 says that there is something to make; the organization stack was made by bootstrap.
        expect([name, plan.exitCode, plan.exitCode === 1 ? plan.output : ""]).toEqual([
          name,
          name === "organization" ? 0 : 2,
          "",
        ]);
      }
    },
    10 * minutes,
  );

  it("is judged by its plans as by its stacks, by every rule", async () => {
    const rules = { ownRules: path.join(repository, "policies", "rules"), today: "2026-12-01" };
    const stacks = await review({ synthesized: path.join(workspace.directory, "cdktf.out"), ...rules });
    const planned = await review({ plans: workspace.stackNames().map(planFile), ...rules });
    const said = ({ evaluations }: Review) =>
      new Map(
        evaluations.map(({ rule, resource, verdict, messages }) => [
          `${rule.id} ${resource?.id ?? "the deployment"}`,
          [verdict, ...messages],
        ]),
      );
    const [bySynthesis, byPlan] = [said(stacks), said(planned)];
    const differing = [...new Set([...bySynthesis.keys(), ...byPlan.keys()])].flatMap((key) => {
      const [synthesized, found] = [bySynthesis.get(key), byPlan.get(key)];
      return JSON.stringify(synthesized) === JSON.stringify(found) ? [] : [{ key, synthesized, found }];
    });
    // A plan knows more: what the stacks leave open, it may tell.
    expect(differing.filter(({ synthesized }) => synthesized?.[0] !== "cannot-tell")).toEqual([]);
    expect(differing.length).toBeLessThan(10);
    expect(byPlan.size).toBeGreaterThan(500);
  });

  it(
    "is deployed by cdktf",
    async () => {
      const result = await workspace.deploy("*");
      expect({ exitCode: result.exitCode, output: result.exitCode === 0 ? "" : result.output }).toEqual({
        exitCode: 0,
        output: "",
      });
      expect(resourceCounts(result)).toEqual({ added: 448, changed: 0, destroyed: 0 });
    },
    20 * minutes,
  );

  describe("as the AWS API tells it", () => {
    it("has its accounts in their units, tagged with owner and environment", async () => {
      const organizations = new OrganizationsClient(workspace.client());
      const unit = workspace.landscape().organizationalUnits.find(({ path }) => path === "workloads/prod");
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
      const organizations = new OrganizationsClient(workspace.client());
      const { DelegatedAdministrators } = await organizations.send(
        new ListDelegatedAdministratorsCommand({ ServicePrincipal: "access-analyzer.amazonaws.com" }),
      );
      expect(DelegatedAdministrators?.map(({ Id }) => Id)).toEqual([id("security")]);
    });

    it.each(logKinds)("locks %s: a version cannot be deleted, nor the lock bypassed", async (kind) => {
      const s3 = new S3Client(workspace.client(await administrator(workspace, id("logArchive"))));
      const Bucket = bucketName(workspace.landscape(), kind);
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
        const s3 = new S3Client(workspace.client(await administrator(workspace, id("logArchive"))));
        const Bucket = bucketName(workspace.landscape(), kind);
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
        const own = { "aws:PrincipalOrgID": workspace.landscape().organization.id ?? "" };
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
      const s3 = new S3Client(workspace.client(await administrator(workspace, id("logArchive"))));
      const landscape = workspace.landscape();
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
      const cloudtrail = new CloudTrailClient(workspace.client());
      const { trailList } = await cloudtrail.send(new DescribeTrailsCommand({}));
      expect(trailList).toHaveLength(1);
      expect(trailList?.[0]).toMatchObject({
        Name: "acme-ir-organization",
        IsOrganizationTrail: true,
        IsMultiRegionTrail: true,
        LogFileValidationEnabled: true,
        S3BucketName: bucketName(workspace.landscape(), "cloudtrail"),
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
      const landscape = workspace.landscape();
      const members = ["security", "logArchive", "forensics"].map((role) => id(role as "security"));
      for (const account of [...members, ...landscape.members.map((member) => member.id ?? "")]) {
        const keys = await administrator(workspace, account);
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
            StringEquals: { "aws:PrincipalOrgID": workspace.landscape().organization.id },
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
      const iam = new IAMClient(workspace.client(keys));
      if (account !== id("security")) await expectSpokes(iam, account);
      const { InstanceProfile } = await iam.send(
        new GetInstanceProfileCommand({ InstanceProfileName: "acme-ir-quarantine" }),
      );
      expect(InstanceProfile?.Roles?.map(({ RoleName }) => RoleName)).toEqual(["acme-ir-quarantine"]);
      const PolicyArn = `arn:aws:iam::${account}:policy/acme-ir/acme-ir-quarantine-deny-all`;
      expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.PolicyName).toBe(
        "acme-ir-quarantine-deny-all",
      );
      for (const region of workspace.landscape().regions) {
        const ssm = new SSMClient(workspace.client(keys, region));
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/acme-ir/baseline" }));
        expect(JSON.parse(Parameter?.Value ?? "")).toEqual({
          version: regionalBaselineVersion,
          organization: workspace.landscape().organization.id,
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
              collectionDocumentName(workspace.landscape(), step, platform),
            ),
          ),
        );
      }
    }

    it("has the hub's roles in the hub's own account, opened by the doors and not by the hub", async () => {
      const iam = new IAMClient(workspace.client(await administrator(workspace, id("security"))));
      for (const task of taskNames) {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: `acme-ir-${task}` }));
        const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
        expect(trust).toContain("AWSReservedSSO_ir-");
        expect(trust).toContain(`arn:aws:iam::${id("forensics")}:user/acme-ir/emergency-1`);
        expect(trust).not.toContain("HubResponders");
      }
    });

    it("has guardrails attached, the seal staged, and the cuts' policy in force", async () => {
      const organizations = new OrganizationsClient(workspace.client());
      const names = async (TargetId: string, Filter: "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY") =>
        (
          (await organizations.send(new ListPoliciesForTargetCommand({ TargetId, Filter }))).Policies ?? []
        ).map(({ Name }) => Name);
      const root = workspace.landscape().organization.rootId ?? "";
      expect(await names(root, "SERVICE_CONTROL_POLICY")).toEqual(
        expect.arrayContaining(["acme-ir-protect-kit", "acme-ir-protect-security", "acme-ir-cut"]),
      );
      expect(await names(id("logArchive"), "RESOURCE_CONTROL_POLICY")).toContain("acme-ir-kit-data");
      expect(await names(id("security"), "SERVICE_CONTROL_POLICY")).not.toContain("acme-ir-seal-account");
    });

    it("lets the hub's automation, and nobody else, into a member", async () => {
      const spoke = `arn:aws:iam::${memberId("payments-prod")}:role/acme-ir/acme-ir-auto-logging`;
      const denied = { name: "AccessDenied" };
      await expect(assume(workspace, spoke)).rejects.toMatchObject(denied);
      await expect(
        assume(workspace, spoke, {}, await administrator(workspace, id("security"))),
      ).rejects.toMatchObject(denied);
      await expect(
        assume(workspace, spoke, {}, await administrator(workspace, memberId("playground"))),
      ).rejects.toMatchObject(denied);
    });
  });

  testDetection(() => workspace);

  testResponders(() => workspace);

  testResponse(() => workspace);

  testSweep(() => workspace);

  testCustody(() => workspace);

  testPreservation(() => workspace);

  testAnalysis(() => workspace, "CASE-9");

  it(
    "shows no change in a second plan of any stack",
    async () => {
      const plans = await inPairs(workspace.stackNames(), (name) => workspace.terraform(name).plan());
      for (const [name, { exitCode, output }] of plans) {
        expect([name, exitCode, exitCode === 0 ? "" : output]).toEqual([name, 0, ""]);
      }
    },
    10 * minutes,
  );

  it(
    "is applied by terraform alone, without cdktf",
    async () => {
      const terraform = workspace.terraform("baseline-management-us-east-1");
      expect((await terraform.destroy()).exitCode).toBe(0);
      const cloudformation = new CloudFormationClient(workspace.client(undefined, "us-east-1"));
      const describe = () =>
        cloudformation.send(new DescribeStacksCommand({ StackName: "acme-ir-baseline-regional" }));
      await expect(describe()).rejects.toThrow("does not exist");
      await terraform.apply();
      expect((await describe()).Stacks?.[0]?.StackStatus).toBe("CREATE_COMPLETE");
    },
    2 * minutes,
  );

  describe("the strict front refuses a kit that", () => {
    let results: ReadonlyMap<string, Run | Error>;

    beforeAll(async () => {
      results = await applyMutations(workspace);
    }, 15 * minutes);

    it.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
      "%s",
      (name, { error, refusal }) => {
        const result = results.get(name);
        if (result instanceof Error) throw result;
        // Terraform breaks long lines of an error, and draws a border before each.
        expect(result?.output.replace(/[\s│]+/g, " ")).toContain(error);
        expect(result?.exitCode).toBe(1);
        expect(workspace.front.counts().refusals[refusal]).toBeGreaterThan(0);
      },
    );

    it(
      "stands again after an apply, and then shows no change",
      async () => {
        const names = [...new Set(mutations.map(({ stack }) => stack))];
        // A mistake that replaces something takes the right one away before AWS refuses the wrong one.
        await inPairs(names, (name) => workspace.terraform(name).apply());
        const plans = await inPairs(names, (name) => workspace.terraform(name).plan());
        for (const [name, { exitCode, output }] of plans) {
          expect([name, exitCode, exitCode === 0 ? "" : output]).toEqual([name, 0, ""]);
        }
      },
      10 * minutes,
    );
  });

  testRehoming(() => workspace);

  describe("destroy", () => {
    const kept = new Map([
      ["trail", "aws_kms_key"],
      ["log-archive", "aws_s3_bucket"],
      ["cases", "aws_dynamodb_table"],
      ["evidence-eu-west-1", "aws_s3_bucket"],
      ["custody", "aws_kms_key"],
      ["organization", "aws_organizations_account"],
    ]);

    it(
      "removes all but what is kept, guardrails first",
      async () => {
        const removable = workspace.stackNames().filter((name) => !kept.has(name));
        const { exitCode, output } = await workspace.destroy(...removable);
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        const iam = new IAMClient(
          workspace.client(await administrator(workspace, memberId("payments-prod"))),
        );
        await expect(
          iam.send(new GetRoleCommand({ RoleName: "acme-ir-auto-logging" })),
        ).rejects.toMatchObject({
          name: "NoSuchEntityException",
        });
      },
      10 * minutes,
    );

    it(
      "keeps what evidence rests on, and says so before it touches anything",
      async () => {
        const attempts = await inPairs([...kept.keys()], async (name) => {
          const terraform = workspace.terraform(name);
          const before = await terraform.resources();
          const { exitCode, output } = await terraform.destroy();
          const untouched = { resources: before, exitCode: 0 };
          const found = {
            resources: await terraform.resources(),
            exitCode: (await terraform.plan()).exitCode,
          };
          return { exitCode, output, found, untouched };
        });
        for (const [name, { exitCode, output, found, untouched }] of attempts) {
          expect([name, exitCode, output]).toEqual([
            name,
            1,
            expect.stringContaining("Instance cannot be destroyed"),
          ]);
          expect(output).toContain(kept.get(name));
          expect([name, found]).toEqual([name, untouched]);
        }
      },
      10 * minutes,
    );

    it("leaves every foreign entry as it was", async () => {
      expect(await foreign.read()).toEqual(foreign.expected());
      expect(existsSync(workspace.landscapeFile)).toBe(true);
    });
  });

  it("needed nothing that neither emulator nor front could answer", () => {
    expect(workspace.front.counts().unanswered).toEqual({});
  });
});
