import { CreateUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { principalOfArn } from "../../../runtime/shared/principal";
import { run } from "../../../runtime/shared/step";
import { identifyPrincipal } from "../../../runtime/steps/identify-principal";
import { verifyContainment } from "../../../runtime/steps/verify-containment";
import { assumeRole, clientSettings, type Keys } from "../../local-aws/clients";
import { asOnAws, atOnce } from "../../local-aws/conditions";
import { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { responseSetting } from "../../support/response-setting";
import { describeWithEmulator } from "../../support/with-tools";
import { Desk } from "./command";
import { type Scene, setScene } from "./scene";
import { awsError, denyAll, SmallAws, smallSetting } from "./small-aws";

const contained = "2026-11-25T03:00:00Z";

describe("a containment that CloudTrail can't show yet", () => {
  const aws = new SmallAws({ keys: [], attached: [denyAll] });
  const callsAt = async (time: string) => {
    const setting = smallSetting(aws, { now: new Date(`2026-11-25T${time}Z`) });
    const { verdict, checks } = await run(setting, verifyContainment, {
      principal: principalOfArn(aws.arn),
      contained,
    });
    return [verdict, checks.find(({ what }) => what === "calls in CloudTrail")];
  };

  it("rests on the policies, and does not take silence for a proof", async () => {
    expect(await callsAt("03:05:00")).toEqual([
      "CONTAINED",
      expect.objectContaining({ says: "too-early", evidence: expect.stringContaining("03:15:10Z") }),
    ]);
    expect(await callsAt("03:15:11")).toEqual(["CONTAINED", expect.objectContaining({ says: "contained" })]);
  });

  it("is not told to be silent where CloudTrail would not answer", async () => {
    const setting = smallSetting(aws, {
      between: (name, _, answer) => {
        if (name === "LookupEvents") throw awsError("ThrottlingException", "Rate exceeded");
        return answer();
      },
    });
    const principal = principalOfArn(aws.arn);
    expect((await run(setting, verifyContainment, { principal, contained })).verdict).toBe("CANNOT TELL");
  });
});

describeWithEmulator("a stolen credential, where CloudTrail is as late and as slow as it is", () => {
  let organization: EmulatedOrganization;
  let desk: Desk;
  let scene: Scene;
  let session: Keys;
  const as = (keys: Keys) => new IAMClient(clientSettings(organization.front, keys));
  const mfa = ["--mfa-code", "123456"];

  beforeAll(async () => {
    organization = await EmulatedOrganization.create();
    desk = new Desk(organization);
    scene = await setScene(organization);
    await as(scene.leaked).send(new CreateUserCommand({ UserName: "backup-agent" }));
    session = await assumeRole(
      new STSClient(clientSettings(organization.front, scene.leaked)),
      scene.roleArn,
    );
  });
  afterEach(() => organization.front.behave(atOnce));
  afterAll(async () => {
    desk.close();
    await organization.close();
  });

  it("is known by the call that opened it, before it has called itself", async () => {
    const settings = clientSettings(organization.front, await organization.administrator("log-archive"));
    const setting = responseSetting(organization.landscape, settings);
    const { principal, evidence } = await run(setting, identifyPrincipal, {
      accessKeyId: session.accessKeyId,
    });
    expect(principal.arn).toBe(scene.roleArn);
    expect(evidence).toContain("opened by AssumeRole");
  });

  it("is contained while nothing is shown yet, and says until when more may come", async () => {
    organization.front.behave(asOnAws);
    organization.front.behave({ staleFor: {} });
    const { code, stdout, stderr } = await desk.run(
      ...[
        "respond",
        "user",
        scene.userArn,
        "--case",
        "CASE-21",
        "--chain",
        "--yes",
        "--check-at",
        "0",
        ...mfa,
      ],
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain("one of the last 15 minutes may be missing");
    expect(stdout).toContain("calls in CloudTrail: too-early");
    expect(stdout).toMatch(
      /CloudTrail may show calls of before the containment until \d{4}-.*run the same command/,
    );
  });

  it("is contained whole by the same command later, in spite of two requests a second", async () => {
    const now = Date.now;
    organization.front.behave({ ...asOnAws, staleFor: {}, now: () => now() + 6 * 60_000 });
    const { code, stdout } = await desk.run(
      ...["respond", "user", scene.userArn, "--case", "CASE-21", "--chain", "--yes", "--json"],
      ...["--check-at", "0", ...mfa],
    );
    expect(code).toBe(0);
    const { principals, incomplete } = JSON.parse(stdout) as {
      readonly principals: readonly { readonly principal: { readonly arn: string } }[];
      readonly incomplete: readonly string[];
    };
    const [first, ...others] = principals.map(({ principal }) => principal.arn);
    expect(first).toBe(scene.userArn);
    // Both were reached in one second, and CloudTrail tells no less.
    expect(others.sort()).toEqual([`arn:aws:iam::${scene.account}:user/backup-agent`, scene.roleArn].sort());
    expect(incomplete).toEqual([]);
    await expect(as(session).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("tells of whom CloudTrail names no ARN by id and account", async () => {
    const { stdout } = await desk.run(
      ...["respond", "role", scene.roleArn, "--case", "CASE-22", "--dry-run", ...mfa],
    );
    expect(stdout).toContain(`${scene.userId} of account ${scene.account}: AssumeRole, times: 1`);
  });
});
