import { GetAlternateContactCommand, PutAlternateContactCommand } from "@aws-sdk/client-account";
import { ActivateOrganizationsAccessCommand } from "@aws-sdk/client-cloudformation";
import {
  EnableOrganizationsRootCredentialsManagementCommand,
  EnableOrganizationsRootSessionsCommand,
  ListOrganizationsFeaturesCommand,
} from "@aws-sdk/client-iam";
import {
  CreateOrganizationCommand,
  DescribeOrganizationCommand,
  EnableAWSServiceAccessCommand,
  ListRootsCommand,
  type Organization,
  paginateListAccounts,
  paginateListAWSServiceAccessForOrganization,
} from "@aws-sdk/client-organizations";
import { EnableSharingWithAwsOrganizationCommand } from "@aws-sdk/client-ram";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Landscape } from "../../landscape";
import { accountId } from "../../landscape/names";
import { type TrustedService, trustedServices } from "../../landscape/services";
import { Refused } from "../errors";
import type { ManagementClients } from "./clients";

/** A change to something that the organization has only once: it adds, and takes nothing away. */
export interface Addition {
  readonly what: string;
  readonly apply: () => Promise<void>;
}

export interface OrganizationFacts {
  readonly id: string;
  readonly rootId: string;
  /** Present once the policy of cuts stands. */
  readonly cutPolicyId?: string;
}

/** @throws Refused where the credentials are not those of the landscape's management account */
export async function checkCaller({ sts }: ManagementClients, landscape: Landscape): Promise<void> {
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  const expected = accountId(landscape.accounts.management);
  if (Account !== expected) {
    throw new Refused(
      `these credentials are of account ${Account} (${Arn}); accounts.management.id is ${expected}. ` +
        "Use credentials of the management account.",
    );
  }
}

/** @throws Refused where there is none and none is to be created, or where it is another than the landscape's */
export async function readOrganization(
  clients: ManagementClients,
  landscape: Landscape,
  create: boolean,
): Promise<OrganizationFacts> {
  const organization = (await describe(clients)) ?? (await createOrganization(clients, create));
  const management = accountId(landscape.accounts.management);
  if (organization.MasterAccountId !== management) {
    throw new Refused(
      `the organization's management account is ${organization.MasterAccountId}, not ${management} of the landscape`,
    );
  }
  if (organization.FeatureSet !== "ALL") {
    throw new Refused(
      "the organization has consolidated billing only; enable all features in AWS Organizations first",
    );
  }
  const { Roots } = await clients.organizations.send(new ListRootsCommand({}));
  const facts = { id: organization.Id ?? "", rootId: Roots?.[0]?.Id ?? "" };
  compare("organization.id", landscape.organization.id, facts.id);
  compare("organization.rootId", landscape.organization.rootId, facts.rootId);
  return facts;
}

function compare(field: string, written: string | undefined, found: string): void {
  if (written === undefined || written === found) return;
  throw new Refused(
    `${field} is "${written}" in the landscape, and AWS says "${found}": is this the right organization?`,
  );
}

async function describe({ organizations }: ManagementClients): Promise<Organization | undefined> {
  try {
    return (await organizations.send(new DescribeOrganizationCommand({}))).Organization;
  } catch (error) {
    if ((error as Error).name === "AWSOrganizationsNotInUseException") return undefined;
    throw error;
  }
}

async function createOrganization(
  { organizations }: ManagementClients,
  create: boolean,
): Promise<Organization> {
  if (!create) {
    throw new Refused(
      "this account is in no organization. Make one in AWS Organizations, or let bootstrap do it: --create-organization",
    );
  }
  const { Organization: made } = await organizations.send(
    new CreateOrganizationCommand({ FeatureSet: "ALL" }),
  );
  if (!made) throw new Error("AWS Organizations created an organization and did not describe it");
  return made;
}

/** What is still to be switched on in the organization, each with the call that does it. */
export async function missingAdditions(
  clients: ManagementClients,
  landscape: Landscape,
): Promise<Addition[]> {
  return [...(await missingTrustedAccess(clients, landscape)), ...(await missingRootAccess(clients))];
}

async function missingTrustedAccess(clients: ManagementClients, landscape: Landscape): Promise<Addition[]> {
  const enabled = new Set<string | undefined>();
  const pages = paginateListAWSServiceAccessForOrganization({ client: clients.organizations }, {});
  for await (const page of pages) {
    for (const { ServicePrincipal } of page.EnabledServicePrincipals ?? []) enabled.add(ServicePrincipal);
  }
  return trustedServices(landscape)
    .filter(({ principal }) => !enabled.has(principal))
    .map((service) => ({
      what: `trusted access of ${service.principal}: ${service.because}`,
      apply: () => enable(clients, service),
    }));
}

/** Source: each service's page under "AWS services that you can use with AWS Organizations". */
async function enable(
  { organizations, cloudformation, ram }: ManagementClients,
  { through, principal }: TrustedService,
): Promise<void> {
  switch (through) {
    case "cloudformation":
      // The organization's attribute alone is not enough for StackSets, and this call sets both.
      await cloudformation.send(new ActivateOrganizationsAccessCommand({}));
      return;
    case "ram":
      await ram.send(new EnableSharingWithAwsOrganizationCommand({}));
      return;
    case "organizations":
      await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: principal }));
  }
}

/** Source: "Centralize root access for member accounts" (IAM user guide). */
async function missingRootAccess({ iam }: ManagementClients): Promise<Addition[]> {
  const enabled = await iam.send(new ListOrganizationsFeaturesCommand({})).then(
    ({ EnabledFeatures }): readonly string[] => EnabledFeatures ?? [],
    (error: Error): readonly string[] => {
      // Says that trusted access of IAM is off, which is about to be mended; then no feature is on either.
      if (error.name === "ServiceAccessNotEnabledException" || error.name === "ServiceAccessNotEnabled")
        return [];
      throw error;
    },
  );
  const features = [
    {
      name: "RootCredentialsManagement",
      what: "central management of members' root credentials",
      command: () => iam.send(new EnableOrganizationsRootCredentialsManagementCommand({})),
    },
    {
      name: "RootSessions",
      what: "central root sessions in members, limited to one task each",
      command: () => iam.send(new EnableOrganizationsRootSessionsCommand({})),
    },
  ] as const;
  return features
    .filter(({ name }) => !enabled.includes(name))
    .map(({ what, command }) => ({
      what,
      apply: async () => {
        await command();
      },
    }));
}

/** Accounts without a security contact get the landscape's; one that stands, whoever set it, is left alone. */
export async function missingContacts(
  { account, organizations }: ManagementClients,
  landscape: Landscape,
): Promise<Addition[]> {
  const contact = landscape.securityContact;
  if (!contact) return [];
  const management = accountId(landscape.accounts.management);
  const additions: Addition[] = [];
  for await (const page of paginateListAccounts({ client: organizations }, {})) {
    for (const { Id, Name } of page.Accounts ?? []) {
      // The management account's own contact is named without its id, and refused with it.
      const target = Id === undefined || Id === management ? {} : { AccountId: Id };
      const type = { AlternateContactType: "SECURITY" } as const;
      const present = await account.send(new GetAlternateContactCommand({ ...target, ...type })).then(
        () => true,
        (error: Error) => {
          if (error.name === "ResourceNotFoundException") return false;
          throw error;
        },
      );
      if (present) continue;
      additions.push({
        what: `security contact ${contact.email} of account ${Name} (${Id})`,
        apply: async () => {
          await account.send(
            new PutAlternateContactCommand({
              ...target,
              ...type,
              Name: contact.name,
              Title: contact.title,
              EmailAddress: contact.email,
              PhoneNumber: contact.phone,
            }),
          );
        },
      });
    }
  }
  return additions;
}
