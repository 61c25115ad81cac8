import { fromLiteralJson } from "../../constructs/terraform-text";
import { planStacks } from "../../stacks";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

const everything = "  guardDuty: { s3: true, eks: true, malware: true, rds: true, lambda: true }";

const { stack, texts } = synthesized(exampleLandscape());
const regions = ["eu-west-1", "us-east-1"];

describe.each(regions)("detection in %s", (region) => {
  const detection = stack(`detection-${region}`);
  const delegation = stack(`delegation-${region}`);
  const administrator = stack(`administrator-${region}`);

  it("has a detector in the security account that reports every quarter of an hour", () => {
    expect(resourcesOf(administrator, "aws_guardduty_detector")).toEqual([
      expect.objectContaining({ enable: true, finding_publishing_frequency: "FIFTEEN_MINUTES" }),
    ]);
  });

  it("is delegated to the security account, after GuardDuty and Macie are on in the management account", () => {
    for (const [type, field] of [
      ["aws_guardduty_organization_admin_account", "admin_account_id"],
      ["aws_macie2_organization_admin_account", "admin_account_id"],
      ["aws_inspector2_delegated_admin_account", "account_id"],
    ] as const) {
      expect(resourcesOf(delegation, type)).toEqual([expect.objectContaining({ [field]: "222222222222" })]);
    }
    expect(resourcesOf(delegation, "aws_guardduty_organization_admin_account")[0]?.depends_on).toEqual([
      "aws_guardduty_detector.guardduty-detector",
    ]);
  });

  it("reaches every account, with the plans of the landscape and no others", () => {
    expect(resourcesOf(detection, "aws_guardduty_organization_configuration")).toEqual([
      expect.objectContaining({ auto_enable_organization_members: "ALL" }),
    ]);
    const features = Object.fromEntries(
      resourcesOf(detection, "aws_guardduty_organization_configuration_feature").map((feature) => [
        feature.name,
        feature.auto_enable,
      ]),
    );
    expect(features).toEqual({
      EKS_AUDIT_LOGS: "ALL",
      LAMBDA_NETWORK_LOGS: "ALL",
      EBS_MALWARE_PROTECTION: "ALL",
      RDS_LOGIN_EVENTS: "ALL",
      RUNTIME_MONITORING: "NONE",
      S3_DATA_EVENTS: "ALL",
    });
  });

  it("exports findings into the log archive's bucket, under its key", () => {
    expect(resourcesOf(detection, "aws_guardduty_publishing_destination")).toEqual([
      expect.objectContaining({
        destination_arn: "arn:aws:s3:::acme-ir-findings-333333333333-eu-west-1",
        kms_key_arn: "${data.aws_kms_key.findings-key.arn}",
      }),
    ]);
    expect(detection.data?.aws_kms_key?.["findings-key"]?.key_id).toBe(
      "arn:aws:kms:eu-west-1:333333333333:alias/acme-ir/findings",
    );
  });

  it("shares one configuration of query logging with the organization alone", () => {
    expect(resourcesOf(detection, "aws_route53_resolver_query_log_config")).toEqual([
      expect.objectContaining({
        destination_arn: `arn:aws:s3:::acme-ir-dns-queries-333333333333-eu-west-1/${region}`,
      }),
    ]);
    expect(resourcesOf(detection, "aws_ram_resource_share")[0]?.allow_external_principals).toBe(false);
    expect(resourcesOf(detection, "aws_ram_principal_association")[0]?.principal).toBe(
      "arn:aws:organizations::111111111111:organization/o-a1b2c3d4e5",
    );
  });

  it("looks for what is shared outside the organization", () => {
    const types = resourcesOf(detection, "aws_accessanalyzer_analyzer").map(({ type }) => type);
    expect(types).toContain("ORGANIZATION");
    expect(types.includes("ORGANIZATION_UNUSED_ACCESS")).toBe(region === "eu-west-1");
  });
});

describe("Security Hub", () => {
  const home = stack("detection-eu-west-1");

  it("is delegated and configured in the home region alone", () => {
    for (const [name, text] of texts) {
      const central = /aws_securityhub_(organization|configuration|finding|account)/.test(text);
      expect([name, central]).toEqual([
        name,
        ["administrator-eu-west-1", "delegation-eu-west-1", "detection-eu-west-1"].includes(name),
      ]);
    }
  });

  it("collects the findings of every watched region", () => {
    expect(resourcesOf(home, "aws_securityhub_finding_aggregator")).toEqual([
      expect.objectContaining({ linking_mode: "SPECIFIED_REGIONS", specified_regions: ["us-east-1"] }),
    ]);
    const alone = synthesized(exampleLandscape(["[eu-west-1, us-east-1]", "[eu-west-1]"]));
    const [aggregator] = resourcesOf(
      alone.stack("detection-eu-west-1"),
      "aws_securityhub_finding_aggregator",
    );
    expect(aggregator).toMatchObject({ linking_mode: "NO_REGIONS" });
    expect(aggregator).not.toHaveProperty("specified_regions");
  });

  it("is central, and applies the landscape's standards to the root and to units that differ", () => {
    const policies = home.resource?.aws_securityhub_configuration_policy ?? {};
    const standards = Object.fromEntries(
      resourcesOf(home, "aws_securityhub_configuration_policy_association").map(
        ({ policy_id, target_id }) => {
          const id = /policy\.(.+)\.id/.exec(String(policy_id))?.[1] ?? "";
          const [{ enabled_standard_arns: arns = [] } = {}] = [policies[id]?.configuration_policy].flat() as {
            enabled_standard_arns?: string[];
          }[];
          return [target_id, arns.map((arn) => arn.split("standards/")[1])];
        },
      ),
    );
    expect(standards).toEqual({
      "r-ab12": ["cis-aws-foundations-benchmark/v/3.0.0", "aws-foundational-security-best-practices/v/1.0.0"],
      "ou-ab12-sandbox01": ["cis-aws-foundations-benchmark/v/3.0.0"],
    });
  });

  it("suppresses what the landscape calls noise, and says why in the finding", () => {
    const [rule] = resourcesOf(home, "aws_securityhub_automation_rule").filter(
      ({ rule_name }) => rule_name !== "isolation-group-unused",
    ) as Record<string, unknown>[];
    expect(JSON.stringify(rule?.criteria)).toContain(
      '{"comparison":"EQUALS","value":"security-control/EC2.9"}',
    );
    const beginning = exampleLandscape(["security-control/EC2.9", '"security-control/EC2*"']);
    expect(JSON.stringify(synthesized(beginning).stack("detection-eu-west-1").resource)).toContain(
      '{"comparison":"PREFIX","value":"security-control/EC2"}',
    );
    expect(JSON.stringify(rule?.criteria)).toContain('"value":"777777777777"');
    expect(JSON.stringify(rule?.actions)).toContain("The sandbox is meant to be reached from outside");
  });

  it("suppresses, in every region, the one control that the kit's own group fails, of that group alone", () => {
    for (const region of ["eu-west-1", "us-east-1"]) {
      const rules = resourcesOf(stack(`detection-${region}`), "aws_securityhub_automation_rule").filter(
        ({ rule_name }) => rule_name === "isolation-group-unused",
      );
      expect(rules.map(({ criteria }) => criteria)).toEqual([
        [
          {
            compliance_security_control_id: [{ comparison: "EQUALS", value: "EC2.22" }],
            record_state: [{ comparison: "EQUALS", value: "ACTIVE" }],
            resource_tags: [{ comparison: "EQUALS", key: "ir:isolation", value: "empty" }],
            resource_type: [{ comparison: "EQUALS", value: "AwsEc2SecurityGroup" }],
            workflow_status: [{ comparison: "EQUALS", value: "NEW" }],
          },
        ],
      ]);
      expect(JSON.stringify(rules[0]?.actions)).toContain('"status":"SUPPRESSED"');
    }
    // Whoever isolates nothing has no such group.
    const orders = resourcesOf(home, "aws_securityhub_automation_rule").map(({ rule_order }) => rule_order);
    expect(new Set(orders).size).toBe(orders.length);
  });

  it("sends every open finding to the hub's bus, once, from the home region", () => {
    const rules = (name: string) => resourcesOf(stack(name), "aws_cloudwatch_event_rule");
    const [all] = rules("detection-eu-west-1").filter(({ name }) => name === "acme-ir-findings");
    expect(fromLiteralJson(all?.event_pattern)).toEqual({
      source: ["aws.securityhub"],
      "detail-type": ["Security Hub Findings - Imported"],
      detail: { findings: { RecordState: ["ACTIVE"], Workflow: { Status: ["NEW"] } } },
    });
    expect(rules("detection-us-east-1").map(({ name }) => name)).not.toContain("acme-ir-findings");
    for (const target of resourcesOf(home, "aws_cloudwatch_event_target")) {
      expect(target.arn).toBe("arn:aws:events:eu-west-1:222222222222:event-bus/acme-ir-alarms");
    }
  });
});

describe("findings of every format", () => {
  const patternsIn = (landscape: ReturnType<typeof exampleLandscape>) => {
    const { texts: all, stack: of } = synthesized(landscape);
    return [...all.keys()]
      .filter((name) => name.startsWith("detection-"))
      .flatMap((name) =>
        resourcesOf(of(name), "aws_cloudwatch_event_rule").map(
          ({ event_pattern }) =>
            `${name}: ${fromLiteralJson<{ "detail-type": string[] }>(event_pattern)["detail-type"].join()}`,
        ),
      )
      .sort();
  };
  const everyRegion = (type: string) => regions.map((region) => `detection-${region}: ${type}`);

  it("reach the hub from every watched region, with Security Hub and without", () => {
    const always = ["Findings Imported V2", "GuardDuty Finding"].flatMap(everyRegion);
    expect(patternsIn(exampleLandscape())).toEqual(
      [...always, "detection-eu-west-1: Security Hub Findings - Imported"].sort(),
    );
  });

  it("reach the hub where others administer what finds", () => {
    const others = exampleLandscape([everything, "  guardDuty: { owner: existing }"]);
    expect(patternsIn(others)).toEqual(expect.arrayContaining(everyRegion("GuardDuty Finding")));
  });
});

describe("recorders of Config", () => {
  const template = fromLiteralJson<{
    Conditions?: unknown;
    Resources: Record<
      string,
      { Type: string; Properties: Record<string, unknown>; DependsOn?: unknown; Condition?: string }
    >;
  }>(stack("baseline").resource?.aws_cloudformation_stack_set?.recorder?.template_body);
  const { ConfigRecorder, ConfigChannel, ConfigRole } = template.Resources;

  it("stand in every account and region by the baseline, and IAM is recorded once", () => {
    expect(ConfigRecorder?.Properties).toMatchObject({
      RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: { "Fn::If": ["Home", true, false] } },
    });
    expect(ConfigChannel?.Properties).toMatchObject({
      S3BucketName: "acme-ir-config-history-333333333333-eu-west-1",
      S3KmsKeyArn: "arn:aws:kms:eu-west-1:333333333333:alias/acme-ir/config-history",
    });
  });

  it("wait for nothing of each other: AWS lets neither come first", () => {
    expect(ConfigRecorder?.DependsOn).toBeUndefined();
    expect(JSON.stringify(ConfigChannel)).not.toContain("ConfigRecorder");
  });

  it("deliver as a role of the kit that may do nothing else, which Security Hub is told of", () => {
    expect(JSON.stringify(ConfigRole?.Properties.AssumeRolePolicyDocument)).toContain("config.amazonaws.com");
    const policies = JSON.stringify(ConfigRole?.Properties.Policies);
    expect(policies).not.toContain('"Resource":["*"]');
    expect(policies).toContain("acme-ir-config-history-333333333333-eu-west-1/AWSLogs/*");
    expect(
      JSON.stringify(resourcesOf(stack("detection-eu-west-1"), "aws_securityhub_configuration_policy")),
    ).toContain("includeConfigServiceLinkedRoleCheck");
  });

  it("are not made where the baseline stands and nobody watches", () => {
    const elsewhere = synthesized(exampleLandscape(["[eu-west-1, us-east-1]", "[eu-west-1]"]));
    const regionsOf = (part: string) =>
      resourcesOf(elsewhere.stack("baseline"), "aws_cloudformation_stack_set_instance")
        .filter(({ stack_set_name: set }) => String(set).includes(`.${part}.`))
        .map(({ region }) => region);
    expect([...new Set(regionsOf("recorder"))]).toEqual(["eu-west-1"]);
    expect([...new Set(regionsOf("regional"))]).toEqual(["eu-west-1", "us-east-1"]);
    const own = elsewhere.stack("baseline-management-us-east-1").resource?.aws_cloudformation_stack;
    expect(Object.keys(own ?? {})).toEqual(["baseline", "documents"]);
  });

  it("are others' unless the landscape says so", () => {
    const { texts: others } = synthesized(exampleLandscape(["  config: kit", "  config: existing"]));
    for (const text of others.values()) expect(text).not.toContain("AWS::Config::");
    expect([...others.values()].join()).not.toContain("acme-ir-config-history");
  });
});

describe("what the landscape switches off", () => {
  it("is switched off, in the administrator's account and in all others", () => {
    const off = synthesized(exampleLandscape([everything, "  guardDuty: { s3: true }"]));
    const status = (name: string, type: string, field: string) =>
      Object.fromEntries(resourcesOf(off.stack(name), type).map((feature) => [feature.name, feature[field]]));
    expect(
      status("detection-us-east-1", "aws_guardduty_organization_configuration_feature", "auto_enable"),
    ).toEqual({
      EKS_AUDIT_LOGS: "NONE",
      LAMBDA_NETWORK_LOGS: "NONE",
      EBS_MALWARE_PROTECTION: "NONE",
      RDS_LOGIN_EVENTS: "NONE",
      RUNTIME_MONITORING: "NONE",
      S3_DATA_EVENTS: "ALL",
    });
    expect(status("administrator-us-east-1", "aws_guardduty_detector_feature", "status")).toMatchObject({
      EKS_AUDIT_LOGS: "DISABLED",
      RUNTIME_MONITORING: "DISABLED",
      S3_DATA_EVENTS: "ENABLED",
    });
  });

  it("names every agent of runtime monitoring, on and off, in the API's order", () => {
    for (const [plans, status] of [
      ["  guardDuty: { runtime: true }", "ALL"],
      ["  guardDuty: {}", "NONE"],
    ] as const) {
      const { stack: changed } = synthesized(exampleLandscape([everything, plans]));
      const runtime = resourcesOf(
        changed("detection-eu-west-1"),
        "aws_guardduty_organization_configuration_feature",
      ).find(({ name }) => name === "RUNTIME_MONITORING");
      expect(runtime?.additional_configuration).toEqual(
        ["ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT"].map((name) => ({
          name,
          auto_enable: status,
        })),
      );
    }
  });
});

describe("services of others", () => {
  it("are not touched", () => {
    const landscape = exampleLandscape(
      [everything, "  guardDuty: { owner: existing }"],
      ["  macie: {}", "  macie: { owner: existing }"],
      ["  inspector: { ec2: true, ecr: true, lambda: true }", "  inspector: { owner: existing }"],
    );
    const { texts: others } = synthesized(landscape);
    for (const text of others.values()) expect(text).not.toMatch(/aws_(guardduty|macie2|inspector2)_/);
    expect(planStacks(landscape).stacks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["administrator-eu-west-1", "detection-us-east-1"]),
    );
    expect(others.has("administrator-us-east-1")).toBe(false);
  });
});

describe("removing a region", () => {
  it("changes nothing in the others but what collects their findings", () => {
    const three = synthesized(
      exampleLandscape(["[eu-west-1, us-east-1]", "[eu-central-1, eu-west-1, us-east-1]"]),
    );
    const ofDetection = [...texts.keys()].filter((name) =>
      /^(administrator|delegation|detection)-/.test(name),
    );
    const differing = ofDetection.filter((name) => three.texts.get(name) !== texts.get(name));
    expect(differing).toEqual(["detection-eu-west-1"]);
    const withoutAggregator = (json: ReturnType<typeof stack>) => {
      const { aws_securityhub_finding_aggregator: _, ...resources } = json.resource ?? {};
      return resources;
    };
    expect(withoutAggregator(three.stack("detection-eu-west-1"))).toEqual(
      withoutAggregator(stack("detection-eu-west-1")),
    );
  });
});
