import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  CreateStackCommand,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackCommand,
  DeleteStackInstancesCommand,
  DescribeStackSetOperationCommand,
  ListStackInstancesCommand,
  ListStackSetOperationResultsCommand,
  UpdateStackCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
} from "@aws-sdk/client-config-service";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { recorderBaseline } from "../../baseline/recorder";
import { regionalBaseline } from "../../baseline/regional";
import type { Template } from "../../baseline/template";
import type { Landscape } from "../../landscape";
import { bucketName } from "../../landscape/names";
import { bucketPolicy } from "../../policies/logs";
import { exampleLandscape } from "../support/landscapes";
import { describeWithEmulator } from "../support/with-tools";
import { assumeRole, clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

const region = "eu-west-1";

/** What AWS does with a recorder in an account that has one, and with one that may not deliver. */
describeWithEmulator("a recorder of Config on the local AWS", () => {
  let front: Front;
  let unit = "";
  let landscape: Landscape;
  const ids: Record<string, string> = {};

  const settingsIn = async (account: string) =>
    clientSettings(
      front,
      await assumeRole(
        new STSClient(clientSettings(front)),
        `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
      ),
    );

  const id = (name: string) => ids[name] ?? "";

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    const organizations = new OrganizationsClient(clientSettings(front));
    const { Organization } = await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const root = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? "";
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({ ParentId: root, Name: "workloads" }),
    );
    unit = OrganizationalUnit?.Id ?? "";
    for (const name of ["hub", "archive", "free", "taken"]) {
      const { CreateAccountStatus } = await organizations.send(
        new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
      );
      ids[name] = CreateAccountStatus?.AccountId ?? "";
      if (name === "hub" || name === "archive") continue;
      await organizations.send(
        new MoveAccountCommand({ AccountId: id(name), SourceParentId: root, DestinationParentId: unit }),
      );
    }
    landscape = exampleLandscape(
      ["222222222222", id("hub")],
      ["333333333333", id("archive")],
      ["o-a1b2c3d4e5", Organization?.Id ?? ""],
    );
    const s3 = new S3Client(await settingsIn(id("archive")));
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucketName(landscape, "config-history"),
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    await permit((text) => text);
    await new ConfigServiceClient(await settingsIn(id("taken"))).send(
      new PutConfigurationRecorderCommand({
        ConfigurationRecorder: {
          name: "somebody-elses",
          roleARN: `arn:aws:iam::${id("taken")}:role/OrganizationAccountAccessRole`,
        },
      }),
    );
    await new CloudFormationClient(clientSettings(front)).send(new ActivateOrganizationsAccessCommand({}));
  }, 120_000);

  afterAll(() => front.stop());

  const permit = async (change: (policy: string) => string) =>
    new S3Client(await settingsIn(id("archive"))).send(
      new PutBucketPolicyCommand({
        Bucket: bucketName(landscape, "config-history"),
        Policy: change(JSON.stringify(bucketPolicy(landscape, "config-history"))),
      }),
    );

  const withoutAcl = (text: string) => {
    const changed = text.replaceAll(',"s3:PutObjectAcl"', "");
    expect(changed).not.toBe(text);
    return changed;
  };

  const parameters = () => [{ ParameterKey: "HubAccountId", ParameterValue: id("hub") }];

  /** Deploys a template to the unit, and tells of the operation and of each account. */
  async function deployed(name: string, template: string, tolerance: number) {
    const cloudformation = new CloudFormationClient(clientSettings(front));
    await cloudformation.send(
      new CreateStackSetCommand({
        StackSetName: name,
        TemplateBody: template,
        Parameters: parameters(),
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        PermissionModel: "SERVICE_MANAGED",
        AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true },
      }),
    );
    return instancesMade(name, tolerance);
  }

  async function instancesMade(name: string, tolerance: number) {
    const cloudformation = new CloudFormationClient(clientSettings(front));
    const { OperationId } = await cloudformation.send(
      new CreateStackInstancesCommand({
        StackSetName: name,
        DeploymentTargets: { OrganizationalUnitIds: [unit] },
        Regions: [region],
        OperationPreferences: { FailureTolerancePercentage: tolerance },
      }),
    );
    const operation = { StackSetName: name, OperationId };
    const { StackSetOperation } = await cloudformation.send(new DescribeStackSetOperationCommand(operation));
    const { Summaries: results = [] } = await cloudformation.send(
      new ListStackSetOperationResultsCommand(operation),
    );
    const { Summaries = [] } = await cloudformation.send(
      new ListStackInstancesCommand({ StackSetName: name, StackInstanceRegion: region }),
    );
    const status = (account: string) => Summaries.find(({ Account }) => Account === id(account))?.Status;
    return {
      operation: StackSetOperation?.Status,
      free: status("free"),
      taken: status("taken"),
      reasons: results.flatMap(({ StatusReason }) => (StatusReason === undefined ? [] : [StatusReason])),
    };
  }

  const alarmsIn = async (account: string): Promise<number> => {
    const events = new EventBridgeClient(await settingsIn(id(account)));
    return ((await events.send(new ListRulesCommand({ NamePrefix: "acme-ir-alarms-" }))).Rules ?? []).length;
  };

  const together = (): Template => {
    const [regional, recorder] = [regionalBaseline(landscape), recorderBaseline(landscape)];
    return {
      ...regional,
      ...(recorder.Conditions && { Conditions: recorder.Conditions }),
      Resources: { ...regional.Resources, ...recorder.Resources },
    };
  };

  it("takes alarms with it where both stand in one template, which nobody deploys any more", async () => {
    const found = await deployed("together", JSON.stringify(together()), 100);
    expect(found).toMatchObject({ operation: "SUCCEEDED", free: "CURRENT", taken: "OUTDATED" });
    expect(await alarmsIn("taken")).toBe(0);
    await new CloudFormationClient(clientSettings(front)).send(
      new DeleteStackInstancesCommand({
        StackSetName: "together",
        DeploymentTargets: { OrganizationalUnitIds: [unit] },
        Regions: [region],
        RetainStacks: false,
      }),
    );
    expect(await alarmsIn("free")).toBe(0);
  }, 60_000);

  it("fails by itself in an account that has one, and alarms are forwarded there all the same", async () => {
    const regional = await deployed("regional", JSON.stringify(regionalBaseline(landscape)), 100);
    expect(regional).toMatchObject({
      operation: "SUCCEEDED",
      free: "CURRENT",
      taken: "CURRENT",
      reasons: [],
    });
    const recorder = await deployed("recorder", JSON.stringify(recorderBaseline(landscape)), 100);
    expect(recorder).toEqual({
      operation: "SUCCEEDED",
      free: "CURRENT",
      taken: "OUTDATED",
      reasons: [expect.stringContaining("maximum number of configuration recorders: 1 is reached")],
    });
    expect(await alarmsIn("taken")).toBeGreaterThanOrEqual(5);
    expect(await alarmsIn("free")).toBe(await alarmsIn("taken"));
  }, 60_000);

  it("is not made again where it stands, and fails the operation where no failure is tolerated", async () => {
    const again = await instancesMade("recorder", 0);
    expect(again).toMatchObject({ operation: "FAILED", free: "CURRENT", taken: "OUTDATED" });
    expect(again.reasons).toHaveLength(1);
  }, 60_000);

  it.each([
    ["the role", withoutAcl, (text: string) => text],
    ["the bucket's policy", (text: string) => text, withoutAcl],
  ])(
    "is refused where %s lacks PutObjectAcl",
    async (_, ofTemplate, ofBucket) => {
      await permit(ofBucket);
      const template = ofTemplate(JSON.stringify(recorderBaseline(landscape)));
      const stack = {
        Parameters: parameters(),
        Capabilities: ["CAPABILITY_NAMED_IAM" as const],
        TemplateBody: template,
      };
      await expect(
        new CloudFormationClient(clientSettings(front)).send(
          new CreateStackCommand({ StackName: "acme-ir-baseline-recorder", ...stack }),
        ),
      ).rejects.toMatchObject({
        name: "InsufficientDeliveryPolicyException",
        message: expect.stringContaining("unable to write to bucket, provided s3 key prefix is 'null'"),
      });
      await permit((text) => text);
    },
    60_000,
  );

  it("is not in the way of its own stack, whose update is judged again, by the stack's name or its id", async () => {
    const cloudformation = new CloudFormationClient(clientSettings(front));
    const stack = (TemplateBody: string) => ({
      Parameters: parameters(),
      Capabilities: ["CAPABILITY_NAMED_IAM" as const],
      TemplateBody,
    });
    const right = JSON.stringify(recorderBaseline(landscape));
    const StackName = "acme-ir-own-recorder";
    const { StackId } = await cloudformation.send(new CreateStackCommand({ StackName, ...stack(right) }));
    for (const name of [StackName, StackId]) {
      const update = (text: string) =>
        cloudformation.send(new UpdateStackCommand({ StackName: name, ...stack(text) }));
      await expect(update(withoutAcl(right))).rejects.toMatchObject({
        name: "InsufficientDeliveryPolicyException",
      });
      await expect(update(right)).rejects.toThrow("No updates are to be performed");
    }
    await cloudformation.send(new DeleteStackCommand({ StackName: StackId }));
  }, 60_000);

  it("is updated in every region of its StackSet, which its template asks for", async () => {
    const cloudformation = new CloudFormationClient(clientSettings(front));
    const TemplateBody = JSON.stringify(recorderBaseline(landscape));
    await expect(
      cloudformation.send(
        new UpdateStackSetCommand({
          StackSetName: "recorder",
          TemplateBody,
          Parameters: parameters(),
          Capabilities: ["CAPABILITY_NAMED_IAM"],
        }),
      ),
    ).resolves.toBeDefined();
  }, 60_000);

  it("gets no channel by Config's own API either", async () => {
    const config = new ConfigServiceClient(await settingsIn(id("taken")));
    await expect(
      config.send(
        new PutDeliveryChannelCommand({
          DeliveryChannel: { name: "somebody-elses", s3BucketName: bucketName(landscape, "config-history") },
        }),
      ),
    ).rejects.toMatchObject({ name: "InsufficientDeliveryPolicyException" });
  }, 60_000);

  it("stays where its instance is taken out of the StackSet and its stack retained", async () => {
    const cloudformation = new CloudFormationClient(clientSettings(front));
    await cloudformation.send(
      new DeleteStackInstancesCommand({
        StackSetName: "regional",
        DeploymentTargets: { OrganizationalUnitIds: [unit] },
        Regions: [region],
        RetainStacks: true,
      }),
    );
    const { Summaries } = await cloudformation.send(
      new ListStackInstancesCommand({ StackSetName: "regional" }),
    );
    expect(Summaries).toEqual([]);
    expect(await alarmsIn("free")).toBeGreaterThanOrEqual(5);
  }, 60_000);
});
