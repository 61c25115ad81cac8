import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ActivateOrganizationsAccessCommand, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { App } from "cdktf";
import { run, TerraformStackDirectory, terraformCommand } from "../../cli/terraform";
import { BaselineStack } from "../../stacks/baseline";
import { forgotten } from "../../stacks/remembered";
import { assumeRole, clientSettings } from "../local-aws/clients";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import type { Front } from "../local-aws/front";
import { startLocalAws } from "../local-aws/local-aws";
import { type LocalPool, startLocalPool } from "../local-aws/provider-pool/local";
import { landscapeOf, type StackJson } from "../support/landscapes";
import { describeWithTerraform } from "../support/with-tools";

const minutes = 60_000;
const region = "us-east-1";
const instanceType = "aws_cloudformation_stack_set_instance";

type Configuration = StackJson & { removed?: unknown };

interface Change {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: { retain_stack?: boolean } | null;
  };
}

/** What Terraform plans for the baseline when units come and go, from what it has applied. */
describeWithTerraform("the baseline's StackSets", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-stack-sets-"));
  const folder = path.join(directory, "cdktf.out", "stacks", "baseline");
  let front: Front;
  let pool: LocalPool;
  let environment: NodeJS.ProcessEnv;
  let terraform: TerraformStackDirectory;
  let organization = "";
  let root = "";
  let hub = "";
  const units: Record<string, string> = {};
  const members: Record<string, string> = {};

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    const organizations = new OrganizationsClient(clientSettings(front));
    const made = await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    organization = made.Organization?.Id ?? "";
    root = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? "";
    const unit = async (name: string, ParentId: string) =>
      (await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name: name })))
        .OrganizationalUnit?.Id ?? "";
    const account = async (name: string, DestinationParentId: string) => {
      const { CreateAccountStatus } = await organizations.send(
        new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
      );
      const AccountId = CreateAccountStatus?.AccountId ?? "";
      await organizations.send(
        new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId }),
      );
      return AccountId;
    };
    for (const name of ["security", "workloads", "partners"]) units[name] = await unit(name, root);
    units["workloads/prod"] = await unit("prod", units.workloads ?? "");
    hub = await account("security", units.security ?? "");
    for (const [name, at] of [
      ["payments", "workloads/prod"],
      ["guest", "partners"],
    ] as const)
      members[name] = await account(name, units[at] ?? "");
    await new CloudFormationClient(clientSettings(front, undefined, region)).send(
      new ActivateOrganizationsAccessCommand({}),
    );
    const ordinary = localProcessEnvironment(
      localEnvironment(front.port, region, path.join(directory, "terraform")),
    );
    pool = await startLocalPool({ environment: ordinary, stackFolders: [path.dirname(folder)] });
    environment = { ...ordinary, ...pool.environment };
    terraform = new TerraformStackDirectory("baseline", folder, { environment });
  }, 3 * minutes);

  afterAll(async () => {
    await pool.stop();
    await front.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The stack for some units, called as they are now or otherwise. */
  function configurationFor(
    ...paths: readonly (string | readonly [path: string, of: string])[]
  ): Configuration {
    const listed = paths.map((one) => (typeof one === "string" ? [one, one] : one));
    const home = listed.find(([, of]) => of === "security")?.[0];
    const landscape = landscapeOf(
      [
        `organization: { name: acme, id: ${organization}, rootId: ${root} }`,
        `homeRegion: ${region}`,
        `regions: [${region}]`,
        `accounts: { management: { id: "111111111111" }, security: { id: "${hub}", ou: ${home} } }`,
        "organizationalUnits:",
        ...listed.map(([name, of]) => `  - { path: ${name}, id: ${units[of ?? ""]} }`),
        "logging: { owner: existing }",
        "backend: { type: local, directory: state }",
      ].join("\n"),
    );
    const stack = new BaselineStack(new App(), "baseline", landscape);
    stack.addOverride("removed", forgotten(stack, "baseline", landscape));
    return stack.toTerraform() as Configuration;
  }

  const write = (configuration: Configuration) => {
    mkdirSync(folder, { recursive: true });
    mkdirSync(path.join(directory, "state"), { recursive: true });
    writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify(configuration));
  };

  /** As 0.1.0 wrote it: one instance of all units at once. */
  const asBefore = ({ removed: _, ...configuration }: Configuration): Configuration => ({
    ...configuration,
    resource: {
      ...configuration.resource,
      [instanceType]: Object.fromEntries(
        ["global", "regional"].map((part) => [
          `${part}-${region}`,
          {
            stack_set_name: `\${aws_cloudformation_stack_set.${part}.name}`,
            region,
            deployment_targets: { organizational_unit_ids: [units.security, units.workloads] },
            operation_preferences: {
              region_concurrency_type: "PARALLEL",
              failure_tolerance_percentage: 25,
              max_concurrent_percentage: 25,
            },
          },
        ]),
      ),
    },
  });

  /** Every change that is planned, by address: what is to be done, and whether its stacks would be retained. */
  async function planned(configuration: Configuration): Promise<Record<string, string>> {
    write(configuration);
    const terraformIn = (...args: string[]) =>
      run(terraformCommand(), args, { directory: folder, environment });
    const plan = await terraformIn("plan", "-input=false", "-no-color", "-out=plan");
    if (plan.exitCode !== 0) throw new Error(plan.output);
    const { stdout } = await terraformIn("show", "-json", "plan");
    const { resource_changes: changes = [] } = JSON.parse(stdout) as { resource_changes?: Change[] };
    return Object.fromEntries(
      changes
        .filter(({ change }) => change.actions.join() !== "no-op")
        .map(({ address, change: { actions, before } }) => [
          address,
          [...actions, ...(actions.includes("delete") && before?.retain_stack ? ["retaining"] : [])].join(
            " ",
          ),
        ]),
    );
  }

  const of = (unit: string, action: string) =>
    Object.fromEntries(
      ["global", "regional"].map((part) => [`${instanceType}.${part}-${units[unit]}-${region}`, action]),
    );

  const roleId = async (member: string) => {
    const role = `arn:aws:iam::${members[member]}:role/OrganizationAccountAccessRole`;
    const keys = await assumeRole(new STSClient(clientSettings(front)), role);
    const iam = new IAMClient(clientSettings(front, keys));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "acme-ir-auto-logging" }));
    return Role?.RoleId;
  };

  it(
    "replaced everything when a unit came, with one list for all units",
    async () => {
      write(asBefore(configurationFor("security", "workloads")));
      await terraform.init();
      await terraform.apply();
      const more = asBefore(configurationFor("security", "workloads", "partners"));
      const lists = Object.values(more.resource?.[instanceType] ?? {});
      for (const instance of lists)
        Object.assign(instance, {
          deployment_targets: { organizational_unit_ids: [units.security, units.workloads, units.partners] },
        });
      expect(await planned(more)).toEqual({
        [`${instanceType}.global-${region}`]: "delete create",
        [`${instanceType}.regional-${region}`]: "delete create",
      });
    },
    5 * minutes,
  );

  it(
    "become an instance a unit, and nothing that stood is touched",
    async () => {
      const before = await roleId("payments");
      expect(before).toBeDefined();
      const upgrade = configurationFor("security", "workloads");
      const changes = await planned(upgrade);
      expect(changes).toMatchObject({
        ...of("security", "create"),
        ...of("workloads", "create"),
        [`${instanceType}.global-${region}`]: "forget",
        [`${instanceType}.regional-${region}`]: "forget",
      });
      expect(Object.values(changes).filter((action) => action.includes("delete"))).toEqual([]);
      await terraform.apply();
      expect(await roleId("payments")).toBe(before);
      expect(await planned(upgrade)).toEqual({});
    },
    5 * minutes,
  );

  it(
    "gain a unit, lose one, and see one renamed, each without the others",
    async () => {
      expect(await planned(configurationFor("security", "workloads", "partners"))).toEqual(
        of("partners", "create"),
      );
      expect(await planned(configurationFor("security"))).toEqual(of("workloads", "delete retaining"));
      expect(await planned(configurationFor(["defense", "security"], "workloads"))).toEqual({});
    },
    5 * minutes,
  );

  it(
    "leave a unit's stacks standing when it is taken out",
    async () => {
      const before = await roleId("payments");
      write(configurationFor("security"));
      await terraform.apply();
      expect(await roleId("payments")).toBe(before);
    },
    5 * minutes,
  );

  it(
    "stop a plan that would replace what a stopped operation has tainted",
    async () => {
      write(configurationFor("security"));
      const tainted = `${instanceType}.global-${units.security}-${region}`;
      const inFolder = (...args: string[]) =>
        run(terraformCommand(), args, { directory: folder, environment });
      expect((await inFolder("taint", tainted)).exitCode).toBe(0);
      const { exitCode, output } = await inFolder("plan", "-input=false", "-no-color");
      expect([exitCode, output]).toEqual([1, expect.stringContaining("Instance cannot be destroyed")]);
      expect((await inFolder("untaint", tainted)).exitCode).toBe(0);
      expect(await planned(configurationFor("security"))).toEqual({});
    },
    5 * minutes,
  );
});
