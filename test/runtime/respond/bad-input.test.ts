import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { IAMClient, TagUserCommand } from "@aws-sdk/client-iam";
import { factsText } from "../../../cli/respond/report";
import { timeline } from "../../../cli/respond/timeline";
import { landscape } from "../../proofs/setting";
import { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { describeWithEmulator } from "../../support/with-tools";
import { Desk } from "./command";
import { type Scene, setScene } from "./scene";

const goodKey = "AKIAIOSFODNN7EXAMPLE";

type BadWords = [title: string, words: string[], message: RegExp];

const tagging = (all: readonly BadWords[]): BadWords[] =>
  all.map(([title, words, message]) => [
    `${title}, to be tagged`,
    ["tag", ...words, "--account", "payments-prod"],
    message,
  ]);

describeWithEmulator("ir-kit respond, asked for what can't be", () => {
  let organization: EmulatedOrganization;
  let desk: Desk;
  let scene: Scene;
  const respond = (...words: string[]) =>
    desk.runHere(
      "respond",
      ...words,
      "--case",
      "CASE-9",
      "--mfa-code",
      "123456",
      ...(words[0] === "tag" ? [] : ["--yes"]),
    );
  const untouched = () => existsSync(path.join(desk.directory, "cases", "CASE-9"));

  beforeAll(async () => {
    organization = await EmulatedOrganization.create();
    desk = new Desk(organization);
    scene = await setScene(organization);
  });
  afterAll(async () => {
    desk.close();
    await organization.close();
  });

  it.each([
    ["a key cut short", ["key", "AKIA123"], /"AKIA123" is not the id of an access key: AKIA \(of a user\)/],
    ["a key in small letters", ["key", goodKey.toLowerCase()], /did you mean AKIAIOSFODNN7EXAMPLE\?/],
    ["the id of a user", ["key", "AIDAIOSFODNN7EXAMPLE"], /the id of something else in IAM/],
    ["a terminal escape", ["key", "AKIA\u001b[2JX"], /"AKIA\\\\?u\{?001b\}?\[2JX" is not the id/],
    ["no ARN", ["user", "anna"], /"anna" is not the ARN of a role or user, such as arn:aws:iam/],
    [
      "a role as a user",
      ["user", "arn:aws:iam::555555555555:role/app"],
      /names a role: npx ir-kit respond role/,
    ],
    ["the root user", ["user", "arn:aws:iam::555555555555:root"], /root user of 555555555555.*assume-root/],
    ["a wrong time", ["key", goodKey, "--check-at", "soon"], /--check-at takes whole numbers/],
    ...tagging([
      ["no id", ["web-1"], /"web-1" can't be tagged with a case: name ids that begin with i-/],
      ["a terminal escape as an id", ["i-\u001b[2JX"], /"i-\\\\?u\{?001b\}?\[2JX" can't be tagged/],
      [
        "two things of another account and region, both of them told",
        [
          "arn:aws:lambda:eu-west-1:666666666666:function:app",
          "arn:aws:lambda:us-east-1:ACCOUNT:function:app",
        ],
        /is in account 666666666666, and not in \d+\n.*is in us-east-1, and not in eu-west-1/,
      ],
      ["the kit's own", ["arn:aws:iam::ACCOUNT:role/acme-ir/acme-ir-contain"], /is the kit's own/],
      [
        "a region that there is not",
        ["i-0123456789abcdef0", "--region", "eu-wset-1"],
        /--region "eu-wset-1" is not a region of partition aws; did you mean "eu-west-1"\?/,
      ],
      [
        "more than one request holds",
        Array.from({ length: 51 }, (_, index) => `i-${String(index).padStart(17, "0")}`),
        /51 resources are more than the 50 of one request/,
      ],
      [
        "a task that does not tag",
        ["i-0123456789abcdef0", "--task", "contian"],
        /did you mean "?contain"?\?/,
      ],
    ]),
    ["far too long ago", ["key", goodKey, "--since", "9999"], /--since takes whole numbers up to 2160/],
  ])("refuses %s, before anybody is asked for a code", async (_, words, message) => {
    const { code, stderr } = await respond(...words.map((word) => word.replace("ACCOUNT", scene.account)));
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\p{Cc}(?<!\n)/u);
    expect(code).toBe(2);
    expect(untouched()).toBe(false);
  });

  it.each([
    ["a key that nobody has", ["key", goodKey], /in the organization|no user of account/],
    [
      "an account that is not in the organization",
      ["user", "arn:aws:iam::999999999999:user/anna"],
      /whether the account is in the organization/,
    ],
    [
      "a user that is not there",
      () => ["user", `arn:aws:iam::${scene.account}:user/nobody`],
      /has no user nobody/,
    ],
    [
      "the kit's own role",
      () => ["role", `arn:aws:iam::${scene.account}:role/acme-ir/acme-ir-contain`],
      /is the kit's own.*ir-kit seal/s,
    ],
    [
      "the deployer's role",
      () => ["role", `arn:aws:iam::${scene.account}:role/OrganizationAccountAccessRole`],
      /deploys the kit/,
    ],
    [
      "a principal of the hub",
      () => ["role", `arn:aws:iam::${organization.idOf("security")}:role/app`],
      /hub's own account.*ir-kit seal/s,
    ],
  ])("refuses %s, and changes nothing", async (_, words, message) => {
    const { code, stdout, stderr } = await respond(...(typeof words === "function" ? words() : words));
    expect(stderr).toMatch(message);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
    expect(untouched()).toBe(false);
  });

  it("refuses a ledger that was cut short, before anything is asked of AWS", async () => {
    const folder = path.join(desk.directory, "cases", "CASE-9");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "ledger.json"), '{"version":1,"case":"CASE-9","entr');
    const before = organization.front.counts().forwarded;
    for (const words of [["key", scene.leaked.accessKeyId], ["status"], ["release"]]) {
      const { code, stderr } = await desk.run(
        ...["respond", ...words, "--case", "CASE-9"],
        ...(words[0] === "status" ? [] : ["--mfa-code", "123456", "--yes"]),
      );
      expect(stderr).toContain("is not whole: it was cut short");
      expect(code).toBe(2);
    }
    expect(organization.front.counts().forwarded).toBe(before);
    expect(readFileSync(path.join(folder, "ledger.json"), "utf8")).toBe('{"version":1,"case":"CASE-9","entr');
  });

  it("contains a user with large and strange tags like any other", async () => {
    await new IAMClient(organization.client(await organization.administrator("payments-prod"))).send(
      new TagUserCommand({
        UserName: scene.userArn.split("/")[1],
        Tags: Array.from({ length: 8 }, (_, index) => ({
          Key: `note-${index}`,
          Value: "x=+.@-_/:".repeat(28),
        })),
      }),
    );
    const { code, stderr } = await desk.run(
      ...[
        "respond",
        "user",
        scene.userArn,
        "--case",
        "CASE-10",
        "--mfa-code",
        "123456",
        "--yes",
        "--check-at",
        "0",
      ],
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
});

describe("text of an attacker's making", () => {
  const hostile = 'evil"\u001b]0;owned\u0007\u202e|<script>`*[x](y)\n# head';
  const target = "arn:aws:iam::555555555555:user/ann";

  it("does nothing on a terminal", () => {
    const text = factsText(landscape, {
      principal: { kind: "user", account: "555555555555", name: "ann", path: "/", arn: target },
      credentials: [{ kind: "mfa-device", id: hostile, status: "present" }],
      activity: {
        calls: 1,
        refused: 0,
        sources: [
          {
            ip: hostile,
            agent: hostile.repeat(200),
            calls: 1,
            first: "2026-11-25T03:00:00Z",
            last: "2026-11-25T03:00:00Z",
          },
        ],
        chain: [{ arn: hostile, how: hostile, at: "2026-11-25T03:00:00Z" }],
        incomplete: [],
      },
      entry: {
        trust: [hostile],
        callers: [{ arn: hostile, how: hostile, times: 1, last: "2026-11-25T03:00:00Z" }],
        incomplete: [],
      },
      unknown: [hostile],
    });
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    expect(text.length).toBeLessThan(4000);
  });

  it("does nothing in Markdown", () => {
    const text = timeline(
      "CASE-1",
      [],
      [{ at: "2026-11-25T03:00:00Z", actor: hostile, kind: "facts", target, text: hostile }],
    );
    expect(text.trim().split("\n")).toHaveLength(5);
    const row = text.trim().split("\n").at(-1) ?? "";
    expect(row.split("|")).toHaveLength(6);
    expect(row).not.toMatch(/<script|`|\*|\[x\]|\p{Cc}/u);
  });
});
