import type { Landscape } from "./model";

/**
 * AWS services that the kit needs trusted access for. `bootstrap` switches them on one by one and never off, since
 * the organization's list may hold others. Source: "AWS services that you can use with AWS Organizations".
 */
export interface TrustedService {
  readonly principal: string;
  readonly because: string;
  /** How it must be switched on; some services create a role of their own only through their own API. */
  readonly through: "organizations" | "cloudformation" | "ram";
}

const stackSets = "member.org.stacksets.cloudformation.amazonaws.com";

export function trustedServices(landscape: Landscape): TrustedService[] {
  return [
    {
      principal: "access-analyzer.amazonaws.com",
      because: "the security account finds what is shared outside the organization",
      through: "organizations",
    },
    {
      principal: "account.amazonaws.com",
      because: "the alternate security contact of each account",
      through: "organizations",
    },
    ...(landscape.logging.owner === "kit"
      ? [
          {
            principal: "cloudtrail.amazonaws.com",
            because: "one trail records every account",
            through: "organizations" as const,
          },
        ]
      : []),
    {
      principal: "iam.amazonaws.com",
      because: "root credentials and root sessions of members are managed centrally",
      through: "organizations",
    },
    ...(landscape.distribution === "stackset"
      ? [
          {
            principal: stackSets,
            because: "the baseline reaches every account by StackSets",
            through: "cloudformation" as const,
          },
        ]
      : []),
    {
      principal: "ram.amazonaws.com",
      because: "resources are shared inside the organization, such as the Resolver query-log configuration",
      through: "ram",
    },
  ];
}

/** Services whose organization-wide administrator the security account becomes, once for all regions. */
export const delegatedServices = ["access-analyzer.amazonaws.com"] as const;
