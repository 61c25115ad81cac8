import { samlDoorRoleArn, samlProviderArn } from "../../landscape/arns";
import type { Landscape, SamlDoor } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import type { PartitionName } from "../../landscape/partitions";
import type { Statement } from "../document";
import type { EntranceOf } from "./door";

/**
 * A SAML identity provider: it opens one role in the hub's account, from which the hub's roles are assumed.
 *
 * Name: the provider asserts `https://aws.amazon.com/SAML/Attributes/SourceIdentity`; a session without one is not
 * opened, and a chain of roles can't change it.
 *
 * MFA: established by the provider (require it for this application). AWS passes no MFA key into such sessions.
 *
 * Console: the provider's start page opens the console as the door's role, which may only assume hub roles; Switch
 * Role can carry neither case nor chain, so `ir-kit assume --console` is the way into an account's console.
 */
export const saml: EntranceOf<SamlDoor> = (landscape) => {
  const account = accountId(landscape.hub);
  return {
    kind: "Saml",
    account,
    principals: [samlDoorRoleArn(landscape, account)],
    // What the provider asserted goes on into the hub's session, or AWS refuses: it can't be changed in a chain.
    verified: { StringLike: { "aws:SourceIdentity": "?*" } },
  };
};

/** Source: "Configure SAML assertions for the authentication response" (IAM user guide), and its partitions' guides. */
const audience: Readonly<Record<PartitionName, string>> = {
  aws: "https://signin.aws.amazon.com/saml",
  "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
  "aws-cn": "https://signin.amazonaws.cn/saml",
};

/** The global endpoint, and those of regions, which go on when that one is down. */
const audiences = (partition: PartitionName): string[] => [
  audience[partition],
  audience[partition].replace("https://", "https://*."),
];

/** Trust policy of the role that the provider opens. */
export function samlDoorTrust(landscape: Landscape): Statement[] {
  const Principal = { Federated: [samlProviderArn(landscape, accountId(landscape.hub))] };
  const named = { StringLike: { "sts:SourceIdentity": "?*" } };
  return [
    {
      Sid: "IdentityProvider",
      Effect: "Allow",
      Principal,
      Action: ["sts:AssumeRoleWithSAML"],
      Condition: {
        StringLike: { ...named.StringLike, "SAML:aud": audiences(landscape.partition.name) },
      },
    },
    {
      Sid: "NamedByProvider",
      Effect: "Allow",
      Principal,
      Action: ["sts:SetSourceIdentity"],
      Condition: named,
    },
  ];
}
