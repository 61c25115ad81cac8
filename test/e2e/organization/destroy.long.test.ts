import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { repository } from "../../support/repository";
import { administrator } from "../accounts";
import { ForeignEntries } from "../foreign-entries";
import { inLanes } from "../lanes";
import { describeOnOrganization, minutes, templateFolder } from "./fork";

describeOnOrganization((workspaceOf) => {
  const memberId = (name: string) =>
    workspaceOf()
      .landscape()
      .members.find((member) => member.name === name)?.id ?? "";

  describe("destroy", () => {
    const kept = new Map([
      ["trail", "aws_kms_key"],
      ["log-archive", "aws_s3_bucket"],
      ["cases", "aws_dynamodb_table"],
      ["evidence-eu-west-1", "aws_s3_bucket"],
      ["custody", "aws_kms_key"],
      ["organization", "aws_organizations_account"],
      ["baseline", "aws_cloudformation_stack_set_instance"],
    ]);

    it(
      "removes all but what is kept, guardrails first",
      async () => {
        const removable = workspaceOf()
          .stackNames()
          .filter((name) => !kept.has(name));
        const printed = /`npx cdktf destroy (.*?) --ignore-missing-stack-dependencies --parallelism 1`/.exec(
          readFileSync(path.join(repository, "docs", "operations.md"), "utf8"),
        );
        const patterns = (printed?.[1] ?? "").replaceAll("'", "").split(" ");
        const named = patterns.flatMap((pattern) =>
          removable.filter((name) =>
            pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
          ),
        );
        expect(named.sort()).toEqual([...removable].sort());
        const { exitCode, output } = await workspaceOf().destroyInOrder(...patterns);
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        const role = new GetRoleCommand({ RoleName: "acme-ir-auto-logging" });
        await expect(new IAMClient(workspaceOf().client()).send(role)).rejects.toMatchObject({
          name: "NoSuchEntityException",
        });
        const inMember = await administrator(workspaceOf(), memberId("payments-prod"));
        const { Role } = await new IAMClient(workspaceOf().client(inMember)).send(role);
        expect(Role?.Path).toBe("/acme-ir/");
      },
      10 * minutes,
    );

    it(
      "keeps what evidence rests on, and says so before it touches anything",
      async () => {
        const attempts = await inLanes([...kept.keys()], async (name) => {
          const terraform = workspaceOf().terraform(name);
          const before = await terraform.resources();
          const { exitCode, output } = await terraform.destroy();
          const untouched = { resources: before, exitCode: 0 };
          const found = {
            resources: await terraform.resources(),
            exitCode: (await terraform.plan()).exitCode,
          };
          return { exitCode, output, found, untouched };
        });
        for (const [name, { exitCode, output, found, untouched }] of attempts) {
          expect([name, exitCode, output]).toEqual([
            name,
            1,
            expect.stringContaining("Instance cannot be destroyed"),
          ]);
          expect(output).toContain(kept.get(name));
          expect([name, found]).toEqual([name, untouched]);
        }
      },
      10 * minutes,
    );

    it("leaves every foreign entry as it was", async () => {
      const foreign = ForeignEntries.planted(workspaceOf(), templateFolder().steps().foreign?.unitId ?? "");
      expect(await foreign.read()).toEqual(foreign.expected());
      expect(existsSync(workspaceOf().landscapeFile)).toBe(true);
    });
  });
});
