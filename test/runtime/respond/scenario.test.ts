import { readFileSync } from "node:fs";
import path from "node:path";
import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DetachUserPolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  IAMClient,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { assumeRole, clientSettings, type Keys, newKey } from "../../local-aws/clients";
import { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { describeWithEmulator } from "../../support/with-tools";
import { Desk } from "./command";
import { administratorPolicy, nameOf, type Scene, setScene } from "./scene";

interface Result {
  readonly principals: readonly {
    readonly principal: { readonly arn: string };
    readonly results: readonly { readonly title: string; readonly outcome: string }[];
    readonly verdicts: readonly { readonly verdict: { readonly verdict: string } }[];
  }[];
  readonly left: readonly { readonly arn: string; readonly why: string }[];
}

const denied = { name: expect.stringMatching(/^(AccessDenied|InvalidClientTokenId)$/) };

/** Everything of identities in an account, but for what the kit itself keeps there. */
async function identities(iam: IAMClient): Promise<string> {
  const { UserDetailList, RoleDetailList } = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ["User", "Role"] }),
  );
  const details = [UserDetailList, RoleDetailList?.map(({ RoleLastUsed: _, ...role }) => role)];
  return JSON.stringify(details, undefined, 1);
}

describeWithEmulator("a stolen credential", () => {
  let organization: EmulatedOrganization;
  let desk: Desk;
  let scene: Scene;
  let second: Keys;
  let session: Keys;
  let before: readonly string[];

  const as = (keys: Keys) => new IAMClient(clientSettings(organization.front, keys));
  const mfa = ["--mfa-code", "123456"];
  const respond = (...words: string[]) => desk.run("respond", ...words);

  beforeAll(async () => {
    organization = await EmulatedOrganization.create();
    desk = new Desk(organization);
    scene = await setScene(organization);
    // The attacker, with nothing but the leaked key.
    const attacker = as(scene.leaked);
    await attacker.send(new CreateUserCommand({ UserName: "backup-agent" }));
    await attacker.send(
      new AttachUserPolicyCommand({ UserName: "backup-agent", PolicyArn: administratorPolicy }),
    );
    second = await newKey(attacker, "backup-agent");
    session = await assumeRole(
      new STSClient(clientSettings(organization.front, scene.leaked)),
      scene.roleArn,
    );
    await as(second).send(new ListUsersCommand({}));
    await as(session).send(new ListUsersCommand({}));
    before = [await identities(scene.iam), await identities(scene.otherIam)];
  });

  afterAll(async () => {
    desk.close();
    await organization.close();
  });

  it("is listed call by call before anything is done", async () => {
    const { code, stdout } = await respond(
      "key",
      scene.leaked.accessKeyId,
      "--case",
      "CASE-7",
      ...mfa,
      "--dry-run",
    );
    expect(code).toBe(0);
    expect(stdout).toContain(`${scene.leaked.accessKeyId} belongs to this user`);
    expect(stdout).toContain("iam:AttachUserPolicy");
    expect(stdout).toContain("iam:UpdateAccessKey");
    expect(stdout).toContain(scene.roleArn);
    expect([await identities(scene.iam), await identities(scene.otherIam)]).toEqual(before);
    await expect(as(scene.leaked).send(new ListUsersCommand({}))).resolves.toBeDefined();
  });

  it("is not contained without a yes, nor where nobody can be asked", async () => {
    const { code, stderr } = await respond("key", scene.leaked.accessKeyId, "--case", "CASE-7", ...mfa);
    expect(code).toBe(2);
    expect(stderr).toContain("--yes");
    expect([await identities(scene.iam), await identities(scene.otherIam)]).toEqual(before);
  });

  it("is contained with everything that the attacker made of it, and proven so", async () => {
    const { code, stdout, stderr } = await respond(
      ...["key", scene.leaked.accessKeyId, "--case", "CASE-7", "--chain", "--yes", "--json"],
      ...["--check-at", "0,1", ...mfa],
    );
    expect(stderr).not.toContain("unexpected");
    const { principals, left } = JSON.parse(stdout) as Result;
    expect(principals.map(({ principal }) => nameOf(principal.arn)).sort()).toEqual(
      ["backup-agent", nameOf(scene.userArn), nameOf(scene.roleArn)].sort(),
    );
    expect(left).toEqual([]);
    for (const { verdicts } of principals) {
      expect(verdicts.map(({ verdict }) => verdict)).toEqual([
        expect.objectContaining({ verdict: "CONTAINED" }),
        expect.objectContaining({ verdict: "CONTAINED" }),
      ]);
    }
    expect(code).toBe(0);
  });

  it("opens nothing any more: the attacker's next calls are denied", async () => {
    for (const keys of [scene.leaked, second, session]) {
      await expect(as(keys).send(new ListUsersCommand({}))).rejects.toMatchObject(denied);
      await expect(
        as(keys).send(
          new DetachUserPolicyCommand({
            UserName: nameOf(scene.userArn),
            PolicyArn: `arn:aws:iam::${scene.account}:policy/acme-ir/acme-ir-quarantine-deny-all`,
          }),
        ),
      ).rejects.toMatchObject(denied);
    }
    const sts = new STSClient(clientSettings(organization.front, scene.leaked));
    await expect(assumeRole(sts, scene.roleArn)).rejects.toMatchObject(denied);
  });

  it("is contained once: a second run changes nothing", async () => {
    const after = await identities(scene.iam);
    const { code, stdout } = await respond(
      ...["key", scene.leaked.accessKeyId, "--case", "CASE-7", "--chain", "--yes", "--json"],
      ...["--check-at", "0", ...mfa],
    );
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Result).principals).toHaveLength(3);
    expect(await identities(scene.iam)).toBe(after);
    const { stdout: text } = await respond("status", "--case", "CASE-7");
    expect(text).toContain("5 of 5 changes are in force");
  });

  it("leaves a timeline that names who did what, and no secret", () => {
    const folder = path.join(desk.directory, "cases", "CASE-7");
    const timeline = readFileSync(path.join(folder, "timeline.md"), "utf8");
    expect(timeline).toContain("# Timeline of CASE-7");
    expect(timeline).toContain("emergency-1");
    expect(timeline).toContain("CONTAINED after 1 s");
    const ledger = readFileSync(path.join(folder, "ledger.json"), "utf8");
    for (const { secretAccessKey } of [scene.leaked, second, organization.responder]) {
      expect(timeline + ledger).not.toContain(secretAccessKey);
    }
  });

  it("is not released where somebody else has changed it since: what has drifted is named, nothing is done", async () => {
    const UserName = nameOf(scene.userArn);
    await scene.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: scene.leaked.accessKeyId }));
    const standing = [await identities(scene.iam), await identities(scene.otherIam)];
    const { code, stderr } = await respond(
      ...["release", "--case", "CASE-7", "--yes", "--accept-live-sessions"],
      ...["--reactivate", scene.leaked.accessKeyId, ...mfa],
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`drifted: access key ${scene.leaked.accessKeyId} deactivated`);
    expect(stderr).toContain('found {"status":"Active"}, left {"status":"Inactive"}, now {"status":null}');
    expect([await identities(scene.iam), await identities(scene.otherIam)]).toEqual(standing);
    const { stdout } = await respond("status", "--case", "CASE-7");
    expect(stdout).toContain("5 of 5 changes are in force");
  });

  it("is not released while stolen sessions may live: they would work again", async () => {
    const standing = [await identities(scene.iam), await identities(scene.otherIam)];
    const { code, stderr } = await respond("release", "--case", "CASE-7", "--yes", ...mfa);
    expect(code).toBe(1);
    expect(stderr.match(/too-early: policy/g)).toHaveLength(3);
    expect([await identities(scene.iam), await identities(scene.otherIam)]).toEqual(standing);
    await expect(as(session).send(new ListUsersCommand({}))).rejects.toMatchObject(denied);
  });

  it("is released to what was there, byte by byte, but for the keys", async () => {
    const { code, stdout, stderr } = await respond(
      ...["release", "--case", "CASE-7", "--yes", "--accept-live-sessions", ...mfa],
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.match(/✓ undone/g)).toHaveLength(3);
    expect(stderr.match(/kept: access key/g)).toHaveLength(2);
    expect([await identities(scene.iam), await identities(scene.otherIam)]).toEqual(before);
    for (const keys of [scene.leaked, second]) {
      await expect(as(keys).send(new ListUsersCommand({}))).rejects.toMatchObject(denied);
    }
    // What was accepted: a session that has not run out works again.
    await expect(as(session).send(new ListUsersCommand({}))).resolves.toBeDefined();
    const { stdout: text } = await respond("status", "--case", "CASE-7");
    expect(text).toContain("2 of 5 changes are in force");
  });

  it("works again only when told so", async () => {
    const { code } = await respond(
      ...["release", "--case", "CASE-7", "--yes", "--reactivate", second.accessKeyId, ...mfa],
    );
    expect(code).toBe(0);
    await expect(as(second).send(new ListUsersCommand({}))).resolves.toBeDefined();
    await expect(as(scene.leaked).send(new ListUsersCommand({}))).rejects.toMatchObject(denied);
  });
});
