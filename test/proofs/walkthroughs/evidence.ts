import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  DescribeInstancesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  GetConsoleOutputCommand,
  GetConsoleScreenshotCommand,
  ModifySnapshotAttributeCommand,
} from "@aws-sdk/client-ec2";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { custodyFunctionArn, forensicAliasArn } from "../../../landscape/evidence-arns";
import { manifestsOf, piecesOf } from "../../../landscape/evidence-prefixes";
import { bucketName, custodyName, evidenceKeyAliasName, signingKeyAliasName } from "../../../landscape/names";
import { keepVolume, protectFromTermination, stopOnShutdown } from "../../../runtime/changes/keep-instance";
import { machinesOf } from "../../../runtime/shared/machines";
import { readFacts, readTargets, volumesOf } from "../../../runtime/steps/preserve-instance/facts";
import { caseId } from "./organization";
import { clientsOf, orNone, unsupported, type Walkthrough } from "./walkthrough";

const ofTheCase = [{ ResourceType: "snapshot" as const, Tags: [{ Key: "ir:case", Value: caseId }] }];

const where = { task: "evidence", account: "payments-prod" } as const;

const disk: Walkthrough = {
  ...where,
  title: "snapshot a machine's disks and share them with the forensics account",
  steps: async (settings, { resources, forensics }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new DescribeInstancesCommand({ InstanceIds: [resources.instance] }));
    await ec2.send(new DescribeVolumesCommand({}));
    const { SnapshotId } = await ec2.send(
      new CreateSnapshotCommand({
        VolumeId: resources.volume,
        TagSpecifications: ofTheCase,
      }),
    );
    await ec2.send(
      new CreateSnapshotsCommand({
        InstanceSpecification: { InstanceId: resources.instance },
        TagSpecifications: ofTheCase,
      }),
    );
    await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    await ec2.send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: "createVolumePermission" }));
    await ec2.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId,
        Attribute: "createVolumePermission",
        CreateVolumePermission: { Add: [{ UserId: forensics }] },
      }),
    );
  },
};

const kept: Walkthrough = {
  ...where,
  title: "read what hangs on a machine, and keep it from going away",
  steps: async (settings, { resources: { instance } }) => {
    const account = "555555555555";
    const clients = clientsOf(settings);
    const machine = { account, region: "eu-west-1", instance };
    const reading = machinesOf(clients, machine.region);
    const facts = await readTargets(reading, machine, await readFacts(reading, machine, () => new Date()));
    if (facts.unreadable.length > 0) throw new Error(JSON.stringify(facts.unreadable));
    await protectFromTermination.make(clients, machine);
    await stopOnShutdown.make(clients, machine);
    for (const volume of volumesOf(facts.instance)) await keepVolume.make(clients, { ...machine, ...volume });
  },
};

const encryptedDisk: Walkthrough = {
  ...where,
  title: "copy a snapshot whose key can't be shared under the evidence key",
  steps: async (settings, { resources }) => {
    const ec2 = new EC2Client(settings);
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId: resources.volume }));
    await ec2.send(
      new CopySnapshotCommand({ SourceSnapshotId: SnapshotId, SourceRegion: "eu-west-1", Encrypted: true }),
    );
  },
};

const liveMachine: Walkthrough = {
  ...where,
  title: "what a machine shows and holds in memory",
  steps: async (settings, { resources: { instance } }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new GetConsoleOutputCommand({ InstanceId: instance }));
    await ec2.send(new GetConsoleScreenshotCommand({ InstanceId: instance })).catch(unsupported);
    const ssm = new SSMClient(settings);
    const { Command } = await ssm.send(
      new SendCommandCommand({ DocumentName: "acme-ir-collect-memory", InstanceIds: [instance] }),
    );
    await ssm.send(new DescribeInstanceInformationCommand({})).catch(unsupported);
    await ssm.send(new ListCommandInvocationsCommand({})).catch(unsupported);
    await orNone(
      ssm.send(
        new GetCommandInvocationCommand({ CommandId: Command?.CommandId ?? "", InstanceId: instance }),
      ),
    );
  },
};

const database: Walkthrough = {
  ...where,
  title: "snapshot a database",
  steps: async (settings, { resources }) => {
    const rds = new RDSClient(settings);
    await rds.send(new DescribeDBInstancesCommand({}));
    await rds.send(
      new CreateDBSnapshotCommand({
        DBInstanceIdentifier: resources.database,
        DBSnapshotIdentifier: "case-1-payments",
      }),
    );
    await rds.send(new DescribeDBSnapshotsCommand({}));
  },
};

const collected: Walkthrough = {
  ...where,
  title: "store what was collected below the prefix of the case",
  steps: async (settings, { organization: { landscape } }) => {
    await new S3Client({ ...settings, forcePathStyle: true }).send(
      new PutObjectCommand({
        Bucket: bucketName(landscape, "evidence"),
        Key: `${piecesOf(caseId)}console.txt`,
        Body: "console",
      }),
    );
  },
};

const custody: Walkthrough = {
  task: "evidence",
  account: "forensics",
  title: "have evidence signed for, and prove that it is as it was",
  steps: async (settings, { organization: { landscape } }) => {
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const piece = {
      Bucket: bucketName(landscape, "evidence"),
      Key: `${piecesOf(caseId)}files/screenshot.png`,
    };
    await s3.send(new PutObjectCommand({ ...piece, Body: "screenshot" }));
    const { Versions: [version] = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: piece.Bucket, Prefix: piecesOf(caseId) }),
    );
    await s3.send(new ListObjectVersionsCommand({ Bucket: piece.Bucket, Prefix: manifestsOf(caseId) }));
    await s3.send(new ListObjectsV2Command({ Bucket: piece.Bucket, Prefix: manifestsOf(caseId) }));
    await s3.send(new GetObjectCommand(piece));
    await orNone(s3.send(new GetObjectCommand({ ...piece, VersionId: version?.VersionId ?? "null" })));
    await orNone(
      new LambdaClient(settings).send(
        new InvokeCommand({ FunctionName: custodyFunctionArn(landscape), Payload: "{}" }),
      ),
    );
    await orNone(
      new KMSClient(settings).send(new GetPublicKeyCommand({ KeyId: signingKeyAliasName(landscape) })),
    );
    await orNone(
      new DynamoDBClient(settings).send(
        new GetItemCommand({ TableName: custodyName(landscape), Key: { case: { S: caseId } } }),
      ),
    );
  },
};

const ownCopy: Walkthrough = {
  task: "evidence",
  account: "forensics",
  title: "copy a shared snapshot, so that nobody in the account it comes from can reach it",
  steps: async (settings, { organization: { landscape } }) => {
    const ec2 = new EC2Client(settings);
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    const KmsKeyId = forensicAliasArn(landscape, "eu-west-1", evidenceKeyAliasName(landscape));
    await orNone(
      ec2.send(
        new CopySnapshotCommand({
          SourceSnapshotId: Snapshots[0]?.SnapshotId ?? "snap-0123456789abcdef0",
          SourceRegion: "eu-west-1",
          Encrypted: true,
          KmsKeyId,
          TagSpecifications: ofTheCase,
        }),
      ),
    );
  },
};

export const evidenceWalkthroughs = [
  disk,
  kept,
  encryptedDisk,
  ownCopy,
  liveMachine,
  database,
  collected,
  custody,
];
