import { type Static, Type } from "@sinclair/typebox";
import { AccountId, closed, literals, OrganizationalUnitPath, owners, printable } from "./texts";

/** Protection plans of GuardDuty, by the names that the landscape gives them. */
export const guardDutyPlans = ["eks", "lambda", "malware", "rds", "runtime", "s3"] as const;

/** What Inspector looks at. */
export const inspectorScans = ["ec2", "ecr", "lambda", "lambdaCode"] as const;

/** Standards of Security Hub CSPM, by the names that the landscape gives them. */
export const standardNames = [
  "fsbp",
  "cis-1.4",
  "cis-3.0",
  "nist-800-53",
  "pci-dss-4.0",
  "resource-tagging",
] as const;

const owner = (what: string) =>
  Type.Optional(literals(owners, `existing: ${what} is administered by others`));

const choice = (what: string) =>
  Type.Optional(Type.Boolean({ description: what, errorMessage: "is neither true nor false" }));

const Standards = Type.Array(literals(standardNames, "Standard whose controls are checked"), {
  uniqueItems: true,
  errorMessage: "is not a list of distinct standards",
});

const GuardDuty = Type.Object(
  {
    owner: owner("GuardDuty"),
    eks: choice("Audit logs of EKS clusters"),
    lambda: choice("Network activity of Lambda functions"),
    malware: choice("Malware scans of EBS volumes after a finding"),
    rds: choice("Sign-ins to Aurora and RDS databases"),
    runtime: choice("Agents on EC2 instances, EKS nodes and Fargate tasks, which GuardDuty manages"),
    s3: choice("Data events of S3"),
  },
  { ...closed, description: "Detectors of the whole organization; a plan that is not named is off" },
);

const Noise = Type.Object(
  {
    name: Type.String({
      pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
      maxLength: 64,
      description: "Short name, part of the automation rule's name",
      errorMessage: "is not a short name of lower-case letters, digits and single hyphens",
    }),
    because: Type.String({
      pattern: printable(200),
      description: "Why such findings are noise: stands in each that is suppressed",
      errorMessage: "is not a reason of 1 to 200 printable characters",
    }),
    generator: Type.Optional(
      Type.String({
        pattern: "^(?!\\*$)[!-~]{1,512}$",
        description:
          "GeneratorId of the findings, such as security-control/EC2.10; with a star at its end, whatever begins so",
        errorMessage: "is not a generator's id (printable, without spaces; a star alone would be every one)",
      }),
    ),
    type: Type.Optional(
      Type.String({
        pattern: "^(?!\\*$)[ -~]{1,256}$",
        description:
          "Type of the findings, such as TTPs/Discovery/Recon:EC2-PortProbe*; with a star at its end, whatever begins so",
        errorMessage: "is not a finding's type (printable; a star alone would be every one)",
      }),
    ),
    accounts: Type.Optional(
      Type.Array(AccountId, {
        minItems: 1,
        maxItems: 20,
        description: "Accounts in which such findings are noise; every one where left out",
        errorMessage: "is not a list of 1 to 20 account ids",
      }),
    ),
  },
  closed,
);

const SecurityHub = Type.Object(
  {
    owner: owner("Security Hub"),
    standards: Type.Optional(Standards),
    units: Type.Optional(
      Type.Array(Type.Object({ path: OrganizationalUnitPath, standards: Standards }, closed), {
        description: "Units that are checked by other standards than the rest",
        errorMessage: "is not a list of units with their standards",
      }),
    ),
    noise: Type.Optional(
      Type.Array(Noise, {
        // Security Hub takes 100 automation rules; one is the kit's own.
        maxItems: 99,
        description: "Findings that are suppressed when they come in",
        errorMessage: "is not a list of at most 99 kinds of noise",
      }),
    ),
  },
  { ...closed, description: "Security Hub CSPM, configured centrally from the home region" },
);

const Inspector = Type.Object(
  {
    owner: owner("Inspector"),
    ec2: choice("Vulnerabilities of EC2 instances"),
    ecr: choice("Vulnerabilities of container images in ECR"),
    lambda: choice("Vulnerabilities of packages in Lambda functions"),
    lambdaCode: choice("Faults in the code of Lambda functions; needs lambda"),
  },
  { ...closed, description: "Vulnerabilities; a scan that is not named is off" },
);

const Macie = Type.Object(
  { owner: owner("Macie") },
  { ...closed, description: "Sensitive data in S3; left out, Macie is not switched on" },
);

const AccessAnalyzer = Type.Object(
  {
    owner: owner("IAM Access Analyzer"),
    unusedAccessDays: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 365,
        description: "Days after which access that nobody has used is reported; left out, none is",
        errorMessage: "is not a number of days from 1 to 365",
      }),
    ),
  },
  { ...closed, description: "What is shared outside the organization, and access that nobody uses" },
);

export const Detection = Type.Object(
  {
    guardDuty: Type.Optional(GuardDuty),
    securityHub: Type.Optional(SecurityHub),
    inspector: Type.Optional(Inspector),
    macie: Type.Optional(Macie),
    accessAnalyzer: Type.Optional(AccessAnalyzer),
    config: Type.Optional(
      literals(
        owners,
        "kit: recorders of AWS Config in every account and watched region; existing: others record",
      ),
    ),
  },
  {
    ...closed,
    description: "What looks for attacks and weaknesses; a service that is left out is not touched",
  },
);

export type DetectionFile = Static<typeof Detection>;
