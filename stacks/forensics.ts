import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { EbsSnapshotBlockPublicAccess } from "@cdktf/provider-aws/lib/ebs-snapshot-block-public-access";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { Construct } from "constructs";
import { ClosedResolver } from "../constructs/closed-resolver";
import { ClosedVpc } from "../constructs/closed-vpc";
import { fixedWhenMade } from "../constructs/fixed-when-made";
import { KitStack } from "../constructs/kit-stack";
import { literalJson } from "../constructs/terraform-text";
import { bucketArn } from "../landscape/arns";
import { forensicGroupName, forensicNetworkName } from "../landscape/forensic-names";
import type { Forensics, Landscape } from "../landscape/model";
import { answeredNames, gatewayEndpointPolicy } from "../policies/forensic-endpoints";
import { flowLogFormat, flowLogInterval } from "../questions/tables/flow-logs";
import { machineTemplates, type Place } from "./machines";

const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
/** Ports from which clients ask, and to which answers go. */
/** Where Linux begins, and Windows after it: a wider range would hold 3389. Source: "Ephemeral ports" (VPC user guide). */
const ephemeral = { protocol: "tcp", fromPort: 32_768, toPort: 65_535 };
const anywhere = "0.0.0.0/0";

/** Rules of a network ACL are numbered; these are not tried in any other order. */
const rule = (ruleNo: number, cidrBlock: string, { protocol, fromPort, toPort }: typeof https) => ({
  ruleNo,
  action: "allow",
  protocol,
  cidrBlock,
  fromPort,
  toPort,
});

/**
 * Networks of a region in the forensics account. In one, copies of suspicious machines run and reach nothing; in the
 * other, analysts look at evidence and reach a few endpoints of AWS. Nothing leads from one to the other, or out.
 */
export class ForensicsStack extends KitStack {
  private readonly zones: DataAwsAvailabilityZones;

  constructor(scope: Construct, name: string, landscape: Landscape, forensics: Forensics, region: string) {
    super(scope, name, { landscape, account: landscape.accounts.forensics, region });
    this.zones = new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      // Local zones and those that an account enables by itself have few instance types.
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    machineTemplates(this, forensics, {
      quarantine: this.quarantine(forensics.quarantineNetwork),
      forensic: this.forensic(forensics.forensicNetwork),
    });
    // Of what is shared with everybody nothing is evidence any more. Sharing with one account goes on.
    new EbsSnapshotBlockPublicAccess(this, "no-public-snapshots", { state: "block-all-sharing" });
  }

  private get flowLog() {
    return this.landscape.logging.owner === "kit"
      ? {
          flowLog: {
            bucketArn: bucketArn(this.landscape, "flow-logs"),
            format: flowLogFormat,
            interval: flowLogInterval,
          },
        }
      : {};
  }

  private quarantine(range: string): Place {
    const name = forensicNetworkName(this.landscape, "quarantine");
    const { vpc, subnets } = new ClosedVpc(this, "quarantine", {
      name,
      range,
      zones: this.zones,
      resolvesNames: false,
      ...this.flowLog,
    });
    const group = new SecurityGroup(this, "quarantine-group", {
      name: forensicGroupName(this.landscape, "quarantined"),
      description: "Nothing in, nothing out: copies of suspicious machines",
      vpcId: vpc.id,
      ingress: [],
      egress: [],
      lifecycle: fixedWhenMade,
    });
    return placeIn(subnets, group);
  }

  private forensic(range: string): Place {
    const { landscape, region } = this;
    const name = forensicNetworkName(landscape, "forensic");
    const network = new ClosedVpc(this, "forensic", {
      name,
      range,
      zones: this.zones,
      resolvesNames: true,
      // To endpoints inside, and to S3, whose addresses only the gateway endpoint has a route to.
      rules: {
        ingress: [rule(100, range, https), rule(200, anywhere, ephemeral)],
        egress: [rule(100, anywhere, https), rule(200, range, ephemeral)],
      },
      ...this.flowLog,
    });
    const s3 = new VpcEndpoint(this, "s3", {
      vpcId: network.vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: [network.routeTable.id],
      policy: literalJson(gatewayEndpointPolicy(landscape, region)),
      tags: { Name: `${name}-s3` },
    });
    const analyst = new SecurityGroup(this, "analyst-group", {
      name: forensicGroupName(landscape, "analyst"),
      description: "Nothing in; out to endpoints and S3: machines on which evidence is looked at",
      vpcId: network.vpc.id,
      ingress: [],
      egress: [
        { ...https, cidrBlocks: [range], description: "endpoints" },
        { ...https, prefixListIds: [s3.prefixListId], description: "S3, by its gateway endpoint" },
      ],
      lifecycle: fixedWhenMade,
    });
    new SecurityGroup(this, "endpoint-group", {
      name: forensicGroupName(landscape, "endpoint"),
      description: "In from machines of analysts; nothing out",
      vpcId: network.vpc.id,
      ingress: [{ ...https, securityGroups: [analyst.id], description: "machines of analysts" }],
      egress: [],
      lifecycle: fixedWhenMade,
    });
    new ClosedResolver(this, "resolver", {
      name,
      vpcId: network.vpc.id,
      answered: answeredNames(landscape, region),
    });
    return placeIn(network.subnets, analyst);
  }
}

/** The first of two subnets; who launches where its zone has no machine of the type left names the other. */
const placeIn = ([subnet]: readonly Subnet[], group: SecurityGroup): Place => ({
  subnetId: subnet?.id ?? "",
  groupId: group.id,
});
