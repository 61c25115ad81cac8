import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import { literalJson } from "../constructs/terraform-text";
import { WhenApplied } from "../constructs/when-applied";
import { forensicEndpointName, forensicGroupName, forensicNetworkName } from "../landscape/forensic-names";
import type { Landscape } from "../landscape/model";
import { endpointServiceNames, interfaceEndpointPolicy } from "../policies/forensic-endpoints";

/**
 * What the forensic network reaches beside S3. Interface endpoints are paid by the hour and zone: with `endpoints:
 * on-demand` this stack stands only while somebody works there.
 */
export class ForensicEndpointsStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape, region: string) {
    super(scope, name, { landscape, account: landscape.accounts.forensics, region });
    // The network may be made in the same deployment: it is looked up when this stack is applied.
    const whenApplied = new WhenApplied(this);
    const network = forensicNetworkName(landscape, "forensic");
    const vpc = new DataAwsVpc(this, "vpc", { tags: { Name: network }, dependsOn: [whenApplied] });
    const subnets = new DataAwsSubnets(this, "subnets", {
      filter: [{ name: "vpc-id", values: [vpc.id] }],
      dependsOn: [whenApplied],
    });
    const group = new DataAwsSecurityGroup(this, "group", {
      vpcId: vpc.id,
      name: forensicGroupName(landscape, "endpoint"),
      dependsOn: [whenApplied],
    });
    for (const service of endpointServiceNames) {
      new VpcEndpoint(this, service, {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        subnetIds: subnets.ids,
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        policy: literalJson(interfaceEndpointPolicy(landscape, service)),
        tags: { Name: forensicEndpointName(landscape, service) },
      });
    }
  }
}
