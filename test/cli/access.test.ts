import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { repository } from "../support/repository";
import { runInProcess } from "../support/run-in-process";

const irKit = (...args: string[]) =>
  runInProcess(["access", ...args], {
    directory: repository,
    variables: { IR_KIT_CONFIG: path.join(repository, "config", "landscape.yaml") },
  });

const json = async (...args: string[]) => {
  const { stdout, output } = await irKit(...args, "--json");
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch {
    throw new Error(output);
  }
};

describe("ir-kit access explain", () => {
  it.each(["investigate", "contain", "evidence", "credentials", "recover"])(
    "tells every statement of %s with its reason, gravest access level first",
    async (task) => {
      const rows = (await json("explain", task)) as unknown as {
        level: string;
        because: string;
        where: string;
      }[];
      const order = ["Permissions management", "Write", "Tagging", "Read", "List"];
      const ranks = rows.map(({ level }) => order.indexOf(level));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      for (const { because } of rows) expect(because.length).toBeGreaterThan(15);
      expect(rows.some(({ where }) => where === "hub")).toBe(true);
    },
  );

  it("prints a table that a reviewer can read", async () => {
    const { exitCode, stdout } = await irKit("explain", "contain");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("everything else is denied");
    expect(stdout).toContain("never: ");
    expect(stdout).toContain("iam:PassRole");
  });

  it("suggests the task that was meant", async () => {
    const { exitCode, output } = await irKit("explain", "evidense");
    expect([exitCode, output]).toEqual([2, expect.stringContaining('did you mean "evidence"?')]);
  });
});

describe("ir-kit access check", () => {
  const eni = "arn:aws:ec2:eu-west-1:555555555555:network-interface/eni-0123456789abcdef0";

  it("denies by exit code 1, with the deciding statement and layer", async () => {
    const { exitCode, stdout } = await irKit("check", "contain", "s3:DeleteBucket", "arn:aws:s3:::payments");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("s3:DeleteBucket: denied");
    expect(stdout).toContain("NothingElse (boundary, identity)");
  });

  it("denies what nothing allows, where no resource policy could", async () => {
    const { exitCode, stdout } = await irKit("check", "contain", "ec2:TerminateInstances", "*");
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining("denied, since nothing allows it (boundary, identity)"),
    ]);
  });

  it("allows by exit code 0 what the context makes right", async () => {
    const { exitCode, stdout } = await irKit(
      "check",
      "contain",
      "ec2:ModifyNetworkInterfaceAttribute",
      eni,
      "--context",
      "aws:ResourceTag/ir:case=CASE-1",
    );
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("allowed by IsolateInterfaces")]);
  });

  it("says under which condition a statement would allow it", async () => {
    const result = await json("check", "contain", "ec2:ModifyNetworkInterfaceAttribute", eni);
    expect(result).toMatchObject({
      allowed: false,
      couldBeAllowedBy: expect.arrayContaining([
        {
          statement: "IsolateInterfaces",
          conditions: ["aws:ResourceTag/ir:case StringEquals ${aws:PrincipalTag/ir:case}"],
        },
      ]),
    });
  });

  it.each<[string, string[], string]>([
    [
      "an unknown action",
      ["contain", "ec2:TerminateInstancs", "*"],
      'did you mean "ec2:TerminateInstances"?',
    ],
    ["an unknown service", ["contain", "ec3:TerminateInstances", "*"], 'did you mean "ec2"?'],
    ["what is no action", ["contain", "TerminateInstances", "*"], "a service and a name"],
    ["an unknown task", ["contian", "ec2:TerminateInstances", "*"], 'did you mean "contain"?'],
    ["what is no ARN", ["contain", "ec2:TerminateInstances", "i-123"], "is not an ARN"],
    [
      "a context that is none",
      ["contain", "ec2:TerminateInstances", "*", "--context", "mfa"],
      "is not key=value",
    ],
    [
      "an unknown account",
      ["contain", "ec2:TerminateInstances", "*", "--account", "payments-prd"],
      'did you mean "payments-prod"?',
    ],
  ])("answers %s with exit code 2 and what is meant", async (_, args, message) => {
    const { exitCode, output } = await irKit("check", ...args);
    expect([exitCode, output]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("ir-kit access matrix", () => {
  it("shows that no task but investigate asks Athena, and who changes permissions", async () => {
    const rows = (await json("matrix")) as Record<string, Record<string, string[]>>;
    expect(Object.keys(rows.athena ?? {})).toEqual(["investigate"]);
    expect(rows.iam?.credentials).toContain("Permissions management");
    for (const task of ["investigate", "contain", "evidence", "recover"]) {
      expect(rows.iam?.[task] ?? []).not.toContain("Permissions management");
    }
  });
});

describe("ir-kit access impact", () => {
  let directory: string;

  const identity = (role: string, account = "555555555555") => ({
    type: "AssumedRole",
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/someone`,
    sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/${role}` } },
  });

  const event = (eventName: string, source: string, role: string, more: object = {}) => ({
    eventName,
    eventSource: `${source}.amazonaws.com`,
    awsRegion: "eu-west-1",
    userIdentity: identity(role),
    ...more,
  });

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-trail-"));
    const below = path.join(directory, "AWSLogs", "555555555555", "CloudTrail");
    mkdirSync(below, { recursive: true });
    const first = [
      event("DisassociateResolverQueryLogConfig", "route53resolver", "network-pipeline"),
      event("DisassociateResolverQueryLogConfig", "route53resolver", "network-pipeline"),
      event("RunInstances", "ec2", "batch", { awsRegion: "ap-south-1" }),
      event("CreateTags", "ec2", "tagger", {
        requestParameters: { tagSet: { items: [{ key: "ir:case", value: "CASE-1" }] } },
      }),
      event("DescribeInstances", "ec2", "batch"),
      event("ConsoleLogin", "signin", "batch"),
    ];
    const second = [
      event("DisassociateResolverQueryLogConfig", "route53resolver", "network-pipeline", {
        errorCode: "UnauthorizedOperation",
      }),
      event("StopLogging", "cloudtrail", "administrator", {
        userIdentity: identity("administrator", "111111111111"),
      }),
      event("TerminateInstances", "ec2", "autoscaler"),
    ];
    writeFileSync(path.join(below, "one.json.gz"), gzipSync(JSON.stringify({ Records: first })));
    writeFileSync(path.join(below, "two.json"), JSON.stringify({ Records: second }));
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("lists who would have been locked out, by principal, with the guardrail's statement", async () => {
    const result = await json("impact", directory);
    const impacts = result.impacts as {
      principal: string;
      action: string;
      verdict: string;
      because: string[];
      count: number;
    }[];
    const denied = impacts
      .filter(({ verdict }) => verdict === "denied")
      .map(({ principal, action, because, count }) => [principal.slice(31), action, because.join(), count]);
    expect(denied).toEqual([
      ["network-pipeline", "route53resolver:DisassociateResolverQueryLogConfig", "SecurityServices", 2],
      ["batch", "ec2:RunInstances", "UnwatchedRegions", 1],
      ["tagger", "ec2:CreateTags", "KitTags", 1],
    ]);
    expect(result).toMatchObject({ events: 7, skipped: 2 });
  });

  it("says where an event does not tell enough", async () => {
    const { impacts } = (await json("impact", directory)) as {
      impacts: { principal: string; verdict: string }[];
    };
    expect(impacts).toContainEqual(
      expect.objectContaining({
        principal: "arn:aws:iam::555555555555:role/autoscaler",
        verdict: "cannot-tell",
      }),
    );
  });

  it("exits with 1 where somebody would have been locked out", async () => {
    const { exitCode, stdout } = await irKit("impact", directory);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("7 events replayed; 2 that no guardrail concerns left out");
  });

  it.each<[string, () => string, string]>([
    ["a folder that is not there", () => path.join(directory, "nowhere"), "no such folder"],
    [
      "a folder without trails",
      () => mkdtempSync(path.join(tmpdir(), "ir-kit-empty-")),
      "no CloudTrail file",
    ],
    [
      "a file that is no trail",
      () => {
        const file = path.join(mkdtempSync(path.join(tmpdir(), "ir-kit-other-")), "other.json");
        writeFileSync(file, "{}");
        return file;
      },
      "it has no Records",
    ],
  ])("answers %s with exit code 2", async (_, make, message) => {
    const { exitCode, output } = await irKit("impact", make());
    expect([exitCode, output]).toEqual([2, expect.stringContaining(message)]);
  });
});
