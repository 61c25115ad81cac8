import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribePolicyCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { assumeRole, clientSettings, type Keys } from "../../local-aws/clients";
import { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { describeWithEmulator } from "../../support/with-tools";
import { Desk } from "./command";
import { administratorPolicy, type Scene, setScene } from "./scene";

describeWithEmulator("sessions that are cut, where their role must go on", () => {
  let organization: EmulatedOrganization;
  let desk: Desk;
  let scene: Scene;
  const settings = (keys?: Keys) => clientSettings(organization.front, keys);
  const call = (keys: Keys) => new IAMClient(settings(keys)).send(new ListUsersCommand({}));
  const flags = (caseId: string) => ["--case", caseId, "--mfa-code", "123456", "--yes"];
  const open = (RoleSessionName: string) =>
    assumeRole(new STSClient(settings(scene.leaked)), scene.roleArn, { RoleSessionName });
  const cutText = async () => {
    const { Policy } = await new OrganizationsClient(settings()).send(
      new DescribePolicyCommand({ PolicyId: organization.landscape.organization.cutPolicyId }),
    );
    return Policy?.Content ?? "";
  };
  const denied = { name: "AccessDenied" };

  beforeAll(async () => {
    organization = await EmulatedOrganization.create();
    desk = new Desk(organization);
    scene = await setScene(organization);
  });
  afterAll(async () => {
    desk.close();
    await organization.close();
  });

  it("ends one session and no other, tells what it is and how long it holds, and proves it", async () => {
    const [stolen, workload] = [await open("stolen"), await open("workload")];
    await call(stolen);
    await new IAMClient(settings(stolen)).send(new CreateUserCommand({ UserName: "left-behind" }));
    const words = ["respond", "role", scene.roleArn, "--session", "stolen", "--check-at", "0"];
    const dry = await desk.runHere(...words, ...flags("CASE-11"), "--dry-run");
    expect(dry.stdout).toMatch(
      /→ cut until \S+: session AROA\w+:stolen: planned, organizations:UpdatePolicy/,
    );
    await expect(call(stolen)).resolves.toBeDefined();

    const { code, stdout, stderr } = await desk.runHere(...words, ...flags("CASE-11"));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/✓ cut until \S+: session AROA\w+:stolen/);
    expect(stdout).toContain("cut: contained. in the organization's policy of cuts until");
    // What the session left behind is not ended with it, and is named.
    expect(stdout).toMatch(
      /Left: \S+:user\/left-behind: made; by a session of the role, and not ended by this cut/,
    );
    await expect(call(stolen)).rejects.toMatchObject(denied);
    await expect(call(workload)).resolves.toBeDefined();
    // Under the same name it can't be opened anew to any use.
    await expect(call(await open("stolen"))).rejects.toMatchObject(denied);
  });

  it("run again, cuts nothing twice", async () => {
    const before = await cutText();
    const words = ["respond", "role", scene.roleArn, "--session", "stolen", "--check-at", "0"];
    const { code, stderr } = await desk.runHere(...words, ...flags("CASE-11"));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await cutText()).toBe(before);
    const { stdout } = await desk.runHere("respond", "status", "--case", "CASE-11");
    expect(stdout).toContain("1 of 1 changes are in force");
  });

  it("is released: too early only if told so, the policy's text as before", async () => {
    const refused = await desk.runHere("respond", "release", ...flags("CASE-11"));
    expect(refused.stderr).toContain("too-early");
    const { code, stderr } = await desk.runHere(
      "respond",
      "release",
      ...flags("CASE-11"),
      "--accept-live-sessions",
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(await cutText()).Statement[0].Sid).toBe("NoCut");
    await expect(call(await open("stolen"))).resolves.toBeDefined();
  });

  it("ends every session until now, and those that are opened later work", async () => {
    const before = await open("before");
    await sleep(1100);
    const { code, stdout, stderr } = await desk.runHere(
      "respond",
      "role",
      scene.roleArn,
      "--live-sessions",
      "--check-at",
      "0",
      ...flags("CASE-12"),
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/✓ cut until \S+: sessions of \S+ from before \S+Z/);
    await expect(call(before)).rejects.toMatchObject(denied);
    await sleep(1100);
    await expect(call(await open("later"))).resolves.toBeDefined();
    const timeline = readFileSync(path.join(desk.directory, "cases", "CASE-12", "timeline.md"), "utf8");
    expect(timeline).toContain("cut until");
  });

  it("says NOT CONTAINED where the cut is gone from the policy", async () => {
    const running = desk.run(
      "respond",
      "role",
      scene.roleArn,
      "--session",
      "lifted",
      "--check-at",
      "6",
      ...flags("CASE-13"),
    );
    const lambda = new LambdaClient(settings(await organization.administrator("security")));
    const ask = async (request: object) => {
      const { Payload } = await lambda.send(
        new InvokeCommand({
          FunctionName: "acme-ir-cuts",
          Payload: JSON.stringify({ case: "CASE-13", actor: "attacker", ...request }),
        }),
      );
      return JSON.parse(Buffer.from(Payload ?? []).toString()) as { cuts: { userId?: string }[] };
    };
    let lifted: object | undefined;
    for (let waited = 0; lifted === undefined && waited < 100; waited += 1) {
      lifted = (await ask({})).cuts.find(({ userId }) => userId?.endsWith(":lifted"));
      if (lifted) await ask({ lift: [lifted] });
      else await sleep(100);
    }
    const { code, stdout } = await running;
    expect(stdout).toContain("NOT CONTAINED after 6 s");
    expect(stdout).toContain("it is not in the organization's policy of cuts");
    expect(code).toBe(1);
  });

  describe("of an Identity Center user", () => {
    const reserved = "AWSReservedSSO_Administrators_0123456789abcdef";
    const userId = "906700000a-11111111-2222-4333-8444-555555555555";
    let arn: string;

    beforeAll(async () => {
      await scene.otherIam.send(
        new CreateRoleCommand({
          RoleName: reserved,
          Path: "/aws-reserved/sso.amazonaws.com/eu-west-1/",
          AssumeRolePolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { AWS: scene.account }, Action: "sts:AssumeRole" }],
          }),
        }),
      );
      await scene.otherIam.send(
        new AttachRolePolicyCommand({ RoleName: reserved, PolicyArn: administratorPolicy }),
      );
      arn = `arn:aws:sts::${scene.otherAccount}:assumed-role/${reserved}/ann@example.com`;
    });

    it("are cut by the user's id in every account, and IAM's own role is not touched", async () => {
      const { code, stdout, stderr } = await desk.runHere(
        "respond",
        "role",
        arn,
        "--user-id",
        userId,
        "--check-at",
        "0",
        ...flags("CASE-14"),
      );
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toContain(`sessions of Identity Center's user ${userId}`);
      expect(JSON.parse(await cutText()).Statement).toContainEqual(
        expect.objectContaining({
          Effect: "Deny",
          Condition: expect.objectContaining({ StringEquals: { "identitystore:UserId": userId } }),
        }),
      );
    });

    it("are not cut by guess: where CloudTrail does not tell whose they are, the id is asked for", async () => {
      const { code, stderr } = await desk.runHere("respond", "role", arn, ...flags("CASE-15"));
      expect(code).toBe(1);
      expect(stderr).toContain("name it with --user-id <id>");
      expect(stderr).not.toMatch(/\n\s+at /);
    });
  });

  it.each([
    [["--session", "a", "--live-sessions"], "exclude one another"],
    [["--session", "a b"], "is not the name of a session"],
    [["--session", "stolen", "--chain"], "follows a role as a whole"],
    [["--user-id", "ann@example.com"], "is not the id of an Identity Center user"],
  ])("refuses what is not meant: %s", async (words, message) => {
    const { code, stderr } = await desk.runHere(
      "respond",
      "role",
      scene.roleArn,
      ...words,
      ...flags("CASE-16"),
    );
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    [
      "the management account's role",
      () => "arn:aws:iam::111111111111:role/anything",
      /in the management account, to which no policy of the organization applies/,
    ],
    [
      "the kit's own role",
      () => `arn:aws:iam::${scene.account}:role/acme-ir/acme-ir-contain`,
      /is the kit's own.*ir-kit seal/s,
    ],
  ])("refuses %s, and changes nothing", async (_, arn, message) => {
    await new IAMClient(settings())
      .send(
        new CreateRoleCommand({
          RoleName: "anything",
          AssumeRolePolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
            ],
          }),
        }),
      )
      .catch(() => undefined);
    const before = await cutText();
    const { code, stderr } = await desk.runHere(
      "respond",
      "role",
      arn(),
      "--session",
      "stolen",
      ...flags("CASE-17"),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(await cutText()).toBe(before);
  });

  it("are none that will be opened: whoever steals a responder's session shuts nobody out for days", async () => {
    const lambda = new LambdaClient(settings(await organization.administrator("security")));
    const inDays = `${new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 19)}Z`;
    const before = await cutText();
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: "acme-ir-cuts",
        Payload: JSON.stringify({
          case: "CASE-18",
          actor: "attacker",
          add: [{ kind: "source-identity", name: "emergency-1", before: inDays, expires: inDays }],
        }),
      }),
    );
    expect(FunctionError).toBe("Unhandled");
    expect(Buffer.from(Payload ?? []).toString()).toContain("is to come, by the clock of AWS");
    expect(await cutText()).toBe(before);
  });

  it("are nobody's to ask for but responders' and the deployer's: others are denied the function", async () => {
    const lambda = new LambdaClient(settings(scene.leaked));
    await expect(
      lambda.send(
        new InvokeCommand({
          FunctionName: `arn:aws:lambda:eu-west-1:${organization.idOf("security")}:function:acme-ir-cuts`,
          Payload: "{}",
        }),
      ),
    ).rejects.toMatchObject({ name: expect.stringMatching(/AccessDenied|ResourceNotFound/) });
  });
});
