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

export const Forensics = Type.Object(
  {
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
