import { RamPrincipalAssociation } from "@cdktf/provider-aws/lib/ram-principal-association";
import { RamResourceAssociation } from "@cdktf/provider-aws/lib/ram-resource-association";
import { RamResourceShare } from "@cdktf/provider-aws/lib/ram-resource-share";
import { Route53ResolverQueryLogConfig } from "@cdktf/provider-aws/lib/route53-resolver-query-log-config";
import { Construct } from "constructs";

export interface SharedQueryLogProps {
  /** Of the configuration and of its share. */
  readonly name: string;
  /** ARN of the bucket, and of a folder in it. */
  readonly destinationArn: string;
  readonly organizationArn: string;
}

/**
 * Configuration of Resolver query logging that every account of the organization may use. That it is shared logs
 * nothing yet: the sweep associates each VPC. Source: "Sharing Resolver query logging configurations" (Amazon Route 53
 * developer guide).
 */
export class SharedQueryLog extends Construct {
  constructor(scope: Construct, id: string, { name, destinationArn, organizationArn }: SharedQueryLogProps) {
    super(scope, id);
    const configuration = new Route53ResolverQueryLogConfig(this, "configuration", { name, destinationArn });
    const share = new RamResourceShare(this, "share", { name, allowExternalPrincipals: false });
    new RamResourceAssociation(this, "resource", {
      resourceArn: configuration.arn,
      resourceShareArn: share.arn,
    });
    new RamPrincipalAssociation(this, "organization", {
      principal: organizationArn,
      resourceShareArn: share.arn,
    });
  }
}
