import {
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTransitGatewayVpcAttachmentsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  DescribeVpnGatewaysCommand,
  type EC2Client,
  type NetworkAcl,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";

/** A network as the EC2 API tells it, whoever made it and by whatever means. */
export interface NetworkState {
  readonly vpc: Vpc;
  readonly resolvesNames: boolean;
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly acls: readonly NetworkAcl[];
  readonly groups: readonly SecurityGroup[];
  readonly endpoints: readonly VpcEndpoint[];
  /** Whatever joins the network to another one, by kind and id. */
  readonly gateways: readonly string[];
}

export async function networkState(ec2: EC2Client, name: string): Promise<NetworkState> {
  const { Vpcs: [vpc] = [] } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: [name] }] }),
  );
  if (!vpc?.VpcId) throw new Error(`there is no VPC ${name}`);
  const VpcId = vpc.VpcId;
  const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
  const [subnets, routeTables, acls, groups, endpoints, names] = await Promise.all([
    ec2.send(new DescribeSubnetsCommand({ Filters })),
    ec2.send(new DescribeRouteTablesCommand({ Filters })),
    ec2.send(new DescribeNetworkAclsCommand({ Filters })),
    ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    ec2.send(new DescribeVpcEndpointsCommand({ Filters })),
    ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsSupport" })),
  ]);
  const subnetIds = (subnets.Subnets ?? []).map(({ SubnetId }) => SubnetId);
  return {
    vpc,
    resolvesNames: names.EnableDnsSupport?.Value === true,
    subnets: subnets.Subnets ?? [],
    routeTables: routeTables.RouteTables ?? [],
    acls: acls.NetworkAcls ?? [],
    groups: groups.SecurityGroups ?? [],
    endpoints: (endpoints.VpcEndpoints ?? []).filter(({ State }) => !/^deleted$/i.test(State ?? "")),
    gateways: (await gatewaysOf(ec2, VpcId, subnetIds)).sort(),
  };
}

async function gatewaysOf(
  ec2: EC2Client,
  vpc: string,
  subnets: readonly (string | undefined)[],
): Promise<string[]> {
  const gone = ["deleted", "deleting", "detached", "rejected", "expired", "failed"];
  const { InternetGateways = [] } = await ec2.send(new DescribeInternetGatewaysCommand({}));
  const { EgressOnlyInternetGateways = [] } = await ec2.send(
    new DescribeEgressOnlyInternetGatewaysCommand({}),
  );
  const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
  const { VpnGateways = [] } = await ec2.send(new DescribeVpnGatewaysCommand({}));
  const { TransitGatewayVpcAttachments = [] } = await ec2.send(
    new DescribeTransitGatewayVpcAttachmentsCommand({}),
  );
  const { VpcPeeringConnections = [] } = await ec2.send(new DescribeVpcPeeringConnectionsCommand({}));
  const attached = (all: readonly { VpcId?: string | undefined; State?: string | undefined }[] = []) =>
    all.some(({ VpcId, State = "" }) => VpcId === vpc && !gone.includes(State));
  return [
    ...InternetGateways.filter(({ Attachments }) => attached(Attachments)).map(
      ({ InternetGatewayId }) => `internet gateway ${InternetGatewayId}`,
    ),
    ...EgressOnlyInternetGateways.filter(({ Attachments }) => attached(Attachments)).map(
      (one) => `egress-only gateway ${one.EgressOnlyInternetGatewayId}`,
    ),
    ...NatGateways.filter(
      ({ SubnetId, State = "" }) => subnets.includes(SubnetId) && !gone.includes(State),
    ).map(({ NatGatewayId }) => `NAT gateway ${NatGatewayId}`),
    ...VpnGateways.filter(({ VpcAttachments }) => attached(VpcAttachments)).map(
      ({ VpnGatewayId }) => `VPN gateway ${VpnGatewayId}`,
    ),
    ...TransitGatewayVpcAttachments.filter(
      ({ VpcId, State = "" }) => VpcId === vpc && !gone.includes(State),
    ).map((one) => `transit gateway ${one.TransitGatewayAttachmentId}`),
    ...VpcPeeringConnections.filter(
      ({ AccepterVpcInfo, RequesterVpcInfo, Status }) =>
        [AccepterVpcInfo?.VpcId, RequesterVpcInfo?.VpcId].includes(vpc) && !gone.includes(Status?.Code ?? ""),
    ).map(({ VpcPeeringConnectionId }) => `peering ${VpcPeeringConnectionId}`),
  ];
}
