import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { bucketName } from "../../landscape/names";
import { withoutIds } from "../local-aws/local-landscape";
import { exampleWith } from "../support/landscapes";
import { describeWithTerraform } from "../support/with-tools";
import { administrator, assume } from "./accounts";
import { Workspace } from "./workspace";

const minutes = 60_000;

/** Distribution account by account, and Terraform's state in a bucket of the security account. */
describeWithTerraform("an organization without StackSets, its state in S3", () => {
  let workspace: Workspace;

  beforeAll(async () => {
    const text = withoutIds(exampleWith(["distribution: stackset", "distribution: direct"]), "state").replace(
      "{ type: local, directory: state }",
      "{ type: s3, account: security }",
    );
    workspace = await Workspace.create(text);
  }, minutes);

  afterAll(() => workspace.close());

  const idOf = (name: string) =>
    [...Object.values(workspace.landscape().accounts), ...workspace.landscape().members].find(
      (account) => account.name === name,
    )?.id ?? "";

  it("is not synthesized before the account of its state exists, and says so", async () => {
    const { stdout } = await workspace.irKit("validate");
    expect(stdout).toContain("left out: organization (id of account security unknown until bootstrap)");
  });

  it(
    "needs the organization to exist, or to be asked to create it",
    async () => {
      const { exitCode, output } = await workspace.irKit("bootstrap", "--yes");
      expect(exitCode).toBe(1);
      expect(output).toContain("--create-organization");
    },
    minutes,
  );

  it(
    "is bootstrapped, its state moved into a bucket that is private and keeps versions",
    async () => {
      const { exitCode, output } = await workspace.irKit("bootstrap", "--yes", "--create-organization");
      expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
      expect(output).toContain("Moved state into the bucket: organization.");

      const s3 = new S3Client(workspace.client(await administrator(workspace, idOf("security"))));
      const Bucket = bucketName(workspace.landscape(), "state");
      await s3.send(new HeadObjectCommand({ Bucket, Key: "organization.tfstate" }));
      expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      expect(Policy).toContain("DenyPlaintext");
      expect(existsSync(path.join(workspace.directory, "state", "organization.tfstate"))).toBe(false);
      expect(existsSync(path.join(workspace.directory, "state", "organization.tfstate.moved"))).toBe(true);
    },
    2 * minutes,
  );

  it(
    "has nothing left to do when it is run again, and plans no change from the moved state",
    async () => {
      const { exitCode, stdout } = await workspace.irKit("bootstrap", "--yes", "--json");
      expect([exitCode, JSON.parse(stdout)]).toEqual([
        0,
        expect.objectContaining({ additions: [], written: [], movedState: [] }),
      ]);
      await workspace.synth();
      const terraform = workspace.terraform("organization");
      await terraform.init();
      expect((await terraform.plan()).exitCode).toBe(0);
    },
    2 * minutes,
  );

  it(
    "makes a unit that is added later from the moved state, and no unit a second time",
    async () => {
      const text = readFileSync(workspace.landscapeFile, "utf8");
      const added = "organizationalUnits:\n  - { path: later, create: true }\n";
      writeFileSync(workspace.landscapeFile, text.replace("organizationalUnits:\n", added));
      const { exitCode, output, stdout } = await workspace.irKit("bootstrap", "--yes", "--json");
      expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
      expect(JSON.parse(stdout)).toMatchObject({ written: ["organizationalUnits.0.id"], movedState: [] });
      const managed = await workspace.terraform("organization").managed();
      expect(managed).toContain("aws_organizations_organizational_unit.unit_later");
      expect(managed).toContain("aws_organizations_organizational_unit.unit_workloads");
    },
    2 * minutes,
  );

  it(
    "gets the baseline of a member by a stack of that account",
    async () => {
      for (const name of ["baseline-payments-prod", "baseline-payments-prod-us-east-1"]) {
        const terraform = workspace.terraform(name);
        await terraform.init();
        await terraform.apply();
        expect((await terraform.plan()).exitCode).toBe(0);
      }
      const iam = new IAMClient(workspace.client(await administrator(workspace, idOf("payments-prod"))));
      expect((await iam.send(new GetRoleCommand({ RoleName: "acme-ir-auto-logging" }))).Role?.Path).toBe(
        "/acme-ir/",
      );
    },
    3 * minutes,
  );

  it(
    "lets the hub's automation into the member, by the role of its name and path alone",
    async () => {
      const hub = idOf("security");
      const iam = new IAMClient(workspace.client(await administrator(workspace, hub)));
      const trust = {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${hub}:root` }, Action: "sts:AssumeRole" },
        ],
      };
      for (const role of [
        { RoleName: "acme-ir-auto-logging", Path: "/acme-ir/" },
        { RoleName: "look-alike", Path: "/acme-ir/" },
      ]) {
        await iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: JSON.stringify(trust) }));
        await iam.send(
          new AttachRolePolicyCommand({
            RoleName: role.RoleName,
            PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        );
      }
      const hubAdministrator = await administrator(workspace, hub);
      const enter = async (role: string) => {
        const keys = await assume(
          workspace,
          `arn:aws:iam::${hub}:role/acme-ir/${role}`,
          {},
          hubAdministrator,
        );
        const spoke = `arn:aws:iam::${idOf("payments-prod")}:role/acme-ir/acme-ir-auto-logging`;
        const inside = await assume(workspace, spoke, {}, keys);
        return new STSClient(workspace.client(inside)).send(new GetCallerIdentityCommand({}));
      };
      expect((await enter("acme-ir-auto-logging")).Account).toBe(idOf("payments-prod"));
      await expect(enter("look-alike")).rejects.toMatchObject({ name: "AccessDenied" });
    },
    minutes,
  );

  it("needed nothing that neither emulator nor front could answer", () => {
    expect(workspace.front.counts().unanswered).toEqual({});
  });
});
