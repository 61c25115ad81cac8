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
