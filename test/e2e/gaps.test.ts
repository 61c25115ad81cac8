import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { TerraformStackDirectory } from "../../cli/terraform";
import { clientSettings } from "../local-aws/clients";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import type { Front } from "../local-aws/front";
import { gaps } from "../local-aws/gaps";
import { startLocalAws } from "../local-aws/local-aws";
import { type LocalPool, startLocalPool } from "../local-aws/provider-pool/local";
import { repository } from "../support/repository";
import { describeWithTerraform } from "../support/with-tools";

const fixture = path.join(repository, "test", "fixtures", "gaps");

/** Gaps that the organization's own test and the front's tests meet, so that the fixture need not. */
const shownElsewhere = new Set([
  "athena-delete-named-query",
  "cloudformation-delete-stack-instances",
  "cloudformation-organizations-access",
  "cloudformation-stack-instances",
  "cloudformation-stack-set-details",
  "cloudtrail-event-history",
  "cloudtrail-logging-by-arn",
  "cloudformation-identities",
  "ec2-console-screenshot",
  "ec2-launch-by-template",
  "ec2-launch-template-tags",
  "ec2-shutdown-behavior",
  "ec2-snapshot-copies",
  "ec2-snapshot-permissions",
  "events-missing-rule",
  "events-put-events",
  "events-test-pattern",
  "guardduty-members",
  "iam-organizations-features",
  "iam-service-credentials",
  "iam-simulation",
  "iam-user-boundary",
  "kms-describe-across-accounts",
  "kms-digest-signatures",
  "lambda-invocation",
  "lambda-logging-config",
  "macie-members",
  "organizations-create-account",
  "organizations-delegated-administrators",
  "organizations-list-accounts",
  "organizations-policies-of-members",
  "organizations-resource-policy",
  "organizations-trusted-access",
  "ram-sharing-with-organization",
  "resolver-query-log-associations",
  "resolver-shared-configurations",
  "s3-bucket-logging",
  "s3-bucket-policy",
  "s3-object-retention",
  "sso-permission-set-tags",
  "sso-provisioning",
  "sts-access-key-info",
  "sts-session-token",
  "ssm-managed-instances",
  "logs-first-start",
]);

/** Resources that stacks to come will make, each of which the emulator alone could not apply. */
describeWithTerraform("the gaps of the emulator", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-gaps-"));
  let front: Front;
  let pool: LocalPool;
  let terraform: TerraformStackDirectory;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    await new OrganizationsClient(clientSettings(front)).send(
      new CreateOrganizationCommand({ FeatureSet: "ALL" }),
    );
    const environment = localProcessEnvironment(localEnvironment(front.port, "eu-west-1", directory));
    cpSync(fixture, directory, { recursive: true });
    pool = await startLocalPool({ environment, stackFolders: [directory] });
    terraform = new TerraformStackDirectory("gaps", directory, {
      environment: { ...environment, ...pool.environment },
    });
    await terraform.init();
  });

  afterAll(async () => {
    await pool.stop();
    await front.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("are filled, so that real Terraform applies them and then sees no change", async () => {
    await terraform.apply();
    const { exitCode, output } = await terraform.plan();
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  }, 120_000);

  it("are filled to the end: destroy leaves nothing", async () => {
    const { exitCode, output } = await terraform.destroy();
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    expect(await terraform.resources()).toEqual([]);
    expect(front.counts().unanswered).toEqual({});
  }, 120_000);

  it("are met by the fixture, each one", () => {
    const met = Object.keys(front.counts().gaps);
    const missed = gaps.map(({ id }) => id).filter((id) => !met.includes(id) && !shownElsewhere.has(id));
    expect(missed).toEqual([]);
    const types = new Set(
      [...readFileSync(path.join(fixture, "main.tf"), "utf8").matchAll(/^resource "(\w+)"/gm)].map(
        ([, type]) => type,
      ),
    );
    for (const { id, resources } of gaps.filter((gap) => !shownElsewhere.has(gap.id))) {
      expect([id, resources.filter((type) => !types.has(type))]).toEqual([id, []]);
    }
  });
});
