import type { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultNetworkAcl } from "@cdktf/provider-aws/lib/default-network-acl";
import { DefaultRouteTable } from "@cdktf/provider-aws/lib/default-route-table";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import {
  NetworkAcl,
  type NetworkAclEgress,
  type NetworkAclIngress,
} from "@cdktf/provider-aws/lib/network-acl";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { halves } from "../landscape/ranges";
import { literal } from "./terraform-text";

export interface ClosedVpcProps {
  readonly name: string;
  readonly range: string;
  readonly zones: DataAwsAvailabilityZones;
  /** Names are looked up and answered inside; without it, not even the Resolver is there. */
  readonly resolvesNames: boolean;
  /** What the network lets through at its edges; nothing where left out. */
  readonly rules?: { readonly ingress: NetworkAclIngress[]; readonly egress: NetworkAclEgress[] };
  /** Where connections are logged, and in which form. */
  readonly flowLog?: { readonly bucketArn: string; readonly format: string; readonly interval: number };
}

/**
 * A VPC with two private subnets from which no route leads out. What AWS makes by itself with a VPC (group, network ACL
 * and route table, which let everything through) is emptied, so that nothing falls back on it.
 */
export class ClosedVpc extends Construct {
  readonly vpc: Vpc;
  readonly subnets: readonly Subnet[];
  readonly routeTable: RouteTable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClosedVpcProps,
  ) {
    super(scope, id);
    this.vpc = new Vpc(this, "vpc", {
      cidrBlock: props.range,
      enableDnsSupport: props.resolvesNames,
      enableDnsHostnames: props.resolvesNames,
      tags: { Name: props.name },
    });
    this.emptyDefaults();
    this.routeTable = new RouteTable(this, "routes", {
      vpcId: this.vpc.id,
      // None but the VPC's own; those of gateway endpoints are kept by the endpoints.
      route: [],
      tags: { Name: props.name },
    });
    this.subnets = halves(props.range).map((range, index) => this.subnet(range, index));
    this.bar();
    if (props.flowLog) this.log(props.flowLog);
  }

  private emptyDefaults(): void {
    const tags = { Name: `${this.props.name}-default` };
    new DefaultSecurityGroup(this, "default-group", { vpcId: this.vpc.id, ingress: [], egress: [], tags });
    new DefaultNetworkAcl(this, "default-acl", {
      defaultNetworkAclId: this.vpc.defaultNetworkAclId,
      tags,
      lifecycle: { ignoreChanges: ["subnet_ids"] },
    });
    new DefaultRouteTable(this, "default-routes", {
      defaultRouteTableId: this.vpc.defaultRouteTableId,
      route: [],
      tags,
    });
  }

  private subnet(range: string, index: number): Subnet {
    const subnet = new Subnet(this, `subnet-${index + 1}`, {
      vpcId: this.vpc.id,
      cidrBlock: range,
      availabilityZone: Fn.element(this.props.zones.names, index),
      mapPublicIpOnLaunch: false,
      tags: { Name: `${this.props.name}-${index + 1}` },
      // A zone that AWS adds must not move a subnet in which somebody works.
      lifecycle: { ignoreChanges: ["availability_zone"] },
    });
    new RouteTableAssociation(this, `routes-${index + 1}`, {
      subnetId: subnet.id,
      routeTableId: this.routeTable.id,
    });
    return subnet;
  }

  private bar(): void {
    const { rules = { ingress: [], egress: [] }, name } = this.props;
    new NetworkAcl(this, "acl", {
      vpcId: this.vpc.id,
      subnetIds: this.subnets.map(({ id }) => id),
      ...rules,
      tags: { Name: name },
    });
  }

  private log({ bucketArn, format, interval }: NonNullable<ClosedVpcProps["flowLog"]>): void {
    new FlowLog(this, "flow-log", {
      vpcId: this.vpc.id,
      trafficType: "ALL",
      logDestinationType: "s3",
      logDestination: bucketArn,
      logFormat: literal(format),
      maxAggregationInterval: interval,
      destinationOptions: { fileFormat: "parquet", hiveCompatiblePartitions: true, perHourPartition: true },
    });
  }
}
