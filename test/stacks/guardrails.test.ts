import { fromLiteralJson } from "../../constructs/terraform-text";
import { sweepEvents } from "../../policies/alarms";
import { findingFormats } from "../../policies/findings";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

const policiesOf = (...replacements: readonly (readonly [string, string])[]) => {
  const stack = synthesized(exampleLandscape(...replacements)).stack("guardrails");
  return {
    policies: stack.resource?.aws_organizations_policy ?? {},
    attachments: stack.resource?.aws_organizations_policy_attachment ?? {},
    statements: (id: string) =>
      fromLiteralJson<{ Statement: { Sid: string; Condition?: Record<string, Record<string, unknown>> }[] }>(
        stack.resource?.aws_organizations_policy?.[id]?.content,
      ).Statement,
  };
};

describe("the guardrails", () => {
  const { policies, attachments, statements } = policiesOf();

  it("are the last stack, after all others", () => {
    const names = [...synthesized(exampleLandscape()).texts.keys()];
    expect(names).toContain("guardrails");
  });

  it("are attached at the root, data policies where data is, and the seal nowhere", () => {
    expect(
      Object.fromEntries(Object.entries(attachments).map(([id, { target_id }]) => [id, target_id])),
    ).toEqual({
      "cut-root": "r-ab12",
      "data-perimeter-sandbox": "ou-ab12-sandbox01",
      "kit-data-forensics": "444444444444",
      "kit-data-log_archive": "333333333333",
      "kit-data-security": "222222222222",
      "protect-kit-root": "r-ab12",
      "protect-response-root": "r-ab12",
      "protect-security-root": "r-ab12",
    });
    expect(Object.keys(policies)).toEqual(expect.arrayContaining(["seal-account", "seal-resources"]));
  });

  it("leave room at the root to a landing zone", () => {
    const zone = policiesOf(
      ["landingZone: none", "landingZone: control-tower"],
      ["logging:\n  owner: kit", "# logging:\n#  owner: kit"],
      ["\n  retentionDays: 365", "\n# "],
      ["\n  lock: governance", "\n# "],
      ["\n  dataEvents: [s3-write]", "\n"],
      ["  config: kit", "  config: existing"],
    );
    const ids = Object.keys(zone.attachments).filter((id) => id.startsWith("protect-response"));
    expect(ids.sort()).toEqual([
      "protect-response-sandbox",
      "protect-response-security",
      "protect-response-workloads",
    ]);
    expect(JSON.stringify(zone.statements("protect-kit"))).toContain("role/AWSControlTowerExecution");
  });

  it("are written without white space, which counts", () => {
    for (const { content } of Object.values(policies)) expect(String(content)).not.toMatch(/^\{\s|": "/);
  });

  it("leave unwatched regions open where the landscape does", () => {
    const sids = (text: ReturnType<typeof policiesOf>) =>
      text.statements("protect-security").map(({ Sid }) => Sid);
    expect(sids({ policies, attachments, statements })).toContain("UnwatchedRegions");
    expect(sids(policiesOf(["unwatchedRegions: deny", "unwatchedRegions: allow"]))).not.toContain(
      "UnwatchedRegions",
    );
  });

  it("have no perimeter where no unit is named, and exceptions where some are", () => {
    const none = policiesOf(["perimeter: { units: [sandbox] }", "perimeter: { units: [] }"]);
    expect(Object.keys(none.policies)).not.toContain("data-perimeter");
    const excepted = policiesOf([
      "perimeter: { units: [sandbox] }",
      'perimeter: { units: [sandbox], exceptions: [{ account: "777777777777", reason: a partner reads its bucket }] }',
    ]);
    for (const { Condition } of excepted.statements("data-perimeter")) {
      expect(Condition?.StringNotEqualsIfExists?.["aws:ResourceAccount"]).toEqual(["777777777777"]);
    }
  });

  it("exempt the deployer in every account where it works in every account", () => {
    const direct = policiesOf(["distribution: stackset", "distribution: direct"]);
    const [first] = direct.statements("protect-kit");
    expect(first?.Condition?.ArnNotLike?.["aws:PrincipalArn"]).toEqual([
      "arn:aws:iam::*:role/OrganizationAccountAccessRole",
    ]);
  });

  it("go on shutting out the account that was lost, when the hub has moved", () => {
    const moved = policiesOf(["access:\n", "access:\n  hub: log-archive\n  sealed: security\n"]);
    expect(JSON.stringify(moved.statements("seal-resources"))).toContain("222222222222");
    expect(JSON.stringify(moved.statements("seal-resources"))).not.toContain("333333333333");
  });

  it("wait for bootstrap to have made the cuts' policy", () => {
    const { texts, omitted } = synthesized(exampleLandscape(["  cutPolicyId: p-a1b2c3d4e5", "  #"]));
    expect(texts.has("guardrails")).toBe(false);
    expect(omitted).toContainEqual({
      name: "guardrails",
      because: "id of the cuts' policy unknown until bootstrap",
    });
  });
});

describe("alarms", () => {
  const stack = synthesized(exampleLandscape()).stack("alarms-eu-west-1");

  it("reach every channel, on two topics, encrypted", () => {
    const topics = resourcesOf(stack, "aws_sns_topic");
    expect(topics).toHaveLength(2);
    for (const topic of topics) expect(topic.kms_master_key_id).toMatch(/aws_kms_key/);
    const subscriptions = resourcesOf(stack, "aws_sns_topic_subscription");
    expect(subscriptions.map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual([
      ["email", "security@example.com"],
      ["sms", "+15550100"],
      ["email", "security@example.com"],
      ["sms", "+15550100"],
    ]);
  });

  it("that can't be delivered wait in a queue, which raises an alarm of its own", () => {
    for (const target of resourcesOf(stack, "aws_cloudwatch_event_target")) {
      expect(target.dead_letter_config).toMatchObject({
        arn: "arn:aws:sqs:eu-west-1:222222222222:acme-ir-alarms-undelivered",
      });
    }
    const all = resourcesOf(stack, "aws_cloudwatch_metric_alarm");
    // Nor does what fails in the function of findings rest on the topic that it fails on.
    for (const alarm of all) {
      expect(alarm.alarm_actions).toEqual(["arn:aws:sns:eu-west-1:222222222222:acme-ir-alarms-undelivered"]);
    }
    expect(all.find(({ alarm_name }) => alarm_name === "acme-ir-alarms-undelivered")).toMatchObject({
      metric_name: "ApproximateNumberOfMessagesVisible",
      threshold: 0,
      alarm_actions: ["arn:aws:sns:eu-west-1:222222222222:acme-ir-alarms-undelivered"],
    });
  });

  it("come from the organization's accounts, and from nobody else", () => {
    const [policy] = resourcesOf(stack, "aws_cloudwatch_event_bus_policy");
    expect(fromLiteralJson(policy?.policy)).toMatchObject({
      Statement: [
        {
          Principal: "*",
          Action: ["events:PutEvents"],
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
        },
      ],
    });
  });

  it("are raised by what is forwarded: each rule here has its counterpart in the baseline", () => {
    const patterns = (rules: readonly Record<string, unknown>[]) =>
      rules.map(({ event_pattern }) => JSON.stringify(fromLiteralJson(event_pattern))).sort();
    // Findings come from the account of their administrator alone, and the sweep runs in the home region.
    const ofHome = [...findingFormats.map(({ alarming }) => alarming), sweepEvents].map((pattern) =>
      JSON.stringify(pattern),
    );
    const all = patterns(resourcesOf(stack, "aws_cloudwatch_event_rule"));
    expect(all).toEqual(expect.arrayContaining(ofHome));
    const here = all.filter((pattern) => !ofHome.includes(pattern));
    const regional = fromLiteralJson<{
      Resources: Record<string, { Type: string; Properties: { EventPattern?: unknown; Name?: unknown } }>;
    }>(
      synthesized(exampleLandscape()).stack("baseline").resource?.aws_cloudformation_stack_set?.regional
        ?.template_body,
    );
    const forwarded = Object.values(regional.Resources)
      .filter(
        ({ Type, Properties }) => Type === "AWS::Events::Rule" && Properties.Name !== "acme-ir-alarms-newvpc",
      )
      .map(({ Properties }) => JSON.stringify(Properties.EventPattern))
      .sort();
    expect(here).toEqual(forwarded);
    expect(here.length).toBeGreaterThanOrEqual(5);
  });
});

describe("identities", () => {
  it("have no credentials in Terraform: nothing that a state would keep", () => {
    const { texts } = synthesized(exampleLandscape());
    for (const text of texts.values()) {
      expect(text).not.toMatch(/aws_iam_access_key|aws_iam_user_login_profile|aws_iam_virtual_mfa_device/);
    }
  });

  it("of Identity Center lead to the hub's account alone, one set a task", () => {
    const stack = synthesized(exampleLandscape()).stack("identity");
    const assignments = resourcesOf(stack, "aws_ssoadmin_account_assignment");
    expect(assignments.map(({ target_id }) => target_id)).toEqual(Array(5).fill("222222222222"));
    for (const set of resourcesOf(stack, "aws_ssoadmin_permission_set"))
      expect(set.session_duration).toBe("PT1H");
  });

  it("of emergency stand outside the hub's account, with a contact, bounded by what they may do", () => {
    const stack = synthesized(exampleLandscape()).stack("emergency-users");
    expect(stack.provider.aws[0]?.allowed_account_ids).toEqual(["444444444444"]);
    for (const user of resourcesOf(stack, "aws_iam_user")) {
      expect(user).toMatchObject({
        path: "/acme-ir/",
        tags: { "contact-email": expect.stringContaining("@") },
      });
      expect(user.permissions_boundary).toMatch(/aws_iam_policy/);
    }
  });
});
