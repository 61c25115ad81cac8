import { IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Keys } from "../../local-aws/clients";
import { equipResponder } from "../../local-aws/responder";
import { administrator, assume } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";
import { whoAmI } from "./responder-keys";

/** The security account is lost: it is shut out, and the hub stands up elsewhere. */
describeOnOrganization((workspaceOf) => {
  describe("a lost security account", () => {
    let workspace: Workspace;
    let keys: Keys;
    let oldHub: string;
    let spoke: string;
    let thief: Keys;

    beforeAll(async () => {
      workspace = workspaceOf();
      const { accounts, members } = workspace.landscape();
      oldHub = accounts.security.id ?? "";
      spoke = `arn:aws:iam::${members[0]?.id}:role/acme-ir/acme-ir-contain`;
      const forensics = await administrator(workspace, accounts.forensics.id ?? "");
      keys = await equipResponder(new IAMClient(workspace.client(forensics)), "emergency-2");
      thief = await hubSession(oldHub);
    }, minutes);

    /** A session of the hub's role for containment, with which a thief goes on. */
    async function hubSession(hub: string): Promise<Keys> {
      const account = workspace.landscape().accounts.forensics.id ?? "";
      return assume(
        workspace,
        `arn:aws:iam::${hub}:role/acme-ir/acme-ir-contain`,
        {
          RoleSessionName: "emergency-2",
          SourceIdentity: "emergency-2",
          Tags: [{ Key: "ir:case", Value: "CASE-2" }],
          TransitiveTagKeys: ["ir:case"],
          SerialNumber: `arn:aws:iam::${account}:mfa/emergency-2`,
          TokenCode: "123456",
        },
        keys,
      );
    }

    const enterSpoke = (session: Keys) =>
      new STSClient(workspace.client(session)).send(
        new AssumeRoleCommand({
          RoleArn: spoke,
          RoleSessionName: "emergency-2",
          SourceIdentity: "emergency-2",
        }),
      );

    it("is a way into every account until it is sealed", async () => {
      expect((await enterSpoke(thief)).Credentials?.AccessKeyId).toBeTruthy();
    });

    it(
      "is sealed by two policies that stood ready, and a second time there is nothing to do",
      async () => {
        const unasked = await workspace.irKit("seal");
        expect([unasked.exitCode, unasked.output]).toEqual([2, expect.stringContaining("--yes")]);
        const { exitCode, stdout, output } = await workspace.irKit("seal", "--yes");
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        expect(stdout).toContain(`Account security (${oldHub}) is sealed`);
        expect((await workspace.irKit("seal", "--yes")).stdout).toContain("is sealed already");
      },
      minutes,
    );

    it("loses every account at once, with sessions that are open too", async () => {
      await expect(enterSpoke(thief)).rejects.toMatchObject({ name: "AccessDenied" });
    });

    it(
      "names what can't be the new hub",
      async () => {
        for (const [account, message] of [
          ["management", "no guardrail covers the management account"],
          ["forensics", "the emergency users, which must outlive the hub"],
          ["log-archiv", 'did you mean "log-archive"?'],
        ] as const) {
          const result = await workspace.irKit("rehome", "--hub", account, "--yes");
          expect([account, result.exitCode, result.output]).toEqual([
            account,
            2,
            expect.stringContaining(message),
          ]);
        }
      },
      minutes,
    );

    it(
      "is replaced by another, with credentials of the management account alone",
      async () => {
        const { exitCode, output } = await workspace.irKit("rehome", "--hub", "log-archive", "--yes");
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        const { hub, sealed, accounts } = workspace.landscape();
        expect([hub.id, sealed.id]).toEqual([accounts.logArchive.id, oldHub]);
      },
      10 * minutes,
    );

    it(
      "lets responders in by the new hub, under their names",
      async () => {
        const result = await workspace.irKitAs(
          keys,
          {},
          "assume",
          "contain",
          "--account",
          "payments-prod",
          "--case",
          "CASE-2",
          "--mfa-code",
          "123456",
          "--exec",
          whoAmI(workspace),
        );
        expect({ exitCode: result.exitCode, output: result.exitCode === 0 ? "" : result.output }).toEqual({
          exitCode: 0,
          output: "",
        });
        expect(result.stdout).toContain("assumed-role/acme-ir-contain/emergency-2");
      },
      minutes,
    );

    it("stays shut out, and would without the seal: no account trusts it any more", async () => {
      await expect(enterSpoke(thief)).rejects.toMatchObject({ name: "AccessDenied" });
      expect((await workspace.irKit("seal", "--release", "--yes")).stdout).toContain("is not sealed");
      await expect(enterSpoke(thief)).rejects.toMatchObject({ name: "AccessDenied" });
    });

    it(
      "is followed by the rest: who reads the logs, and who writes cuts",
      async () => {
        const { exitCode, stdout } = await workspace.irKit("bootstrap", "--yes", "--json");
        expect(exitCode).toBe(0);
        expect((JSON.parse(stdout) as { additions: string[] }).additions).toEqual([
          expect.stringContaining("the hub's right to write cuts"),
        ]);
        for (const name of ["log-archive", "trail", "cases", "response"]) {
          await workspace.terraform(name).apply();
          expect((await workspace.terraform(name).plan()).exitCode).toBe(0);
        }
        expect(workspace.configuration("log-archive")).not.toContain(`arn:aws:iam::${oldHub}:root`);
      },
      5 * minutes,
    );
  });
});
