import { App } from "cdktf";
import { globalBaseline } from "../../baseline/global";
import { baselineParts } from "../../baseline/parts";
import { regionalBaseline } from "../../baseline/regional";
import type { Template } from "../../baseline/template";
import { simulate } from "../../cli/access/simulate";
import { rolesOf } from "../../cli/access/template";
import { fromLiteralJson } from "../../constructs/terraform-text";
import { automationNames, taskNames } from "../../landscape/tasks";
import { BaselineStack } from "../../stacks/baseline";
import { exampleLandscape, resourcesOf, type StackJson, synthesized } from "../support/landscapes";

const landscape = exampleLandscape();
const hub = "222222222222";
const member = "555555555555";
const template = globalBaseline(landscape);

const properties = (name: string) => template.Resources[name]?.Properties ?? {};

const rolesIn = (account: string) =>
  new Map(
    rolesOf({ template, account, partition: "aws", parameters: { HubAccountId: hub } }).map((role) => [
      role.arn.slice(role.arn.lastIndexOf("/") + 1),
      role,
    ]),
  );

describe("the baseline's text", () => {
  it.each<[string, Template]>(baselineParts(landscape).map((part) => [part.scope, part.template]))(
    "fits CloudFormation's limit, and takes the hub's account as a parameter: %s",
    (_, { Parameters, ...rest }) => {
      expect(JSON.stringify(rest).length).toBeLessThan(51_200);
      expect(Object.keys(Parameters)).toEqual(["HubAccountId"]);
      expect(JSON.stringify(rest)).not.toContain(hub);
    },
  );

  it("denies everything to who is quarantined, without a condition", () => {
    expect(properties("QuarantinePolicy").PolicyDocument).toEqual({
      Version: "2012-10-17",
      Statement: [{ Sid: "Quarantine", Effect: "Deny", Action: ["*"], Resource: ["*"] }],
    });
  });

  it("stages quarantines that only deny", () => {
    for (const name of ["QuarantinePolicy", "QuarantinePersistencePolicy"]) {
      const { Statement } = properties(name).PolicyDocument as { Statement: { Effect: string }[] };
      expect(Statement.map(({ Effect }) => Effect)).toEqual(["Deny"]);
    }
  });

  it("gives an isolated instance a profile that denies everything", () => {
    expect(properties("QuarantineProfile").Roles).toEqual([{ Ref: "QuarantineRole" }]);
    expect(properties("QuarantineRole").ManagedPolicyArns).toEqual([{ Ref: "QuarantinePolicy" }]);
    expect(properties("QuarantineRole").PermissionsBoundary).toEqual({ Ref: "QuarantinePolicy" });
    expect(properties("QuarantineRole")).not.toHaveProperty("Policies");
  });
});

describe("the roles of an account", () => {
  it("are one a task, each with its permissions as its boundary, and an hour at most", () => {
    const roles = rolesIn(member);
    for (const use of [...taskNames, ...automationNames]) {
      const role = roles.get(`acme-ir-${use}`);
      expect(role?.policies).toEqual([role?.boundary]);
      expect(role?.arn).toBe(`arn:aws:iam::${member}:role/acme-ir/acme-ir-${use}`);
    }
    const made = Object.values(template.Resources).filter(({ Condition }) => Condition === "OutsideHub");
    for (const { Type, Properties } of made) {
      if (Type === "AWS::IAM::Role") expect(Properties.MaxSessionDuration).toBe(3600);
    }
  });

  it("are not in the hub's own account, where the hub's have these names", () => {
    expect([...rolesIn(hub).keys()].sort()).toEqual(["acme-ir-forwarder", "acme-ir-quarantine"]);
  });

  it("leave IAM's variables to IAM where CloudFormation fills in the account", () => {
    const texts = JSON.stringify(template).match(/"Fn::Sub":"[^"]*"/g) ?? [];
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts)
      expect(text).not.toMatch(/\$\{(?!!|AWS::AccountId|AWS::Partition|HubAccountId)/);
    const evidence = rolesIn(member).get("acme-ir-evidence");
    expect(JSON.stringify(evidence?.policies)).toContain("/${aws:PrincipalTag/ir:case}/*");
  });

  const ofGroups = /^ec2:(DeleteSecurityGroup$|RevokeSecurityGroup)/;

  it("let the sweep's role switch logging on, and nothing off", () => {
    const [policy] = rolesIn(member).get("acme-ir-auto-logging")?.policies ?? [];
    for (const { Action = [], Condition } of policy?.Statement ?? []) {
      // Groups that nobody but the kit can tag: it closes them, and deletes open ones.
      if (Action.length > 0 && Action.every((action) => ofGroups.test(action))) {
        expect(Object.keys(Condition?.StringEquals ?? {})).toEqual(["aws:ResourceTag/ir:isolation"]);
      }
    }
    for (const action of policy?.Statement.flatMap(({ Action = [] }) => Action) ?? []) {
      expect(action).not.toMatch(/^ec2:AuthorizeSecurityGroup/);
      if (ofGroups.test(action)) continue;
      // EC2 wants the right to delete a delivery of logs from whoever makes one.
      if (action === "logs:DeleteLogDelivery") continue;
      expect(action).toMatch(/^\w+:(Describe|List|Get|Create|Enable|Associate)\w+$/);
      expect(action).not.toMatch(/^iam:(?!CreateServiceLinkedRole)/);
    }
  });
});

describe("alarms of an account", () => {
  const rules = Object.values(regionalBaseline(landscape).Resources).filter(
    ({ Type }) => Type === "AWS::Events::Rule",
  );

  it("are forwarded to the hub's bus by a role that may do nothing else", () => {
    const forwarder = rolesIn(member).get("acme-ir-forwarder");
    expect(forwarder?.policies[0]?.Statement).toEqual([
      {
        Sid: "Forward",
        Effect: "Allow",
        Action: ["events:PutEvents"],
        Resource: [`arn:aws:events:eu-west-1:${hub}:event-bus/acme-ir-alarms`],
      },
    ]);
    expect(rules.length).toBeGreaterThanOrEqual(5);
    for (const { Properties } of rules) {
      const everything = Properties.Name === "acme-ir-alarms-usercall";
      expect(Properties.State).toBe(everything ? "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" : "ENABLED");
      expect(Properties.Targets).toEqual([
        expect.objectContaining({
          Arn: { "Fn::Sub": "arn:aws:events:eu-west-1:${HubAccountId}:event-bus/acme-ir-alarms" },
          RoleArn: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/acme-ir/acme-ir-forwarder" },
        }),
      ]);
    }
  });

  it("are watched where IAM and Organizations emit events, whichever regions are", () => {
    const elsewhere = exampleLandscape(["regions: [eu-west-1, us-east-1]", "regions: [eu-west-1]"]);
    const watched = baselineParts(elsewhere).find(({ scope }) => scope === "regional");
    expect(watched?.regions).toEqual(["eu-west-1", "us-east-1"]);
  });
});

describe("the trust of the inventory role", () => {
  const trust = rolesIn(member).get("acme-ir-auto-logging")?.trust;
  const allowAll = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const ask = async (principal: string, organization: string | undefined, action = "sts:AssumeRole") => {
    const { verdict } = await simulate({
      principal,
      action,
      resource: `arn:aws:iam::${member}:role/acme-ir/acme-ir-auto-logging`,
      account: member,
      context: {
        "aws:PrincipalArn": principal,
        ...(organization !== undefined && { "aws:PrincipalOrgID": organization }),
      },
      resourcePolicy: trust,
      identityPolicies: [allowAll],
    });
    return verdict;
  };
  const automation = `arn:aws:iam::${hub}:role/acme-ir/acme-ir-auto-logging`;

  it("admits the hub's automation", async () => {
    expect(await ask(automation, "o-a1b2c3d4e5")).toBe("allowed");
  });

  it.each([
    ["the hub account's administrator", `arn:aws:iam::${hub}:role/admin`, "o-a1b2c3d4e5"],
    [
      "a role of that name elsewhere",
      `arn:aws:iam::999999999999:role/acme-ir/acme-ir-auto-logging`,
      "o-a1b2c3d4e5",
    ],
    ["a role of that name without the path", `arn:aws:iam::${hub}:role/acme-ir-auto-logging`, "o-a1b2c3d4e5"],
    ["the automation of an account that left the organization", automation, "o-foreign000"],
    ["the automation outside any organization", automation, undefined],
    ["the member's own administrator", `arn:aws:iam::${member}:role/admin`, "o-a1b2c3d4e5"],
  ])("does not admit %s", async (_, principal, organization) => {
    expect(await ask(principal, organization)).toBe("unmatched");
  });

  it("does not let the automation tag its session", async () => {
    expect(await ask(automation, "o-a1b2c3d4e5", "sts:TagSession")).toBe("unmatched");
  });
});

describe("the parts of the baseline", () => {
  const types = (scope: string) => [
    ...new Set(
      Object.values(
        baselineParts(landscape).find((part) => part.scope === scope)?.template.Resources ?? {},
      ).map(({ Type }) => Type),
    ),
  ];

  it("share no template where one may fail and the others must stand", () => {
    expect(Object.fromEntries(baselineParts(landscape).map(({ scope }) => [scope, types(scope)]))).toEqual({
      global: ["AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::IAM::InstanceProfile"],
      regional: ["AWS::SSM::Parameter", "AWS::Events::Rule"],
      documents: ["AWS::SSM::Document"],
      recorder: ["AWS::IAM::Role", "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"],
    });
  });

  it("leave out what the landscape leaves to others", () => {
    const without = exampleLandscape(["  config: kit", "  config: existing"]);
    expect(baselineParts(without).map(({ scope }) => scope)).toEqual(["global", "regional", "documents"]);
  });

  it("record in watched regions alone", () => {
    const one = exampleLandscape(["regions: [eu-west-1, us-east-1]", "regions: [eu-west-1]"]);
    const regions = Object.fromEntries(baselineParts(one).map((part) => [part.scope, part.regions]));
    expect(regions).toMatchObject({ recorder: ["eu-west-1"], regional: ["eu-west-1", "us-east-1"] });
  });
});

type Instances = Readonly<Record<string, Record<string, unknown>>>;

describe("the baseline stacks", () => {
  const all = synthesized(landscape);
  const stack = all.stack("baseline");
  /** This stack alone: to synthesize all of them takes seconds. */
  const instancesOf = (...replacements: readonly (readonly [string, string])[]): Instances => {
    const alone = new BaselineStack(new App(), "baseline", exampleLandscape(...replacements));
    const { resource = {} } = alone.toTerraform() as StackJson;
    return JSON.parse(JSON.stringify(resource.aws_cloudformation_stack_set_instance));
  };
  const instances = instancesOf();

  it("reach every account of the outermost units, later ones included", () => {
    const sets = resourcesOf(stack, "aws_cloudformation_stack_set");
    expect(sets).toHaveLength(4);
    for (const set of sets) {
      expect(set).toMatchObject({
        permission_model: "SERVICE_MANAGED",
        auto_deployment: { enabled: true, retain_stacks_on_account_removal: true },
        managed_execution: { active: true },
        parameters: { HubAccountId: hub },
      });
      expect(set).not.toHaveProperty("call_as");
    }
    const reached = Object.values(instances).map(
      ({ deployment_targets: targets }) =>
        (targets as { organizational_unit_ids: string[] }).organizational_unit_ids,
    );
    for (const units of reached) expect(units).toHaveLength(1);
    expect([...new Set(reached.flat())].sort()).toEqual([
      "ou-ab12-sandbox01",
      "ou-ab12-security1",
      "ou-ab12-workload1",
    ]);
  });

  it("deploy IAM once and the rest in each region, unit by unit", () => {
    const places = Object.entries(instances).map(
      ([id, { region, stack_set_name: set, deployment_targets: targets }]) => {
        const [unit] = (targets as { organizational_unit_ids: string[] }).organizational_unit_ids;
        expect(id).toBe(`${String(set).replace(/^.*set\.|\.name\}$/g, "")}-${unit}-${String(region)}`);
        return id.replace(unit ?? "", "UNIT");
      },
    );
    expect([...new Set(places)].sort()).toEqual([
      "documents-UNIT-eu-west-1",
      "documents-UNIT-us-east-1",
      "global-UNIT-eu-west-1",
      "recorder-UNIT-eu-west-1",
      "recorder-UNIT-us-east-1",
      "regional-UNIT-eu-west-1",
      "regional-UNIT-us-east-1",
    ]);
    expect(places).toHaveLength(21);
  });

  it("lose nothing in an account when an operation fails, or an instance goes", () => {
    for (const instance of Object.values(instances)) {
      expect(instance).toMatchObject({
        operation_preferences: { failure_tolerance_percentage: 100 },
        retain_stack: true,
        timeouts: { create: "300m" },
        lifecycle: {
          prevent_destroy: true,
          ignore_changes: ["deployment_targets", "operation_preferences"],
        },
      });
    }
  });

  it("make recorders and documents after the part that had them before", () => {
    const dependsOn = Object.entries(instances).map(([id, { depends_on: before }]) => [
      id.split("-")[0],
      before,
    ]);
    for (const [part, before] of dependsOn) {
      const late = part === "documents" || part === "recorder";
      expect([part, before]).toEqual([part, late ? ["aws_cloudformation_stack_set.regional"] : undefined]);
    }
  });

  /** Those of other units are what they were, byte for byte. */
  const others = (among: Instances, unit: string) =>
    JSON.stringify(Object.entries(among).filter(([id]) => !id.includes(unit)));

  const sandbox = "  - { path: sandbox, id: ou-ab12-sandbox01, environment: sandbox }\n";

  it("gain a unit, and change no other unit's", () => {
    const partners = "  - { path: partners, id: ou-ab12-partners1 }\n";
    const more = instancesOf([sandbox, `${sandbox}${partners}`]);
    expect(others(more, "ou-ab12-partners1")).toBe(JSON.stringify(Object.entries(instances)));
    expect(Object.keys(more)).toHaveLength(28);
  });

  it("lose a unit, and change no other unit's", () => {
    const fewer = instancesOf(
      [sandbox, ""],
      ["    ou: sandbox\n", "    ou: workloads/dev\n"],
      ["    units: [{ path: sandbox, standards: [cis-3.0] }]\n", ""],
      ["perimeter: { units: [sandbox] }", "perimeter: { units: [workloads/dev] }"],
    );
    expect(JSON.stringify(Object.entries(fewer))).toBe(others(instances, "ou-ab12-sandbox01"));
    expect(Object.keys(fewer)).toHaveLength(14);
  });

  it("do not change when a unit gets another name, or another place in the list", () => {
    const security = "  - { path: security, id: ou-ab12-security1 }\n";
    const renamed = instancesOf(
      [security, ""],
      [sandbox, `${sandbox}${security.replace("path: security", "path: defense")}`],
      ["name: security, ou: security", "name: security, ou: defense"],
      ["name: log-archive, ou: security", "name: log-archive, ou: defense"],
      ["name: forensics, ou: security", "name: forensics, ou: defense"],
    );
    expect(JSON.stringify(renamed)).toBe(JSON.stringify(instances));
  });

  it("leave a unit's instances standing when the unit that contains it is listed too", () => {
    const without = ["  - { path: workloads, id: ou-ab12-workload1 }\n", ""] as const;
    const before = instancesOf(without);
    const targets = Object.keys(before).filter((id) => /prod|dev/.test(id));
    expect(targets).toHaveLength(14);
    const forgotten = (stack as { removed?: { from: string; lifecycle: unknown }[] }).removed ?? [];
    for (const id of targets) {
      expect(instances).not.toHaveProperty(id);
      expect(forgotten).toContainEqual({
        from: `aws_cloudformation_stack_set_instance.${id}`,
        lifecycle: { destroy: false },
      });
    }
  });

  it("leave standing what one instance of all units at once had made", () => {
    const { removed = [] } = stack as { removed?: { from: string; lifecycle: unknown }[] };
    for (const id of ["global-eu-west-1", "regional-eu-west-1", "regional-us-east-1"]) {
      expect(removed).toContainEqual({
        from: `aws_cloudformation_stack_set_instance.${id}`,
        lifecycle: { destroy: false },
      });
    }
  });

  it("carry the same text to members and to the management account", () => {
    const text = (name: string, type: string, id: string) =>
      fromLiteralJson(all.stack(name).resource?.[type]?.[id]?.template_body);
    expect(text("baseline-management", "aws_cloudformation_stack", "baseline")).toEqual(
      text("baseline", "aws_cloudformation_stack_set", "global"),
    );
    expect(text("baseline-management-eu-west-1", "aws_cloudformation_stack", "baseline")).toEqual(
      text("baseline", "aws_cloudformation_stack_set", "regional"),
    );
    expect(text("baseline-management", "aws_cloudformation_stack", "baseline")).toEqual(
      JSON.parse(JSON.stringify(template)),
    );
    for (const part of ["documents", "recorder"])
      expect(text("baseline-management-eu-west-1", "aws_cloudformation_stack", part)).toEqual(
        text("baseline", "aws_cloudformation_stack_set", part),
      );
  });

  it("change nothing in one region when another is added", () => {
    const three = instancesOf(["[eu-west-1, us-east-1]", "[eu-central-1, eu-west-1, us-east-1]"]);
    const kept = Object.entries(three).filter(([id]) => !id.endsWith("eu-central-1"));
    expect(JSON.stringify(kept)).toBe(JSON.stringify(Object.entries(instances)));
    expect(Object.keys(three)).toHaveLength(30);
  });
});
