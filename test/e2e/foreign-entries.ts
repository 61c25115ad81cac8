import {
  AccountClient,
  GetAlternateContactCommand,
  PutAlternateContactCommand,
} from "@aws-sdk/client-account";
import {
  EnableOrganizationsRootSessionsCommand,
  IAMClient,
  ListOrganizationsFeaturesCommand,
} from "@aws-sdk/client-iam";
import {
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  DescribeOrganizationalUnitCommand,
  DescribeResourcePolicyCommand,
  EnableAWSServiceAccessCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-organizations";
import { EnableSharingWithAwsOrganizationCommand, RAMClient } from "@aws-sdk/client-ram";
import { managementKeys } from "../local-aws/accounts";
import { signedFetch } from "../local-aws/signed-fetch";
import type { Workspace } from "./workspace";

const management = "111111111111";
const theirContact = {
  Name: "Their Desk",
  Title: "Desk",
  EmailAddress: "desk@example.com",
  PhoneNumber: "+1 555 0199",
};

/** What somebody else has set up in the organization before the kit comes, in every place of which there is one. */
export class ForeignEntries {
  private constructor(
    private readonly workspace: Workspace,
    readonly unitId: string,
  ) {}

  /** What {@link plant} has planted in the organization of which the workspace is a fork. */
  static readonly planted = (workspace: Workspace, unitId: string): ForeignEntries =>
    new ForeignEntries(workspace, unitId);

  static async plant(workspace: Workspace): Promise<ForeignEntries> {
    const organizations = new OrganizationsClient(workspace.client());
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    for (const ServicePrincipal of ["backup.amazonaws.com", "iam.amazonaws.com"]) {
      await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
    }
    const { Roots } = await organizations.send(new ListRootsCommand({}));
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({
        ParentId: Roots?.[0]?.Id ?? "",
        Name: "sandbox",
        Tags: [{ Key: "theirs", Value: "yes" }],
      }),
    );
    await new AccountClient(workspace.client()).send(
      new PutAlternateContactCommand({ AlternateContactType: "SECURITY", ...theirContact }),
    );
    await new IAMClient(workspace.client()).send(new EnableOrganizationsRootSessionsCommand({}));
    await new RAMClient(workspace.client()).send(new EnableSharingWithAwsOrganizationCommand({}));
    await publicAccessBlock(workspace, "PUT", theirAccessBlock);
    await organizations.send(new PutResourcePolicyCommand({ Content: JSON.stringify(theirResourcePolicy) }));
    return new ForeignEntries(workspace, OrganizationalUnit?.Id ?? "");
  }

  /** Everything planted, as AWS tells it now. */
  async read() {
    const organizations = new OrganizationsClient(this.workspace.client());
    const { EnabledServicePrincipals = [] } = await organizations.send(
      new ListAWSServiceAccessForOrganizationCommand({}),
    );
    const { OrganizationalUnit } = await organizations.send(
      new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: this.unitId }),
    );
    const { Tags } = await organizations.send(new ListTagsForResourceCommand({ ResourceId: this.unitId }));
    const { AlternateContact } = await new AccountClient(this.workspace.client()).send(
      new GetAlternateContactCommand({ AlternateContactType: "SECURITY" }),
    );
    const { EnabledFeatures = [] } = await new IAMClient(this.workspace.client()).send(
      new ListOrganizationsFeaturesCommand({}),
    );
    const { ResourcePolicy } = await organizations.send(new DescribeResourcePolicyCommand({}));
    return {
      trustedAccess: EnabledServicePrincipals.map(({ ServicePrincipal }) => ServicePrincipal),
      unit: { id: OrganizationalUnit?.Id, name: OrganizationalUnit?.Name, tags: Tags },
      contact: AlternateContact,
      rootFeatures: EnabledFeatures,
      publicAccessBlock: await publicAccessBlock(this.workspace, "GET"),
      resourcePolicy: (JSON.parse(ResourcePolicy?.Content ?? "{}") as typeof theirResourcePolicy).Statement,
    };
  }

  /** What {@link read} must go on to contain, whatever the kit adds. */
  readonly expected = () => ({
    trustedAccess: expect.arrayContaining(["backup.amazonaws.com", "iam.amazonaws.com", "ram.amazonaws.com"]),
    unit: { id: this.unitId, name: "sandbox", tags: [{ Key: "theirs", Value: "yes" }] },
    contact: expect.objectContaining(theirContact),
    rootFeatures: expect.arrayContaining(["RootSessions"]),
    resourcePolicy: expect.arrayContaining(theirResourcePolicy.Statement),
    publicAccessBlock: expect.stringMatching(/<BlockPublicAcls>true<.*<IgnorePublicAcls>false</is),
  });
}

const theirResourcePolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Theirs",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${management}:root` },
      Action: ["organizations:ListPolicies"],
      Resource: "*",
    },
  ],
};

const theirAccessBlock =
  '<PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">' +
  "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls></PublicAccessBlockConfiguration>";

/** The account's own setting, by HTTP: S3 Control's client refuses a host that begins with an account id. */
async function publicAccessBlock(
  { front }: Workspace,
  method: "GET" | "PUT",
  body?: string,
): Promise<string> {
  const response = await signedFetch(`http://127.0.0.1:${front.port}`, managementKeys, {
    method,
    path: "/v20180820/configuration/publicAccessBlock",
    service: "s3",
    region: "eu-west-1",
    headers: { "x-amz-account-id": management },
    ...(body !== undefined && { body }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`S3 Control answered ${response.status}: ${answer}`);
  return answer.replace(/\s+/g, "");
}
