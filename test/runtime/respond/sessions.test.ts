import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { assumeRole, clientSettings, type Keys } from "../../local-aws/clients";
import { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { describeWithEmulator } from "../../support/with-tools";
import { Desk } from "./command";
import { administratorPolicy, nameOf, type Scene, setScene } from "./scene";

describeWithEmulator("a temporary key", () => {
  let organization: EmulatedOrganization;
  let desk: Desk;
  let scene: Scene;
  const settings = (keys: Keys) => clientSettings(organization.front, keys);
  const as = (keys: Keys) => new IAMClient(settings(keys));
  const flags = ["--case", "CASE-3", "--mfa-code", "123456", "--yes", "--check-at", "0"];

  beforeAll(async () => {
    organization = await EmulatedOrganization.create();
    desk = new Desk(organization);
    scene = await setScene(organization);
  });
  afterAll(async () => {
    desk.close();
    await organization.close();
  });

  it("of a hijacked role session leads to the role, and every session of it is denied", async () => {
    const session = await assumeRole(new STSClient(settings(scene.leaked)), scene.roleArn);
    const another = await assumeRole(new STSClient(settings(scene.leaked)), scene.roleArn, {
      RoleSessionName: "another",
    });
    await as(session).send(new ListUsersCommand({}));
    const { code, stdout, stderr } = await desk.run("respond", "key", session.accessKeyId, ...flags);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain(`${session.accessKeyId} is a session of it`);
    // How the attacker came in, and who else may.
    expect(stdout).toContain(`Whom its trust policy lets in:\n  AWS ${scene.account}`);
    expect(stdout).toContain(`${scene.userId} of account ${scene.account}: AssumeRole, times: 2`);
    expect(stdout).toContain(`CONTAINED after 0 s: role ${nameOf(scene.roleArn)}`);
    // Others are named, not touched.
    expect(stdout.match(/^CONTAINED/gm)).toHaveLength(1);
    for (const keys of [session, another]) {
      await expect(as(keys).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    }
    await expect(as(scene.leaked).send(new ListUsersCommand({}))).resolves.toBeDefined();
  });

  it("of GetSessionToken leads to the user, and is denied with it", async () => {
    const { Credentials } = await new STSClient(settings(scene.leaked)).send(new GetSessionTokenCommand({}));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    };
    await as(session).send(new ListUsersCommand({}));
    const { code, stdout, stderr } = await desk.runHere("respond", "key", session.accessKeyId, ...flags);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain(`CONTAINED after 0 s: user ${nameOf(scene.userArn)}`);
    await expect(as(session).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("that has made no call is not known to CloudTrail: the answer says how to go on", async () => {
    const { code, stderr } = await desk.runHere("respond", "key", "ASIAIOSFODNN7EXAMPLE", ...flags);
    expect(code).toBe(1);
    expect(stderr).toMatch(/knows no call with the key|in the organization/);
  });

  it("of a chain of roles is pursued through all of them, in their accounts", async () => {
    const chain = await setScene(organization);
    const deeper = "deep-reports";
    await chain.otherIam.send(
      new CreateRoleCommand({
        RoleName: deeper,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: chain.otherAccount }, Action: "sts:AssumeRole" }],
        }),
      }),
    );
    await chain.otherIam.send(
      new AttachRolePolicyCommand({ RoleName: deeper, PolicyArn: administratorPolicy }),
    );
    const first = await assumeRole(new STSClient(settings(chain.leaked)), chain.roleArn);
    const second = await assumeRole(
      new STSClient(settings(first)),
      `arn:aws:iam::${chain.otherAccount}:role/${deeper}`,
    );
    await as(second).send(new ListUsersCommand({}));
    const { code, stdout, stderr } = await desk.runHere(
      "respond",
      "key",
      chain.leaked.accessKeyId,
      "--chain",
      ...flags,
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.match(/^CONTAINED after 0 s/gm)).toHaveLength(3);
    expect(stdout).toContain(`CONTAINED after 0 s: role ${deeper} in log-archive`);
    for (const keys of [first, second]) {
      await expect(as(keys).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    }
  });

  it("is not followed where responders can't go: what is left is named, with why, and the run does not end well", async () => {
    const { account, leaked } = await setScene(organization);
    const hub = new IAMClient(settings(await organization.administrator("security")));
    await hub.send(
      new CreateRoleCommand({
        RoleName: "deploys-dashboards",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" }],
        }),
      }),
    );
    const inHub = `arn:aws:iam::${organization.idOf("security")}:role/deploys-dashboards`;
    await assumeRole(new STSClient(settings(leaked)), inHub);
    const { code, stdout } = await desk.runHere("respond", "key", leaked.accessKeyId, "--chain", ...flags);
    expect(stdout).toContain(`Left: ${inHub}`);
    expect(stdout).toMatch(/Left: .*hub's own account.*ir-kit seal/);
    expect(stdout.match(/^CONTAINED after 0 s/gm)).toHaveLength(1);
    expect(code).toBe(1);
  });
});
