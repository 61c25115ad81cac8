import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeSecurityGroupsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  DeleteOrganizationalUnitCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  AssociateResolverQueryLogConfigCommand,
  CreateResolverQueryLogConfigCommand,
  DeleteResolverQueryLogConfigCommand,
  DisassociateResolverQueryLogConfigCommand,
  Route53ResolverClient,
} from "@aws-sdk/client-route53resolver";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

/** What AWS deletes only when nothing depends on it any more, each by what can still be there. */
describeWithEmulator("a deletion", () => {
  let front: Front;
  let ec2: EC2Client;
  let VpcId: string;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    ec2 = new EC2Client(clientSettings(front));
  });

  afterAll(() => front.stop());

  beforeEach(async () => {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    VpcId = Vpc?.VpcId ?? "";
  });

  const nameOf = (request: Promise<unknown>): Promise<string | undefined> =>
    request.then(
      () => undefined,
      ({ name }: Error) => name,
    );
  const subnetIn = async () =>
    (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }))).Subnet?.SubnetId;
  const groupIn = async (GroupName: string) =>
    (await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName }))).GroupId;
  const gatewayIn = async () => {
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
    await ec2.send(
      new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: InternetGateway?.InternetGatewayId }),
    );
    return InternetGateway?.InternetGatewayId;
  };
  const ssm = { VpcEndpointType: "Interface", ServiceName: "com.amazonaws.eu-west-1.ssm" } as const;

  const inVpc: Readonly<Record<string, () => Promise<unknown>>> = {
    "a subnet": subnetIn,
    "a group": () => groupIn("workload"),
    "a network ACL": () => ec2.send(new CreateNetworkAclCommand({ VpcId })),
    "an internet gateway": gatewayIn,
    "an egress-only gateway": () => ec2.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId })),
    "an endpoint": () =>
      ec2.send(
        new CreateVpcEndpointCommand({
          VpcId,
          VpcEndpointType: "Gateway",
          ServiceName: "com.amazonaws.eu-west-1.s3",
        }),
      ),
  };

  it.each(Object.entries(inVpc))("of a VPC is refused while there is %s in it", async (_, put) => {
    await put();
    expect(await nameOf(ec2.send(new DeleteVpcCommand({ VpcId })))).toBe("DependencyViolation");
  });

  it("of a VPC takes what came with it along", async () => {
    expect(await nameOf(ec2.send(new DeleteVpcCommand({ VpcId })))).toBeUndefined();
  });

  it("of a subnet is refused while an interface, a machine or an endpoint is in it", async () => {
    const SubnetId = await subnetIn();
    const remove = () => nameOf(ec2.send(new DeleteSubnetCommand({ SubnetId })));
    const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
    expect(await remove()).toBe("DependencyViolation");
    const { NetworkInterfaceId } = NetworkInterface ?? {};
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    await ec2.send(new CreateVpcEndpointCommand({ ...ssm, VpcId, SubnetIds: [SubnetId ?? ""] }));
    expect(await remove()).toBe("DependencyViolation");
  });

  it("of a group is refused while an interface has it or another group names it, and of the default one always", async () => {
    const GroupId = await groupIn("workload");
    const remove = (id = GroupId) => nameOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })));
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: await subnetIn(), Groups: [GroupId ?? ""] }),
    );
    expect(await remove()).toBe("DependencyViolation");
    const { NetworkInterfaceId } = NetworkInterface ?? {};
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    const other = await groupIn("other");
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: other,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId }] }],
      }),
    );
    expect(await remove()).toBe("DependencyViolation");
    expect(await remove(other)).toBeUndefined();
    expect(await remove()).toBeUndefined();
    const { SecurityGroups } = await ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }),
    );
    expect(await remove(SecurityGroups?.[0]?.GroupId)).toBe("CannotDelete");
  });

  it("of an interface, and of the way out, is refused while a machine has it", async () => {
    const InternetGatewayId = await gatewayIn();
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-12c6146b",
        MinCount: 1,
        MaxCount: 1,
        SubnetId: await subnetIn(),
      }),
    );
    const NetworkInterfaceId = Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId;
    expect(await nameOf(ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId })))).toBe(
      "InvalidNetworkInterface.InUse",
    );
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    await ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
    const detach = ec2.send(new DetachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    expect(await nameOf(detach)).toBe("DependencyViolation");
  });

  it("of a configuration of query logging is refused while a VPC of its account uses it", async () => {
    const resolver = new Route53ResolverClient(clientSettings(front));
    const { ResolverQueryLogConfig } = await resolver.send(
      new CreateResolverQueryLogConfigCommand({
        Name: "queries",
        DestinationArn: "arn:aws:s3:::dns",
        CreatorRequestId: "one",
      }),
    );
    const ResolverQueryLogConfigId = ResolverQueryLogConfig?.Id;
    const remove = () =>
      nameOf(resolver.send(new DeleteResolverQueryLogConfigCommand({ ResolverQueryLogConfigId })));
    const pair = { ResolverQueryLogConfigId, ResourceId: VpcId };
    await resolver.send(new AssociateResolverQueryLogConfigCommand(pair));
    expect(await remove()).toBe("InvalidRequestException");
    await resolver.send(new DisassociateResolverQueryLogConfigCommand(pair));
    expect(await remove()).toBeUndefined();
  });

  it("of a user is refused while it has credentials", async () => {
    const iam = new IAMClient(clientSettings(front));
    const UserName = "ann";
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const remove = () => nameOf(iam.send(new DeleteUserCommand({ UserName })));
    expect(await remove()).toMatch(/^DeleteConflict/);
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
    expect(await remove()).toBeUndefined();
  });

  it("of a unit is refused while an account or a unit is in it", async () => {
    const organizations = new OrganizationsClient(clientSettings(front));
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const SourceParentId = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id;
    const unit = async (ParentId: string | undefined, Name: string) =>
      (await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit
        ?.Id;
    const [outer, full] = [await unit(SourceParentId, "outer"), await unit(SourceParentId, "full")];
    const inner = await unit(outer, "inner");
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: "member", Email: "member@example.com" }),
    );
    const AccountId = CreateAccountStatus?.AccountId;
    await organizations.send(
      new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId: full }),
    );
    const remove = (OrganizationalUnitId: string | undefined) =>
      nameOf(organizations.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId })));
    expect([await remove(outer), await remove(full)]).toEqual([
      "OrganizationalUnitNotEmptyException",
      "OrganizationalUnitNotEmptyException",
    ]);
    expect([await remove(inner), await remove(outer)]).toEqual([undefined, undefined]);
  });
});
