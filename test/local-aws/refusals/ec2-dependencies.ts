import {
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { parameter } from "../authorization/request";
import { type Refusal, type Refused, refused } from "./refusal";

const violation = (message: string): Refused => refused(400, "DependencyViolation", message);

const inVpc = (id: string, Name = "vpc-id") => ({ Filters: [{ Name, Values: [id] }] });

/** How many of each there are beside what goes with the VPC: its default group, network ACL and route table. */
const besides: Readonly<Record<string, (ec2: EC2Client, vpc: string) => Promise<number>>> = {
  groups: async (ec2, vpc) => {
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand(inVpc(vpc)));
    return SecurityGroups.filter(({ GroupName }) => GroupName !== "default").length;
  },
  networkAcls: async (ec2, vpc) => {
    const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand(inVpc(vpc)));
    return NetworkAcls.filter(({ IsDefault }) => !IsDefault).length;
  },
  interfaces: async (ec2, vpc) =>
    (await ec2.send(new DescribeNetworkInterfacesCommand(inVpc(vpc)))).NetworkInterfaces?.length ?? 0,
  internetGateways: async (ec2, vpc) =>
    (await ec2.send(new DescribeInternetGatewaysCommand(inVpc(vpc, "attachment.vpc-id")))).InternetGateways
      ?.length ?? 0,
  egressOnlyGateways: async (ec2, vpc) => {
    const { EgressOnlyInternetGateways = [] } = await ec2.send(
      new DescribeEgressOnlyInternetGatewaysCommand({}),
    );
    return EgressOnlyInternetGateways.filter(({ Attachments = [] }) =>
      Attachments.some(({ VpcId }) => VpcId === vpc),
    ).length;
  },
  natGateways: async (ec2, vpc) => {
    const { NatGateways = [] } = await ec2.send(
      new DescribeNatGatewaysCommand({ Filter: inVpc(vpc).Filters }),
    );
    return NatGateways.filter(({ State }) => State !== "deleted").length;
  },
  endpoints: async (ec2, vpc) => {
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand(inVpc(vpc)));
    return VpcEndpoints.filter(({ State }) => String(State).toLowerCase() !== "deleted").length;
  },
  peerings: async (ec2, vpc) => {
    const { VpcPeeringConnections = [] } = await ec2.send(new DescribeVpcPeeringConnectionsCommand({}));
    return VpcPeeringConnections.filter(
      ({ Status, AccepterVpcInfo, RequesterVpcInfo }) =>
        Status?.Code === "active" && [AccepterVpcInfo?.VpcId, RequesterVpcInfo?.VpcId].includes(vpc),
    ).length;
  },
};

async function vpcInUse(ec2: EC2Client, vpc: string): Promise<Refused | undefined> {
  for (const count of Object.values(besides)) {
    if ((await count(ec2, vpc)) > 0)
      return violation(`The vpc '${vpc}' has dependencies and cannot be deleted.`);
  }
  return undefined;
}

async function groupInUse(ec2: EC2Client, id: string): Promise<Refused | undefined> {
  const { SecurityGroups: all = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const group = all.find(({ GroupId }) => GroupId === id);
  if (!group) return undefined;
  if (group.GroupName === "default") {
    return refused(
      400,
      "CannotDelete",
      `the specified group: "${id}" name: "default" cannot be deleted by a user`,
    );
  }
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand(inVpc(id, "group-id")),
  );
  const referring = all.filter(
    ({ GroupId, IpPermissions = [], IpPermissionsEgress = [] }) =>
      GroupId !== id &&
      [...IpPermissions, ...IpPermissionsEgress].some(({ UserIdGroupPairs = [] }) =>
        UserIdGroupPairs.some((pair) => pair.GroupId === id),
      ),
  );
  return NetworkInterfaces.length + referring.length > 0
    ? violation(`resource ${id} has a dependent object`)
    : undefined;
}

async function subnetInUse(ec2: EC2Client, subnet: string): Promise<Refused | undefined> {
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand(inVpc(subnet, "subnet-id")),
  );
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  const { NatGateways = [] } = await ec2.send(
    new DescribeNatGatewaysCommand({ Filter: inVpc(subnet, "subnet-id").Filters }),
  );
  const inUse =
    NetworkInterfaces.length +
    NatGateways.filter(({ State }) => State !== "deleted").length +
    VpcEndpoints.filter(
      ({ SubnetIds = [], State }) => SubnetIds.includes(subnet) && String(State).toLowerCase() !== "deleted",
    ).length;
  return inUse > 0 ? violation(`The subnet '${subnet}' has dependencies and cannot be deleted.`) : undefined;
}

async function gatewayInUse(ec2: EC2Client, vpc: string): Promise<Refused | undefined> {
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand(inVpc(vpc)));
  return NetworkInterfaces.some(({ Association }) => Association?.PublicIp !== undefined)
    ? violation(
        `Network ${vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
      )
    : undefined;
}

async function interfaceInUse(ec2: EC2Client, id: string): Promise<Refused | undefined> {
  const { NetworkInterfaces: [found] = [] } = await ec2
    .send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }))
    .catch(() => ({ NetworkInterfaces: [] }));
  return found?.Attachment !== undefined && found.Attachment.Status !== "detached"
    ? refused(400, "InvalidNetworkInterface.InUse", `Interface: [${id}] in use.`)
    : undefined;
}

const deletions: Readonly<
  Record<string, readonly [name: string, (ec2: EC2Client, id: string) => Promise<Refused | undefined>]>
> = {
  DeleteVpc: ["VpcId", vpcInUse],
  DeleteSecurityGroup: ["GroupId", groupInUse],
  DeleteSubnet: ["SubnetId", subnetInUse],
  DetachInternetGateway: ["VpcId", gatewayInUse],
  DeleteNetworkInterface: ["NetworkInterfaceId", interfaceInUse],
};

export const ec2Dependencies: Refusal = {
  id: "ec2-dependencies",
  because: "EC2 deletes nothing that something else still uses: a network, its parts, a group, an interface",
  source:
    "Amazon EC2 API reference, DeleteVpc, DeleteSecurityGroup, DeleteSubnet, DetachInternetGateway; user guide, " +
    '"Delete a network interface"; messages as in gruntwork-io/cloud-nuke#345 and lianghong/delete_vpc#10',
  inspect: async (call, context) => {
    const [name, inUse] = (call.service === "ec2" && deletions[call.operation]) || [];
    const id = name === undefined ? undefined : parameter(call, name);
    if (id === undefined || !inUse) return undefined;
    const { account } = await context.callers.of(call);
    return inUse(context.accounts.ec2(account, call.region), id);
  },
};
