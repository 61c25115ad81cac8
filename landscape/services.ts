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

const stackSets: TrustedService = {
  principal: "member.org.stacksets.cloudformation.amazonaws.com",
  because: "the baseline reaches every account by StackSets",
  through: "cloudformation",
};

const sharing: TrustedService = {
  principal: "ram.amazonaws.com",
  because: "resources are shared inside the organization, such as the Resolver query-log configuration",
  through: "ram",
};

export function trustedServices(landscape: Landscape): TrustedService[] {
  const { logging, distribution } = landscape;
  const services = [
    organizations(
      "access-analyzer.amazonaws.com",
      "the security account finds what is shared outside the organization",
    ),
    organizations("account.amazonaws.com", "the alternate security contact of each account"),
    ...(logging.owner === "kit"
      ? [organizations("cloudtrail.amazonaws.com", "one trail records every account")]
      : []),
    organizations("iam.amazonaws.com", "root credentials and root sessions of members are managed centrally"),
    ...(distribution === "stackset" ? [stackSets] : []),
    sharing,
    ...detecting(landscape),
  ];
  return services.sort((one, other) => one.principal.localeCompare(other.principal, "en"));
}

const organizations = (principal: string, because: string): TrustedService => ({
  principal,
  because,
  through: "organizations",
});

/** Services that detect, and find members of the organization by themselves. */
function detecting({ detection }: Landscape): TrustedService[] {
  return [
    ...(detection?.guardDuty
      ? [
          organizations(
            "guardduty.amazonaws.com",
            "detectors of every account report to the security account",
          ),
          organizations("malware-protection.guardduty.amazonaws.com", "volumes are scanned after a finding"),
        ]
      : []),
    ...(detection?.inspector
      ? [organizations("inspector2.amazonaws.com", "vulnerabilities are found in every account")]
      : []),
    ...(detection?.macie
      ? [organizations("macie.amazonaws.com", "sensitive data is found in every account")]
      : []),
    ...(detection?.securityHub
      ? [organizations("securityhub.amazonaws.com", "findings of every account come to the security account")]
      : []),
  ];
}

/** Services whose organization-wide administrator the security account becomes, once for all regions. */
export const delegatedServices = ["access-analyzer.amazonaws.com"] as const;
