import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { DescribePolicyCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import type { Keys } from "../../local-aws/clients";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";
import { responderKeys, whoAmI } from "./responder-keys";

/** Answers as AWS's sign-in service does, and remembers what it was asked. */
async function signInService(asked: string[]): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on("end", () => {
      asked.push(body);
      outgoing.end(JSON.stringify({ SigninToken: "token-of-the-test" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The door, from a user's own key to a call in a member account. */
describeOnOrganization((workspaceOf) => {
  describe("a responder", () => {
    let workspace: Workspace;
    let keys: Keys;
    let member: string;

    beforeAll(async () => {
      workspace = workspaceOf();
      keys = await responderKeys(workspace);
      member = workspace.landscape().members.find(({ name }) => name === "payments-prod")?.id ?? "";
    }, minutes);

    const contain = ["assume", "contain", "--account", "payments-prod", "--case", "CASE-1"];

    it(
      "takes up a task in an account, and works there under their name and case",
      async () => {
        const { exitCode, stdout, output } = await workspace.irKitAs(
          keys,
          { AWS_PROFILE: "" },
          ...contain,
          "--mfa-code",
          "123456",
          "--exec",
          whoAmI(workspace),
        );
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        expect(JSON.parse(stdout)).toMatchObject({
          Arn: `arn:aws:sts::${member}:assumed-role/acme-ir-contain/emergency-1`,
          Account: member,
          case: "CASE-1",
        });
        expect(output).toMatch(/contain in payments-prod \(\d{12}\), case CASE-1, until .*Z \(UTC\)/);
        expect(output).not.toMatch(/ASIA|SecretAccessKey/);
      },
      minutes,
    );

    it("goes on with the session that is open, which only its owner may read", async () => {
      const folder = path.join(workspace.directory, "cache", "aws-ir-kit", "sessions");
      const [file = ""] = readdirSync(folder);
      expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
      const { exitCode, stdout } = await workspace.irKitAs(keys, {}, ...contain, "--credential-process");
      expect(exitCode).toBe(0);
      const shown = JSON.parse(stdout) as { Version: number; AccessKeyId: string; Expiration: string };
      expect(shown.Version).toBe(1);
      expect(readFileSync(path.join(folder, file), "utf8")).toContain(shown.AccessKeyId);
      expect(Date.parse(shown.Expiration) - Date.now()).toBeLessThanOrEqual(3_600_000);
    });

    it("gets lines for eval where nobody looks on", async () => {
      const { stdout } = await workspace.irKitAs(keys, {}, ...contain);
      expect(stdout).toMatch(/^export AWS_ACCESS_KEY_ID='[A-Z0-9]+'$/m);
      expect(stdout).toMatch(/^export IR_KIT_CASE='CASE-1'$/m);
    });

    it("passes on the exit code of what is run", async () => {
      const { exitCode } = await workspace.irKitAs(keys, {}, ...contain, "--exec", "exit 7");
      expect(exitCode).toBe(7);
    });

    it("gets an address that opens the console, made from the session and without a duration", async () => {
      const asked: string[] = [];
      const server = await signInService(asked);
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { exitCode, stdout } = await workspace.irKitAs(
        keys,
        { IR_KIT_SIGN_IN_ENDPOINT: endpoint },
        ...contain,
        "--console",
      );
      server.close();
      expect(exitCode).toBe(0);
      const url = new URL(stdout.trim());
      expect(url.origin + url.pathname).toBe("https://signin.aws.amazon.com/federation");
      expect(url.searchParams.get("SigninToken")).toBe("token-of-the-test");
      expect(asked).toHaveLength(1);
      expect(asked[0]).toContain("Action=getSigninToken");
      expect(asked[0]).not.toContain("SessionDuration");
    });

    it.each<[string, string[], number, string]>([
      [
        "a wrong or outdated MFA code",
        ["--account", "payments-dev", "--case", "CASE-1", "--mfa-code", "000000"],
        1,
        "the MFA code was not accepted",
      ],
      [
        "an MFA code of five digits",
        ["--account", "payments-dev", "--case", "CASE-1", "--mfa-code", "12345"],
        2,
        "six digits",
      ],
      [
        "an unknown account",
        ["--account", "payments-prd", "--case", "CASE-1"],
        2,
        'did you mean "payments-prod"?',
      ],
      ["a wrong case", ["--account", "payments-dev", "--case", "case-1"], 2, 'did you mean "CASE-1"?'],
      ["no case", ["--account", "payments-dev"], 2, "no case is given"],
      [
        "two ways out at once",
        ["--account", "payments-dev", "--case", "CASE-1", "--console", "--exec", "true"],
        2,
        "exclude one another",
      ],
      ["no account", ["--case", "CASE-1"], 2, "--account"],
    ])(
      "is told what to do about %s",
      async (_, args, exitCode, message) => {
        const result = await workspace.irKitAs(keys, {}, "assume", "contain", ...args);
        expect(result.output).toContain(message);
        expect(result.output).not.toMatch(/^\s+at /m);
        expect(result.exitCode).toBe(exitCode);
      },
      minutes,
    );

    it("is told which task they mean", async () => {
      const result = await workspace.irKitAs(keys, {}, "assume", "containn", "--account", "payments-dev");
      expect([result.exitCode, result.output]).toEqual([
        2,
        expect.stringContaining('did you mean "contain"?'),
      ]);
    });

    it("stands at no door with credentials that are none of a responder's", async () => {
      const someone = await administrator(workspace, member);
      const result = await workspace.irKitAs(someone, {}, ...contain, "--no-cache");
      expect(result.exitCode).toBe(1);
      expect(result.output).toContain(
        "stands at no door of the landscape (identity-center, emergency-users)",
      );
    });
  });

  describe("the cuts' policy", () => {
    it("stands, empty, attached by the guardrails, and only a member with the right may read it", async () => {
      const workspace = workspaceOf();
      const { cutPolicyId: PolicyId } = workspace.landscape().organization;
      const read = async (keys?: Keys) =>
        new OrganizationsClient(workspace.client(keys)).send(new DescribePolicyCommand({ PolicyId }));
      expect(JSON.parse((await read()).Policy?.Content ?? "")).toMatchObject({
        Statement: [{ Sid: "NoCut", Effect: "Deny" }],
      });
      const member = workspace.landscape().members[0]?.id ?? "";
      await expect(read(await administrator(workspace, member))).rejects.toMatchObject({
        name: "AccessDeniedException",
      });
    });
  });
});
