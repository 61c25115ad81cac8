import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AthenaClient, CreateWorkGroupCommand } from "@aws-sdk/client-athena";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AuthorizeSecurityGroupIngressCommand,
  DeleteVolumeCommand,
  EC2Client,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateDatabaseCommand, GlueClient } from "@aws-sdk/client-glue";
import { AttachUserPolicyCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  bucketName,
  investigationWorkgroupName,
  logDatabaseName,
  signingKeyAliasName,
  sweepName,
} from "../../landscape/names";
import { type TaskName, taskNames } from "../../landscape/tasks";
import { signingKeyPolicy } from "../../policies/evidence/keys";
import { tasks } from "../../policies/tasks";
import type { Keys } from "../local-aws/clients";
import type { FrontOptions } from "../local-aws/front";
import { repository } from "../support/repository";
import { describeWithEmulator } from "../support/with-tools";
import { walkthroughs } from "./walkthroughs";
import { setForensicStage } from "./walkthroughs/forensic-stage";
import { EmulatedOrganization } from "./walkthroughs/organization";
import { distinct, implied, type Needed, normalizer } from "./walkthroughs/recording";
import { setStage } from "./walkthroughs/stage";
import type { Resources } from "./walkthroughs/walkthrough";

const recordFile = path.join(repository, "test", "proofs", "needed.json");

describeWithEmulator("what responders need", () => {
  let organization: EmulatedOrganization;
  let resources: Resources;
  const needs: Needed[] = [];
  let running: { task: string; title: string; where: Needed["where"] } | undefined;

  beforeAll(async () => {
    const record: NonNullable<FrontOptions["authorized"]> = (caller, requests) => {
      const { account, principalArn, session } = caller;
      if (!running) return;
      const { task, title, where } = running;
      // What a function of the kit needs, which a walkthrough calls, is its own role's.
      if (!principalArn.endsWith(`-${task}`)) return;
      const { landscape } = organization;
      for (const request of requests.flatMap((one) => [one, ...implied(landscape, account, one)])) {
        // Whose a session is, its own name says.
        const own = request.resource.includes(":session/") && { "aws:userid": session?.userId ?? "" };
        needs.push({
          task,
          walkthrough: title,
          where,
          ...request,
          context: { ...request.context, ...own },
        });
      }
    };
    organization = await EmulatedOrganization.create(record, async (before) => {
      resources = await setStage(before, await before.administrator("payments-prod"));
      await setCentralStage(before);
    });
  });

  afterAll(() => organization.close());

  it("is shown by at least four walkthroughs a task", () => {
    for (const task of taskNames) {
      expect(walkthroughs.filter((one) => one.task === task).length).toBeGreaterThanOrEqual(4);
    }
  });

  it.each(walkthroughs.map((one) => [`${one.task}: ${one.title}`, one] as const))(
    "works with the task's credentials alone, from the door on: %s",
    async (_, { task, title, account, steps }) => {
      const keys: Keys = await organization.session(task, account);
      running = { task, title, where: whereOf(account) };
      try {
        await steps(organization.client(keys), {
          organization,
          keys,
          account: organization.idOf(account),
          forensics: organization.idOf("forensics"),
          resources,
        });
      } finally {
        running = undefined;
      }
    },
  );

  it("is all that works: what the task does not need, the same credentials are refused", async () => {
    const refused = expect.objectContaining({
      name: expect.stringMatching(/^(UnauthorizedOperation|AccessDenied)$/),
      message: expect.stringContaining("is not authorized to perform"),
    });
    const as = async (task: TaskName) =>
      organization.client(await organization.session(task, "payments-prod"));
    const ec2 = new EC2Client(await as("contain"));
    const { instance, workloadGroup, user } = resources;
    await expect(ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }))).rejects.toEqual(
      refused,
    );
    await expect(
      ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: workloadGroup, CidrIp: "0.0.0.0/0" })),
    ).rejects.toEqual(refused);
    const evidence = new EC2Client(await as("evidence"));
    await expect(evidence.send(new DeleteVolumeCommand({ VolumeId: resources.volume }))).rejects.toEqual(
      refused,
    );
    const iam = new IAMClient(await as("credentials"));
    const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    await expect(
      iam.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn: administrator })),
    ).rejects.toEqual(refused);
    await expect(
      iam.send(new PutUserPolicyCommand({ UserName: user, PolicyName: "x", PolicyDocument: "{}" })),
    ).rejects.toEqual(refused);
  });

  it("is recorded, so that the other proofs start from what was needed and not from a list", () => {
    const recorded = distinct(needs.map(normalizer(organization.landscape)));
    if (process.env.UPDATE_NEEDED || !existsSync(recordFile)) {
      writeFileSync(recordFile, `[\n${recorded.map((need) => `  ${JSON.stringify(need)}`).join(",\n")}\n]\n`);
    }
    expect(recorded).toEqual(JSON.parse(readFileSync(recordFile, "utf8")));
  });

  it("is reported against what is permitted: actions that no walkthrough used", () => {
    const unused = taskNames.map((task) => {
      const used = new Set(needs.filter((need) => need.task === task).map(({ action }) => action));
      const place = { landscape: organization.landscape, account: "555555555555" };
      const permitted = [
        ...tasks[task].inMember(place),
        ...(tasks[task].inForensics?.(place) ?? []),
        ...(tasks[task].inHub?.({ ...place, account: "222222222222" }) ?? []),
      ].filter(({ effect }) => effect === undefined);
      const actions = [...new Set(permitted.flatMap((permission) => permission.actions))];
      return { task, total: actions.length, unused: actions.filter((action) => !used.has(action)) };
    });
    for (const { task, total, unused: names } of unused) {
      process.stdout.write(
        `never used, ${task}: ${names.length} of ${total} actions${names.length ? `: ${names.join(", ")}` : ""}\n`,
      );
    }
    const share = unused.reduce((sum, { unused: names }) => sum + names.length, 0);
    expect(share).toBeLessThan(unused.reduce((sum, { total }) => sum + total, 0) / 4);
  });

  it("needed nothing that neither emulator nor front could judge", () => {
    // Five of the test above; three by which it is shown who may not tag.
    expect(organization.front.counts().refusals["iam-authorization"]).toBe(8);
  });
});

/** What later stacks make in the hub's account and in the log archive. */
const whereOf = (account: string): Needed["where"] =>
  account === "security" ? "hub" : account === "forensics" ? "forensics" : "member";

async function setCentralStage(organization: EmulatedOrganization): Promise<void> {
  const { landscape } = organization;
  const inHub = organization.client(await organization.administrator("security"));
  await new AthenaClient(inHub).send(
    new CreateWorkGroupCommand({ Name: investigationWorkgroupName(landscape) }),
  );
  await new GlueClient(inHub).send(
    new CreateDatabaseCommand({ DatabaseInput: { Name: logDatabaseName(landscape) } }),
  );
  const region = { CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } } as const;
  const s3 = async (account: string) =>
    new S3Client({ ...organization.client(await organization.administrator(account)), forcePathStyle: true });
  const archive = await s3("log-archive");
  const trail = bucketName(landscape, "cloudtrail");
  await archive.send(new CreateBucketCommand({ Bucket: trail, ...region }));
  await archive.send(new PutObjectCommand({ Bucket: trail, Key: "AWSLogs/one.json", Body: "{}" }));
  await (await s3("security")).send(
    new CreateBucketCommand({ Bucket: bucketName(landscape, "query-results"), ...region }),
  );
  await new DynamoDBClient(inHub).send(
    new CreateTableCommand({
      TableName: sweepName(landscape),
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "account", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "account", AttributeType: "S" }],
    }),
  );
  await setForensicStage(organization);
  await (await s3("forensics")).send(
    new CreateBucketCommand({ Bucket: bucketName(landscape, "evidence"), ...region }),
  );
  const kms = new KMSClient(organization.client(await organization.administrator("forensics")));
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({
      KeyUsage: "SIGN_VERIFY",
      KeySpec: "ECC_NIST_P256",
      Policy: JSON.stringify(signingKeyPolicy(landscape)),
    }),
  );
  await kms.send(
    new CreateAliasCommand({ AliasName: signingKeyAliasName(landscape), TargetKeyId: KeyMetadata?.KeyId }),
  );
}
