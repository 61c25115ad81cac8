import { type Static, Type } from "@sinclair/typebox";
import { closed, literals, RegionName } from "./texts";

const octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

/** A range that a VPC can have. Source: "VPC CIDR blocks" (Amazon VPC user guide): from /16 to /28. */
const vpcRange = (description: string) =>
  Type.String({
    pattern: `^${octet}(\\.${octet}){3}/(1[6-9]|2[0-8])$`,
    description,
    errorMessage: "is not an IPv4 range of a VPC, such as 10.255.0.0/24 (from /16 to /28)",
  });

/** A range that is in use, whoever uses it. */
export const NetworkRange = Type.String({
  pattern: `^${octet}(\\.${octet}){3}/([0-9]|[12][0-9]|3[0-2])$`,
  errorMessage: "is not an IPv4 range, such as 10.0.0.0/8",
});

export const endpointModes = ["always", "on-demand"] as const;

/** Days as a lock takes them; Object Lock itself takes up to a hundred years. */
const days = (description: string) =>
  Type.Integer({
    minimum: 1,
    maximum: 3653,
    description,
    errorMessage: "is not a number of days from 1 to 3653",
  });

const Evidence = Type.Object(
  {
    lock: Type.Optional(
      literals(
        ["governance", "compliance"] as const,
        "Object Lock of evidence: compliance can't be undone by anyone, root included",
      ),
    ),
    lockDays: Type.Optional(days("Days that a piece of evidence can't be deleted")),
    maximumDays: Type.Optional(days("Days beyond which nobody may lock a piece of evidence")),
    retentionDays: Type.Optional(
      days("Days after which evidence goes by itself; left out, it stays until somebody deletes it"),
    ),
    acknowledgeIrreversible: Type.Optional(Type.Boolean({ description: "Needed for lock: compliance" })),
  },
  { ...closed, description: "How long evidence is kept, against whom" },
);

/** Source: "Amazon EC2 instance type naming conventions". */
const instanceType = (description: string) =>
  Type.String({
    pattern: "^[a-z][a-z0-9-]*\\.[a-z0-9-]+$",
    description,
    errorMessage: "is not an instance type, such as m7g.xlarge",
  });

const Machines = Type.Object(
  {
    linuxArm64: Type.Optional(instanceType("Type on which evidence is looked at, of Graviton")),
    linuxX86: Type.Optional(instanceType("Type on which evidence is looked at, of Intel or AMD")),
    windows: Type.Optional(instanceType("Type on which evidence is looked at with Windows")),
    quarantine: Type.Optional(instanceType("Type on which copies of suspicious machines run")),
    recovery: Type.Optional(
      Type.Object(
        {
          image: Type.String({
            pattern: "^/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){0,14}$",
            description: "SSM parameter of the forensics account that names the golden image",
            errorMessage: "is not the name of an SSM parameter, such as /golden/linux",
          }),
          instanceType: instanceType("Type on which the golden image runs"),
          rootDevice: Type.Optional(
            Type.String({
              pattern: "^/dev/[a-z0-9]+$",
              description: "Root device of the golden image; /dev/xvda where left out",
              errorMessage: "is not a device, such as /dev/xvda",
            }),
          ),
        },
        { ...closed, description: "Golden image from which is rebuilt; without it there is no template" },
      ),
    ),
  },
  { ...closed, description: "Types of the machines in the forensics account" },
);

/** As many as user data has room for. */
export const mostTools = 30;

export const toolPlatforms = ["linux", "windows"] as const;

const Tool = Type.Object(
  {
    platform: literals(toolPlatforms, "Where it runs"),
    key: Type.String({
      pattern: "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$",
      maxLength: 200,
      description: "Key of the object in the tools bucket of each region",
      errorMessage: "is not a key of letters, digits, dots, hyphens and slashes",
    }),
    sha256: Type.String({
      pattern: "^[0-9a-f]{64}$",
      description: "SHA-256 of the object; another is not run",
      errorMessage: "is not a SHA-256: 64 digits and letters from a to f",
    }),
    memory: Type.Optional(
      literals(
        ["arm64", "x86-64"] as const,
        "It reads memory of suspected machines of this architecture, such as AVML or WinPmem",
      ),
    ),
  },
  closed,
);

export const Forensics = Type.Object(
  {
    machines: Type.Optional(Machines),
    tools: Type.Optional(
      Type.Array(Tool, {
        maxItems: mostTools,
        description: "What a machine of analysts fetches at its first start",
      }),
    ),
    regions: Type.Optional(
      Type.Array(RegionName, {
        minItems: 1,
        uniqueItems: true,
        description: "Watched regions that have networks for forensics; all of them where left out",
        errorMessage: "is not a list of at least one region, each once",
      }),
    ),
    evidence: Type.Optional(Evidence),
    endpoints: Type.Optional(
      literals(
        endpointModes,
        "Interface endpoints of the forensic network: paid by the hour, always, or only while they are needed",
      ),
    ),
    quarantineNetwork: Type.Optional(
      vpcRange("Range of the network in which copies of suspicious machines run, the same in each region"),
    ),
    forensicNetwork: Type.Optional(
      vpcRange("Range of the network in which analysts work, the same in each region; at least /27"),
    ),
  },
  { ...closed, description: "Where suspicious machines run, and where evidence is looked at" },
);

export type ForensicsFile = Static<typeof Forensics>;
