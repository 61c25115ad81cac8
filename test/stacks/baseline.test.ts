import { globalBaseline } from "../../baseline/global";
import { regionalBaseline } from "../../baseline/regional";
import type { Template } from "../../baseline/template";
import { simulate } from "../../cli/access/simulate";
import { rolesOf } from "../../cli/access/template";
import { fromLiteralJson } from "../../constructs/terraform-text";
import { automationNames, taskNames } from "../../landscape/tasks";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

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
  it.each<[string, Template]>([
    ["global", template],
    ["regional", regionalBaseline(landscape)],
  ])(
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

  it("let the sweep's role switch logging on, and nothing off", () => {
    const [policy] = rolesIn(member).get("acme-ir-auto-logging")?.policies ?? [];
    for (const { Action = [], Condition } of policy?.Statement ?? []) {
      // Rules of groups that nobody but the kit can tag.
      if (
        Action.length > 0 &&
        Action.every((action) => /^ec2:(Authorize|Revoke)SecurityGroup/.test(action))
      ) {
        expect(Object.keys(Condition?.StringEquals ?? {})).toEqual(["aws:ResourceTag/ir:isolation"]);
      }
    }
    for (const action of policy?.Statement.flatMap(({ Action = [] }) => Action) ?? []) {
      if (/^ec2:(Authorize|Revoke)SecurityGroup/.test(action)) continue;
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
    const instances =
      synthesized(elsewhere).stack("baseline").resource?.aws_cloudformation_stack_set_instance;
    expect(Object.keys(instances ?? {})).toContain("regional-us-east-1");
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

describe("the baseline stacks", () => {
  const stack = synthesized(landscape).stack("baseline");

  it("reach every account of the outermost units, later ones included", () => {
    const sets = resourcesOf(stack, "aws_cloudformation_stack_set");
    expect(sets).toHaveLength(2);
    for (const set of sets) {
      expect(set).toMatchObject({
        permission_model: "SERVICE_MANAGED",
        auto_deployment: { enabled: true, retain_stacks_on_account_removal: true },
        managed_execution: { active: true },
        parameters: { HubAccountId: hub },
      });
      expect(set).not.toHaveProperty("call_as");
    }
    for (const instance of resourcesOf(stack, "aws_cloudformation_stack_set_instance")) {
      expect(instance.deployment_targets).toEqual({
        organizational_unit_ids: ["ou-ab12-sandbox01", "ou-ab12-security1", "ou-ab12-workload1"],
      });
    }
  });

  it("deploy IAM once and the rest in each region", () => {
    const regions = Object.entries(stack.resource?.aws_cloudformation_stack_set_instance ?? {}).map(
      ([id, { region }]) => [id, region],
    );
    expect(regions).toEqual([
      ["global-eu-west-1", "eu-west-1"],
      ["regional-eu-west-1", "eu-west-1"],
      ["regional-us-east-1", "us-east-1"],
    ]);
  });

  it("carry the same text to members and to the management account", () => {
    const text = (name: string, type: string, id: string) =>
      fromLiteralJson(synthesized(landscape).stack(name).resource?.[type]?.[id]?.template_body);
    expect(text("baseline-management", "aws_cloudformation_stack", "baseline")).toEqual(
      text("baseline", "aws_cloudformation_stack_set", "global"),
    );
    expect(text("baseline-management-eu-west-1", "aws_cloudformation_stack", "baseline")).toEqual(
      text("baseline", "aws_cloudformation_stack_set", "regional"),
    );
    expect(text("baseline-management", "aws_cloudformation_stack", "baseline")).toEqual(
      JSON.parse(JSON.stringify(template)),
    );
  });

  it("change nothing in one region when another is removed", () => {
    const three = exampleLandscape(["[eu-west-1, us-east-1]", "[eu-central-1, eu-west-1, us-east-1]"]);
    const one = synthesized(three).stack("baseline").resource;
    const two = stack.resource;
    for (const id of ["global-eu-west-1", "regional-eu-west-1"]) {
      expect(one?.aws_cloudformation_stack_set_instance?.[id]).toEqual(
        two?.aws_cloudformation_stack_set_instance?.[id],
      );
    }
    expect(one?.aws_cloudformation_stack_set).toEqual(two?.aws_cloudformation_stack_set);
  });
});
