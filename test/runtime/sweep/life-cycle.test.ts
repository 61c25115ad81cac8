import {
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeFlowLogsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnableAWSServiceAccessCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import {
  CreateResolverQueryLogConfigCommand,
  ListResolverQueryLogConfigAssociationsCommand,
  Route53ResolverClient,
} from "@aws-sdk/client-route53resolver";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { S3ControlClient } from "@aws-sdk/client-s3-control";
import { STSClient } from "@aws-sdk/client-sts";
import { roleArn } from "../../../landscape/arns";
import { iamPath, roleName } from "../../../landscape/names";
import { withoutIsolationGroup } from "../../../landscape/tasks";
import { guardrails } from "../../../policies/guardrails";
import { run } from "../../../runtime/shared/step";
import type { SweepRecord } from "../../../runtime/sweep/record";
import type { SweepSetting } from "../../../runtime/sweep/setting";
import { sweepPlace } from "../../../runtime/sweep/sweep-place";
import { wantedOf } from "../../../stacks/sweep-wanted";
import { assumeRole, clientSettings, type Keys, s3ControlEndpoint } from "../../local-aws/clients";
import type { Front } from "../../local-aws/front";
import { startLocalAws } from "../../local-aws/local-aws";
import { exampleLandscape } from "../../support/landscapes";
import { describeWithEmulator } from "../../support/with-tools";

const region = "eu-west-1";
const landscape = exampleLandscape();
const wanted = wantedOf(landscape);

/** Who owns the VPC is administrator in the account and nothing else; the organization has the kit's guardrails. */
describeWithEmulator("a VPC after a sweep", () => {
  let front: Front;
  let member: string;
  let security: string;
  let deployer: Keys;
  let sweeper: Keys;
  let owner: EC2Client;
  let ownerKeys: Keys;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    const organizations = new OrganizationsClient(clientSettings(front));
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const create = async (AccountName: string) =>
      (
        await organizations.send(
          new CreateAccountCommand({ AccountName, Email: `${AccountName}@example.com` }),
        )
      ).CreateAccountStatus?.AccountId ?? "";
    [security, member] = [await create("security"), await create("payments")];
    deployer = await assume(member, "OrganizationAccountAccessRole");
    await shareQueryLog(organizations);
    const s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
    for (const { bucket: Bucket } of Object.values(wanted.deliveries)) {
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
      );
    }
    const iam = new IAMClient(clientSettings(front, deployer));
    const administrator = async (RoleName: string, Path: string, arn: string): Promise<Keys> => {
      await iam.send(
        new CreateRoleCommand({
          RoleName,
          Path,
          AssumeRolePolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${member}:root` },
                Action: "sts:AssumeRole",
              },
            ],
          }),
        }),
      );
      await iam.send(
        new AttachRolePolicyCommand({
          RoleName,
          PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
      );
      return assumeRole(new STSClient(clientSettings(front, deployer)), arn);
    };
    ownerKeys = await administrator("owner", "/", `arn:aws:iam::${member}:role/owner`);
    sweeper = await administrator(
      roleName(landscape, "auto-logging"),
      iamPath(landscape),
      roleArn(landscape, "auto-logging", member),
    );
    owner = new EC2Client(clientSettings(front, ownerKeys, region));
    await attachGuardrails(organizations);
  });

  afterAll(() => front.stop());

  const assume = (account: string, role: string): Promise<Keys> =>
    assumeRole(new STSClient(clientSettings(front)), `arn:aws:iam::${account}:role/${role}`);

  async function attachGuardrails(organizations: OrganizationsClient): Promise<void> {
    const TargetId = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id;
    const Type = "SERVICE_CONTROL_POLICY";
    await organizations.send(new EnablePolicyTypeCommand({ RootId: TargetId, PolicyType: Type }));
    const atRoot = guardrails(landscape).filter(
      ({ type, targets }) => type === Type && targets.some(({ kind }) => kind === "root"),
    );
    expect(atRoot).toHaveLength(3);
    for (const { name, document } of atRoot) {
      const { Policy } = await organizations.send(
        new CreatePolicyCommand({
          Name: name,
          Type,
          Description: name,
          Content: JSON.stringify(document),
        }),
      );
      await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
    }
  }

  async function shareQueryLog(organizations: OrganizationsClient): Promise<void> {
    const keys = await assume(security, "OrganizationAccountAccessRole");
    await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "ram.amazonaws.com" }));
    await new RAMClient(clientSettings(front)).send(new EnableSharingWithAwsOrganizationCommand({}));
    const { ResolverQueryLogConfig } = await new Route53ResolverClient(clientSettings(front, keys)).send(
      new CreateResolverQueryLogConfigCommand({
        Name: "acme-ir-dns-queries",
        DestinationArn: "arn:aws:s3:::dns",
        CreatorRequestId: "one",
      }),
    );
    const ram = new RAMClient(clientSettings(front, keys));
    const { resourceShare } = await ram.send(new CreateResourceShareCommand({ name: "dns" }));
    await ram.send(
      new AssociateResourceShareCommand({
        resourceShareArn: resourceShare?.resourceShareArn,
        resourceArns: [ResolverQueryLogConfig?.Arn ?? ""],
      }),
    );
  }

  /** As the role that guardrails know the sweep by; that its own policy lets it do all this, the proofs show. */
  const sweep = async (): Promise<SweepRecord> => {
    const settings = clientSettings(front, sweeper, region);
    const nothing = async () => undefined;
    const setting = {
      wanted: { ...wanted, queryLog: { ...wanted.queryLog, owner: security } },
      enter: async () => ({
        ec2: new EC2Client(settings),
        resolver: new Route53ResolverClient(settings),
        s3Control: () => new S3ControlClient({ ...settings, ...s3ControlEndpoint(front.port) }),
      }),
      s3: new S3Client({ ...clientSettings(front), forcePathStyle: true }),
      records: { put: nothing },
      clock: { now: () => new Date(), sleep: nothing },
    } as unknown as SweepSetting;
    return run(setting, sweepPlace, { account: member, region });
  };

  const createVpc = async (Tags: { Key: string; Value: string }[] = []): Promise<string> =>
    (
      await owner.send(
        new CreateVpcCommand({
          CidrBlock: "10.0.0.0/16",
          ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: "vpc", Tags }] }),
        }),
      )
    ).Vpc?.VpcId ?? "";

  const groupOfKit = async (vpc: string): Promise<string | undefined> =>
    (
      await owner.send(
        new DescribeSecurityGroupsCommand({
          Filters: [
            { Name: "vpc-id", Values: [vpc] },
            { Name: "tag-key", Values: ["ir:isolation"] },
          ],
        }),
      )
    ).SecurityGroups?.[0]?.GroupId;

  const refusal = (name: string) => expect.objectContaining({ name });
  const inUse = refusal("DependencyViolation");
  const why = (request: Promise<unknown>) =>
    request.then(
      () => undefined,
      (error: unknown) => error,
    );
  const vpcIds = async () => (await owner.send(new DescribeVpcsCommand({}))).Vpcs?.map(({ VpcId }) => VpcId);

  it("has what the kit puts into it, which its owner can't edit", async () => {
    const vpc = await createVpc();
    const { refused } = await sweep();
    expect(refused).toEqual([]);
    const { FlowLogs } = await owner.send(
      new DescribeFlowLogsCommand({ Filter: [{ Name: "resource-id", Values: [vpc] }] }),
    );
    expect(FlowLogs).toHaveLength(1);
    const { ResolverQueryLogConfigAssociations } = await new Route53ResolverClient(
      clientSettings(front, ownerKeys, region),
    ).send(new ListResolverQueryLogConfigAssociationsCommand({}));
    expect(ResolverQueryLogConfigAssociations?.map(({ ResourceId }) => ResourceId)).toContain(vpc);
    const GroupId = await groupOfKit(vpc);
    const opening = new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
    expect(await why(owner.send(opening))).toEqual(refusal("UnauthorizedOperation"));
  });

  it("is deleted by its owner, once all in it is, the kit's group too", async () => {
    const VpcId = await createVpc();
    const { Subnet } = await owner.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }));
    const { InternetGateway } = await owner.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = InternetGateway?.InternetGatewayId;
    await owner.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    await sweep();
    const remove = () => why(owner.send(new DeleteVpcCommand({ VpcId })));
    expect(await remove()).toEqual(inUse);
    await owner.send(new DetachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    await owner.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    await owner.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }));
    // Now the kit's group is all that is left.
    expect(await remove()).toEqual(inUse);
    await owner.send(new DeleteSecurityGroupCommand({ GroupId: await groupOfKit(VpcId) }));
    expect(await remove()).toBeUndefined();
    expect(await vpcIds()).not.toContain(VpcId);
    // Neither flow log nor association keeps a sweep from its work when the VPC is gone.
    expect((await sweep()).refused).toEqual([]);
  });

  it("keeps the kit's group while a machine has it, whoever deletes it", async () => {
    const VpcId = await createVpc();
    const { Subnet } = await owner.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }));
    await sweep();
    const GroupId = await groupOfKit(VpcId);
    const ec2 = new EC2Client(clientSettings(front, deployer, region));
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: Subnet?.SubnetId,
        Groups: [GroupId ?? ""],
      }),
    );
    const remove = () => why(owner.send(new DeleteSecurityGroupCommand({ GroupId })));
    expect(await remove()).toEqual(inUse);
    await owner.send(
      new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId }),
    );
    expect(await remove()).toBeUndefined();
    // It is made again, and the VPC is covered.
    await sweep();
    expect(await groupOfKit(VpcId)).toBeDefined();
  });

  it("has no group of the kit where its owner says so by tag, and is deleted at once", async () => {
    const VpcId = await createVpc([{ Key: withoutIsolationGroup.key, Value: withoutIsolationGroup.value }]);
    const record = await sweep();
    expect(record.flowLogs.repaired).toContain(VpcId);
    expect(await groupOfKit(VpcId)).toBeUndefined();
    await owner.send(new DeleteVpcCommand({ VpcId }));
    expect(await vpcIds()).not.toContain(VpcId);
  });
});
