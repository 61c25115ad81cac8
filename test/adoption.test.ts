import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Facts } from "../adoption/facts";
import { readAdoption } from "../adoption/file";
import { planAdoption } from "../adoption/plan";
import { importBlocks } from "../cli/adopt/addresses";
import { run } from "../cli/terraform";
import { synthesize } from "../stacks/synthesize";
import { exampleLandscape, exampleText } from "./support/landscapes";
import { repository } from "./support/repository";

const landscape = exampleLandscape();
const management = "111111111111";
const security = "222222222222";
const member = "555555555555";
const stranger = "999999999999";
const region = "eu-west-1";
const id = "0123456789abcdef0123456789abcdef";

const blocksOf = (facts: Facts) => importBlocks(landscape, planAdoption(landscape, facts).imports);
const conflictsOf = (facts: Facts, ...changes: [string, string][]) =>
  planAdoption(exampleLandscape(...changes), facts).conflicts;

describe("what exists and becomes the kit's", () => {
  it("is imported into the stack and under the address at which it stands from then on", () => {
    const aggregator = `arn:aws:securityhub:${region}:${security}:finding-aggregator/x`;
    const trail = `arn:aws:cloudtrail:${region}:${management}:trail/acme-ir-organization`;
    expect(
      blocksOf({
        administrators: [
          { service: "guardduty", region, account: security },
          { service: "inspector2", region: "us-east-1", account: security },
          { service: "macie", region, account: security },
          { service: "access-analyzer", account: security },
          { service: "securityhub", account: security },
        ],
        detectors: [
          { account: security, region, id },
          { account: management, region: "us-east-1", id },
          // Members' detectors come and go with the administrator's.
          { account: member, region, id, administrator: security },
        ],
        hubs: [{ account: security, region, configuration: "CENTRAL" }],
        aggregators: [{ account: security, region, arn: aggregator }],
        macie: [{ account: security, region: "us-east-1" }],
        analyzers: [
          { account: security, region, name: "acme-ir-unused-access", type: "ORGANIZATION_UNUSED_ACCESS" },
        ],
        trails: [
          {
            account: management,
            region,
            name: "acme-ir-organization",
            arn: trail,
            organization: true,
            bucket: "b",
          },
        ],
        queryLogs: [{ account: security, region, id: "rqlc-1", name: "acme-ir-dns-queries" }],
      }),
    ).toEqual({
      "administrator-eu-west-1": [
        { to: expect.stringMatching(/^aws_guardduty_detector\./), id },
        { to: "aws_securityhub_account.security-hub", id: security },
      ],
      "administrator-us-east-1": [{ to: "aws_macie2_account.macie", id: security }],
      "delegation-eu-west-1": [
        { to: "aws_guardduty_organization_admin_account.guardduty", id: security },
        { to: "aws_macie2_organization_admin_account.macie", id: security },
        {
          to: "aws_organizations_delegated_administrator.access-analyzer",
          id: `${security}/access-analyzer.amazonaws.com`,
        },
        { to: "aws_securityhub_organization_admin_account.security-hub", id: security },
      ],
      "delegation-us-east-1": [
        { to: "aws_inspector2_delegated_admin_account.inspector", id: security },
        { to: "aws_guardduty_detector.guardduty-detector", id },
      ],
      "detection-eu-west-1": [
        { to: expect.stringMatching(/^aws_securityhub_finding_aggregator\./), id: aggregator },
        { to: "aws_accessanalyzer_analyzer.unused-access", id: "acme-ir-unused-access" },
        { to: expect.stringMatching(/^aws_route53_resolver_query_log_config\./), id: "rqlc-1" },
      ],
      trail: [{ to: "aws_cloudtrail.trail", id: trail }],
    });
  });

  it("is nothing where the landscape leaves the service to others, or the region unwatched", () => {
    const facts: Facts = {
      detectors: [{ account: security, region: "ap-south-1", id }],
      macie: [{ account: security, region }],
      administrators: [{ service: "macie", region, account: stranger }],
    };
    const others = exampleLandscape(["  macie: {}", "  macie: { owner: existing }"]);
    expect(planAdoption(others, facts)).toEqual({ imports: [], conflicts: [] });
  });
});

describe("what was adopted and is wanted no longer", () => {
  it("is left out of the stack, where Terraform would refuse it", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "adopted-"));
    try {
      const [wanted] =
        blocksOf({ detectors: [{ account: security, region, id }] })[`administrator-${region}`] ?? [];
      const gone = { to: "aws_guardduty_detector.renamed_0123ABCD", id };
      synthesize(landscape, {
        deployed: undefined,
        directory: path.join(directory, "cdktf.out"),
        adopted: {
          [`administrator-${region}`]: [...(wanted ? [wanted] : []), gone],
          "no-such-stack": [gone],
        },
      });
      const file = path.join(directory, "cdktf.out", "stacks", `administrator-${region}`, "cdk.tf.json");
      expect(JSON.parse(readFileSync(file, "utf8")).import).toEqual([wanted]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe("what conflicts", () => {
  it.each<[string, Facts, string, string]>([
    [
      "an administrator that is another account",
      { administrators: [{ service: "guardduty", region, account: stranger }] },
      `administered by account ${stranger}`,
      "detection.guardDuty.owner: existing",
    ],
    [
      "a member's detector of another administrator",
      { detectors: [{ account: member, region, id, administrator: stranger }] },
      `owned by administrator ${stranger}`,
      "disassociate it",
    ],
    [
      "a hub that is not central",
      { hubs: [{ account: security, region, configuration: "LOCAL" }] },
      "configured locally",
      "the next deploy makes it central",
    ],
    [
      "an aggregation into another region",
      { aggregators: [{ account: security, region: "us-east-1", arn: "arn:x" }] },
      "aggregated in us-east-1, not in the home region eu-west-1",
      "there is one for all",
    ],
    [
      "a second trail, with what it costs",
      {
        trails: [
          { account: management, region, name: "old", arn: "arn:x", organization: true, bucket: "logs" },
        ],
      },
      "trail old records the organization already, into logs; a second copy of management events costs $2",
      "logging.owner: existing",
    ],
    [
      "Control Tower's own trail",
      {
        trails: [
          {
            account: management,
            region,
            name: "aws-controltower-BaselineCloudTrail",
            arn: "arn:x",
            organization: true,
            bucket: "logs",
          },
        ],
      },
      "aws-controltower-BaselineCloudTrail",
      "set landingZone: control-tower",
    ],
    [
      "a recorder of others",
      { recorders: [{ account: member, region, name: "default" }] },
      "recorder default of Config stands in account 555555555555, eu-west-1, and AWS allows one",
      "detection.config: existing",
    ],
    [
      "a second analyzer of unused access",
      { analyzers: [{ account: security, region, name: "ours", type: "ORGANIZATION_UNUSED_ACCESS" }] },
      "looks for unused access already",
      "two are paid twice, $0.2",
    ],
  ])("is %s", (_, facts, what, remedy) => {
    const [conflict, ...others] = conflictsOf(facts);
    expect(others).toEqual([]);
    expect(conflict?.what).toContain(what);
    expect(conflict?.remedy).toContain(remedy);
  });

  it("is not a trail of one account, nor one that another owner keeps by choice", () => {
    const trail = { account: member, region, name: "own", arn: "arn:x", organization: false, bucket: "b" };
    expect(conflictsOf({ trails: [trail] })).toEqual([]);
  });
});

describe("ir-kit adopt --from", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-adopt-"));
    writeFileSync(path.join(directory, "landscape.yaml"), exampleText);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const adopt = (facts: unknown, ...args: string[]) => {
    const file = path.join(directory, "facts.json");
    writeFileSync(file, typeof facts === "string" ? facts : JSON.stringify(facts));
    return run(
      process.execPath,
      [
        path.join(repository, "bin", "ir-kit.js"),
        "adopt",
        "--from",
        file,
        "--config",
        path.join(directory, "landscape.yaml"),
        ...args,
      ],
      { directory, environment: process.env },
    );
  };

  const adopted = () => readAdoption(path.join(directory, "landscape.yaml"));

  it("writes import blocks beside the landscape, which the next synthesis has", async () => {
    const { exitCode, stdout } = await adopt({ detectors: [{ account: security, region, id }] });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("1 to take over")]);
    const blocks = adopted();
    expect(blocks["administrator-eu-west-1"]).toHaveLength(1);
  });

  it("exits with 1 where something conflicts, and tells it as JSON too", async () => {
    const facts = { recorders: [{ account: member, region, name: "default" }] };
    const { exitCode, stdout } = await adopt(facts, "--json", "--dry-run");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ imports: {}, conflicts: [expect.anything()], facts });
    expect(adopted()).toEqual({});
  });

  it.each([
    ["no JSON", "{", ["facts.json", "JSON"]],
    [
      "an account that is none",
      { detectors: [{ account: "1", region, id }] },
      ["/detectors/0/account", '"1"'],
    ],
    ["a kind that there is not", { detector: [] }, ["/detector", "Unexpected property"]],
  ])("refuses %s, and writes nothing", async (_, facts, says) => {
    const { exitCode, output } = await adopt(facts);
    expect(exitCode).toBe(2);
    for (const text of says) expect(output).toContain(text);
    expect(output).not.toMatch(/\n {4}at /);
    expect(adopted()).toEqual({});
  });
});
