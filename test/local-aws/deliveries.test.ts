import { CreateFlowLogsCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateOrganizationCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import type { PolicyDocument } from "../../policies/document";
import { bucketPolicy } from "../../policies/logs";
import { exampleLandscape } from "../support/landscapes";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

describeWithEmulator("a flow log on the local AWS", () => {
  let front: Front;
  let vpc: string;
  const Bucket = "acme-ir-flow-logs-333333333333-eu-west-1";

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    await new OrganizationsClient(clientSettings(front)).send(
      new CreateOrganizationCommand({ FeatureSet: "ALL" }),
    );
    const s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    const { Vpc } = await new EC2Client(clientSettings(front)).send(
      new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }),
    );
    vpc = Vpc?.VpcId ?? "";
  });

  afterAll(() => front.stop());

  /** The kit's policy as it would be for the organization that the emulator has made, changed. */
  async function withPolicy(change: (policy: PolicyDocument) => PolicyDocument): Promise<void> {
    const { organization, ...rest } = exampleLandscape();
    const { Organization } = await new OrganizationsClient(clientSettings(front)).send(
      new DescribeOrganizationCommand({}),
    );
    const landscape = { ...rest, organization: { ...organization, id: Organization?.Id ?? "" } };
    const policy = change(bucketPolicy(landscape, "flow-logs"));
    // Readers of this policy are accounts that the emulator does not have.
    const Statement = policy.Statement.filter(({ Sid }) => !Sid.includes("Investigation"));
    await new S3Client({ ...clientSettings(front), forcePathStyle: true }).send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ ...policy, Statement }) }),
    );
  }

  const create = () =>
    new EC2Client(clientSettings(front)).send(
      new CreateFlowLogsCommand({
        ResourceType: "VPC",
        ResourceIds: [vpc],
        TrafficType: "ALL",
        LogDestinationType: "s3",
        LogDestination: `arn:aws:s3:::${Bucket}`,
        DestinationOptions: { FileFormat: "parquet", HiveCompatiblePartitions: true, PerHourPartition: true },
      }),
    );

  it.each<[string, (policy: PolicyDocument) => PolicyDocument]>([
    [
      "has no statement for the delivery of logs",
      (policy) => ({
        ...policy,
        Statement: policy.Statement.filter(({ Sid }) => Sid !== "LogDeliveryDelivers"),
      }),
    ],
    [
      "forgets the folders of Hive",
      (policy) => ({
        ...policy,
        Statement: policy.Statement.map((statement) =>
          statement.Sid === "LogDeliveryDelivers"
            ? { ...statement, Resource: [`arn:aws:s3:::${Bucket}/AWSLogs/111111111111/*`] }
            : statement,
        ),
      }),
    ],
    [
      "is for another organization",
      (policy) =>
        JSON.parse(JSON.stringify(policy).replaceAll(/o-[a-z0-9]{10}/g, "o-foreign000")) as PolicyDocument,
    ],
  ])("is refused where the bucket's policy %s", async (_, change) => {
    await withPolicy(change);
    await expect(create()).rejects.toThrow("Access Denied for LogDestination");
  });

  it("is made where the policy is the kit's", async () => {
    await withPolicy((policy) => policy);
    expect((await create()).FlowLogIds).toHaveLength(1);
  });
});
