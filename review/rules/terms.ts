export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

export const frameworks = {
  "cis-aws-3.0": "CIS AWS Foundations Benchmark 3.0",
  "aws-fsbp": "AWS Foundational Security Best Practices",
  "nist-800-53-r5": "NIST SP 800-53 revision 5",
  "nist-csf-2.0": "NIST Cybersecurity Framework 2.0",
  "iso-27001-2022": "ISO/IEC 27001:2022, Annex A",
  "pci-dss-4": "PCI DSS 4.0",
} as const;
export type Framework = keyof typeof frameworks;

export const policyCarriers = [
  "identity",
  "resource",
  "endpoint",
  "trust",
  "service-control",
  "resource-control",
] as const;
export type PolicyCarrier = (typeof policyCarriers)[number];
