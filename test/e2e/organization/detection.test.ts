import {
  DescribeOrganizationConfigurationCommand,
  DescribePublishingDestinationCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListPublishingDestinationsCommand,
} from "@aws-sdk/client-guardduty";
import { ListResolverQueryLogConfigsCommand, Route53ResolverClient } from "@aws-sdk/client-route53resolver";
import {
  DescribeOrganizationConfigurationCommand as DescribeHub,
  GetConfigurationPolicyAssociationCommand,
  ListFindingAggregatorsCommand,
  ListOrganizationAdminAccountsCommand,
  SecurityHubClient,
} from "@aws-sdk/client-securityhub";
import { bucketArn } from "../../../landscape/arns";
import { administrator } from "../accounts";
import { describeOnOrganization, minutes } from "./fork";
import { expectNoChange } from "./no-change";

/** What looks for attacks, as the AWS API tells it, and what becomes of it when a region is given up. */
describeOnOrganization((workspace) => {
  const security = () => workspace().landscape().accounts.security.id ?? "";
  const settings = async (region: string) =>
    workspace().client(await administrator(workspace(), security()), region);

  describe("detection", () => {
    it.each(["eu-west-1", "us-east-1"])(
      "has one detector in %s that covers every account",
      async (region) => {
        const guardDuty = new GuardDutyClient(await settings(region));
        const { DetectorIds = [] } = await guardDuty.send(new ListDetectorsCommand({}));
        expect(DetectorIds).toHaveLength(1);
        const [DetectorId = ""] = DetectorIds;
        const detector = await guardDuty.send(new GetDetectorCommand({ DetectorId }));
        expect(detector).toMatchObject({ Status: "ENABLED", FindingPublishingFrequency: "FIFTEEN_MINUTES" });
        const statuses = Object.fromEntries(
          (detector.Features ?? []).map(({ Name, Status }) => [Name, Status]),
        );
        expect(statuses).toMatchObject({ S3_DATA_EVENTS: "ENABLED", RUNTIME_MONITORING: "DISABLED" });
        const organization = await guardDuty.send(
          new DescribeOrganizationConfigurationCommand({ DetectorId }),
        );
        expect(organization.AutoEnableOrganizationMembers).toBe("ALL");
        expect(organization.Features).toHaveLength(6);
        const { Destinations = [] } = await guardDuty.send(
          new ListPublishingDestinationsCommand({ DetectorId }),
        );
        const destination = await guardDuty.send(
          new DescribePublishingDestinationCommand({
            DetectorId,
            DestinationId: Destinations[0]?.DestinationId,
          }),
        );
        expect(destination.DestinationProperties).toEqual({
          DestinationArn: bucketArn(workspace().landscape(), "findings"),
          KmsKeyArn: expect.stringMatching(/^arn:aws:kms:eu-west-1:\d{12}:key\//),
        });
      },
    );

    it("has Security Hub configured centrally, its standards on the root and on a unit that differs", async () => {
      const hub = new SecurityHubClient(await settings("eu-west-1"));
      expect(await hub.send(new DescribeHub({}))).toMatchObject({
        AutoEnable: false,
        OrganizationConfiguration: { ConfigurationType: "CENTRAL", Status: "ENABLED" },
      });
      const { FindingAggregators } = await hub.send(new ListFindingAggregatorsCommand({}));
      expect(FindingAggregators).toHaveLength(1);
      const { organization, organizationalUnits } = workspace().landscape();
      const sandbox = organizationalUnits.find(({ path }) => path === "sandbox")?.id ?? "";
      for (const Target of [{ RootId: organization.rootId ?? "" }, { OrganizationalUnitId: sandbox }]) {
        const association = await hub.send(new GetConfigurationPolicyAssociationCommand({ Target }));
        expect(association).toMatchObject({ AssociationStatus: "SUCCESS" });
      }
    });

    it.each(["eu-west-1", "us-east-1"])("has query logging of %s ready to be used", async (region) => {
      const resolver = new Route53ResolverClient(await settings(region));
      const { ResolverQueryLogConfigs } = await resolver.send(new ListResolverQueryLogConfigsCommand({}));
      expect(ResolverQueryLogConfigs).toEqual([
        expect.objectContaining({
          Name: "acme-ir-dns-queries",
          DestinationArn: `${bucketArn(workspace().landscape(), "dns-queries")}/${region}`,
        }),
      ]);
    });

    it(
      "loses nothing in the home region when another region is given up, and takes it up again",
      async () => {
        const given = ["detection-us-east-1", "delegation-us-east-1", "administrator-us-east-1"];
        for (const name of given) expect((await workspace().terraform(name).destroy()).exitCode).toBe(0);
        const management = new SecurityHubClient(workspace().client());
        const { AdminAccounts } = await management.send(new ListOrganizationAdminAccountsCommand({}));
        expect(AdminAccounts).toEqual([{ AccountId: security(), Status: "ENABLED" }]);
        for (const name of ["administrator-eu-west-1", "delegation-eu-west-1", "detection-eu-west-1"]) {
          const { exitCode, output } = await workspace().terraform(name).plan();
          expect([name, exitCode, exitCode === 0 ? "" : output]).toEqual([name, 0, ""]);
        }
        for (const name of [...given].reverse()) await workspace().terraform(name).apply();
        await expectNoChange(workspace(), given);
      },
      5 * minutes,
    );
  });
});
