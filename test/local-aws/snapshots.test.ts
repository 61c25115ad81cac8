import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
} from "@aws-sdk/client-ec2";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { describeWithEmulator } from "../support/with-tools";
import { assumeRole, clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

describeWithEmulator("snapshots, on the local AWS", () => {
  let front: Front;
  let mine: EC2Client;
  let theirs: EC2Client;
  let other: string;
  let ownKey: string;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    const organizations = new OrganizationsClient(clientSettings(front));
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: "forensics", Email: "forensics@example.com" }),
    );
    other = CreateAccountStatus?.AccountId ?? "";
    const role = `arn:aws:iam::${other}:role/OrganizationAccountAccessRole`;
    mine = new EC2Client(clientSettings(front));
    theirs = new EC2Client(
      clientSettings(front, await assumeRole(new STSClient(clientSettings(front)), role)),
    );
    const { KeyMetadata } = await new KMSClient(clientSettings(front)).send(new CreateKeyCommand({}));
    ownKey = KeyMetadata?.Arn ?? "";
  });

  afterAll(() => front.stop());

  const snapshot = async (encryption: { Encrypted?: boolean; KmsKeyId?: string }): Promise<string> => {
    const { VolumeId } = await mine.send(
      new CreateVolumeCommand({ AvailabilityZone: "eu-west-1a", Size: 8, ...encryption }),
    );
    return (await mine.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? "";
  };
  const share = (SnapshotId: string) =>
    mine.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId,
        Attribute: "createVolumePermission",
        CreateVolumePermission: { Add: [{ UserId: other }] },
      }),
    );
  const copy = (SourceSnapshotId: string, KmsKeyId?: string) =>
    theirs.send(
      new CopySnapshotCommand({
        SourceSnapshotId,
        SourceRegion: "eu-west-1",
        ...(KmsKeyId !== undefined && { Encrypted: true, KmsKeyId }),
        TagSpecifications: [{ ResourceType: "snapshot", Tags: [{ Key: "ir:case", Value: "CASE-1" }] }],
      }),
    );

  it("are another account's to copy once they are shared with it, and not before", async () => {
    const id = await snapshot({});
    await expect(copy(id)).rejects.toMatchObject({ name: "InvalidSnapshot.NotFound" });
    await share(id);
    const { SnapshotId = "" } = await copy(id);
    const { SnapshotId: encrypted = "" } = await copy(id, ownKey);
    const { Snapshots: [under] = [] } = await theirs.send(
      new DescribeSnapshotsCommand({ SnapshotIds: [encrypted] }),
    );
    expect([under?.Encrypted, under?.KmsKeyId]).toEqual([true, ownKey]);
    const { Snapshots: [copied] = [] } = await theirs.send(
      new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }),
    );
    expect([copied?.OwnerId, copied?.VolumeSize, copied?.Tags]).toEqual([
      other,
      8,
      [{ Key: "ir:case", Value: "CASE-1" }],
    ]);
  });

  it("are shared under an account's own key, and not under the default one", async () => {
    await expect(share(await snapshot({ Encrypted: true, KmsKeyId: ownKey }))).resolves.toBeDefined();
    await expect(share(await snapshot({ Encrypted: true }))).rejects.toMatchObject({
      name: "InvalidParameter",
    });
  });
});
