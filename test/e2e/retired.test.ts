import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { parseDocument } from "yaml";
import { deployedFile } from "../../landscape/deployed/file";
import { editYaml } from "../../landscape/edit";
import type { FieldPath } from "../../landscape/problems";
import { resourceCounts } from "../local-aws/cdktf";
import { withoutIds } from "../local-aws/local-landscape";
import { exampleText } from "../support/landscapes";
import { describeWithTerraform } from "../support/with-tools";
import { Workspace } from "./workspace";

const minutes = 60_000;
const watched = /regions: \[ ?eu-west-1, us-east-1 ?\]/;
const stack = "administrator-us-east-1";

/** No hub and no networks: what is given up, and nothing else. */
const landscape = exampleText.slice(0, exampleText.indexOf("# Ranges that are in use"));

describeWithTerraform("what was deployed and is dropped or given up", () => {
  let workspace: Workspace;
  const read = () => readFileSync(workspace.landscapeFile, "utf8");
  const write = (text: string) => writeFileSync(workspace.landscapeFile, text);
  const accountNames = async () =>
    (await new OrganizationsClient(workspace.client()).send(new ListAccountsCommand({}))).Accounts?.map(
      ({ Name }) => Name,
    );
  const placeOf = (name: string): FieldPath => [
    "members",
    workspace.landscape().members.findIndex((member) => member.name === name),
  ];
  const without = (name: string) => {
    const document = parseDocument(read());
    document.deleteIn(placeOf(name));
    return document.toString({ lineWidth: 0 });
  };

  beforeAll(async () => {
    workspace = await Workspace.create(withoutIds(landscape, "state"));
    const bootstrap = await workspace.irKit("bootstrap", "--yes", "--create-organization");
    if (bootstrap.exitCode !== 0) throw new Error(bootstrap.output);
    const synthesis = await workspace.synth();
    if (synthesis.exitCode !== 0) throw new Error(synthesis.output);
    for (const name of ["organization", stack]) {
      await workspace.terraform(name).init();
      await workspace.terraform(name).apply();
    }
  }, 5 * minutes);

  afterAll(() => workspace.close());

  it(
    "is not dropped by a deployment: an account whose line is missing is told by its name",
    async () => {
      const text = read();
      write(without("playground"));
      try {
        const deployed = await workspace.deploy("organization");
        expect(deployed.exitCode).not.toBe(0);
        expect(deployed.output).toContain("account playground");
        expect(deployed.output).toContain("state: retired");
        const validated = await workspace.irKit("validate");
        expect([validated.exitCode, validated.output]).toEqual([
          2,
          expect.stringContaining("account playground"),
        ]);
        // Without the lock file, Terraform would destroy the account.
        const lock = deployedFile(workspace.landscapeFile);
        renameSync(lock, `${lock}.aside`);
        await workspace.synth();
        const plan = await workspace.terraform("organization").plan();
        renameSync(`${lock}.aside`, lock);
        expect(plan.output).toContain("1 to destroy");
      } finally {
        write(text);
      }
    },
    4 * minutes,
  );

  it(
    "is forgotten and stays where it says that it is retired: an account and a unit",
    async () => {
      const units = workspace.landscape().organizationalUnits;
      const unit = units.findIndex(({ path }) => path === "workloads/dev");
      write(
        editYaml(read(), [
          { path: [...placeOf("playground"), "state"], value: "retired" },
          { path: ["organizationalUnits", unit, "state"], value: "retired" },
        ]),
      );
      const validated = await workspace.irKit("validate");
      expect(validated.output).toMatch(/retired.*account playground .* stays in the organization/);
      const result = await workspace.deploy("organization");
      expect([result.exitCode, result.exitCode === 0 ? "" : result.output]).toEqual([0, ""]);
      expect(resourceCounts(result).destroyed).toBe(0);
      const managed = await workspace.terraform("organization").managed();
      expect(managed).not.toContain("aws_organizations_account.account_playground");
      expect(managed).not.toContain("aws_organizations_organizational_unit.unit_workloads_dev");
      expect(managed).toContain("aws_organizations_account.account_payments_dev");
      expect(await accountNames()).toContain("playground");

      expect((await workspace.irKit("lock")).exitCode).toBe(0);
      write(without("playground"));
      expect((await workspace.synth()).exitCode).toBe(0);
      expect((await workspace.terraform("organization").plan()).exitCode).toBe(0);
    },
    4 * minutes,
  );

  it(
    "is forgotten by bootstrap too, which makes another account before any deployment",
    async () => {
      write(editYaml(read(), [{ path: [...placeOf("payments-dev"), "state"], value: "retired" }]));
      expect((await workspace.irKit("lock")).exitCode).toBe(0);
      const document = parseDocument(without("payments-dev"));
      document.addIn(["members"], {
        name: "checkout",
        create: { email: "checkout@example.com" },
        ou: "workloads/prod",
        owner: { team: "payments", email: "payments@example.com" },
      });
      write(document.toString({ lineWidth: 0 }));
      const { exitCode, output } = await workspace.irKit("bootstrap", "--yes");
      expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
      expect(await accountNames()).toEqual(expect.arrayContaining(["payments-dev", "checkout"]));
      const managed = await workspace.terraform("organization").managed();
      expect(managed).toContain("aws_organizations_account.account_checkout");
      expect(managed).not.toContain("aws_organizations_account.account_payments_dev");
    },
    4 * minutes,
  );

  it(
    "stays until it is destroyed by name: a region",
    async () => {
      write(read().replace(watched, "regions: [eu-west-1, { name: us-east-1, state: retired }]"));
      expect((await workspace.irKit("lock")).exitCode).toBe(0);
      expect((await workspace.synth()).exitCode).toBe(0);
      expect((await workspace.terraform(stack).plan()).exitCode).toBe(0);
      const early = await workspace.irKit("lock", "--gone", stack);
      expect([early.exitCode, early.output]).toEqual([1, expect.stringContaining(`${stack} still stands`)]);

      const destroyed = await workspace.destroyInOrder(stack);
      expect([destroyed.exitCode, destroyed.exitCode === 0 ? "" : destroyed.output]).toEqual([0, ""]);
      const gone = await workspace.irKit("lock", "--gone", stack);
      expect([gone.exitCode, gone.output]).toEqual([0, expect.stringContaining(`dropped: stack ${stack}`)]);
      const { output } = await workspace.irKit("validate");
      expect(output).not.toMatch(/^stacks: .*administrator-us-east-1/m);
      expect(output).toMatch(/^stacks: .*delegation-us-east-1/m);
    },
    4 * minutes,
  );
});
