import { globalBaseline } from "../../baseline/global";
import { regionalBaseline } from "../../baseline/regional";
import type { Template } from "../../baseline/template";
import { simulate } from "../../cli/access/simulate";
import { documentOf, exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

const landscape = exampleLandscape();
const hub = "222222222222";
const member = "555555555555";
const template = globalBaseline(landscape);

/** A template's value as CloudFormation deploys it into a member. */
const deployed = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => {
      const record = inner as { "Fn::Sub"?: string } | null;
      return (
        record?.["Fn::Sub"]?.replaceAll("${AWS::Partition}", "aws").replaceAll("${HubAccountId}", hub) ??
        inner
      );
    }),
  );

const properties = (name: string) => template.Resources[name]?.Properties ?? {};

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

  it("gives an isolated instance a profile that denies everything", () => {
    expect(properties("QuarantineProfile").Roles).toEqual([{ Ref: "QuarantineRole" }]);
    expect(properties("QuarantineRole").ManagedPolicyArns).toEqual([{ Ref: "QuarantinePolicy" }]);
    expect(properties("QuarantineRole")).not.toHaveProperty("Policies");
  });

  it("lets the inventory role list and change nothing", () => {
    const [policy] = properties("InventoryRole").Policies as {
      PolicyDocument: { Statement: { Action: string[] }[] };
    }[];
    for (const action of policy?.PolicyDocument.Statement.flatMap(({ Action }) => Action) ?? []) {
      expect(action).toMatch(/^\w+:(Describe|List)\w+$/);
    }
  });
});

describe("the trust of the inventory role", () => {
  const trust = deployed(properties("InventoryRole").AssumeRolePolicyDocument);
  const allowAll = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const ask = async (principal: string, organization: string | undefined, action = "sts:AssumeRole") => {
    const { verdict } = await simulate({
      principal,
      action,
      resource: `arn:aws:iam::${member}:role/acme-ir/acme-ir-auto-inventory`,
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
  const automation = `arn:aws:iam::${hub}:role/acme-ir/acme-ir-auto-inventory`;

  it("admits the hub's automation", async () => {
    expect(await ask(automation, "o-a1b2c3d4e5")).toBe("allowed");
  });

  it.each([
    ["the hub account's administrator", `arn:aws:iam::${hub}:role/admin`, "o-a1b2c3d4e5"],
    [
      "a role of that name elsewhere",
      `arn:aws:iam::999999999999:role/acme-ir/acme-ir-auto-inventory`,
      "o-a1b2c3d4e5",
    ],
    [
      "a role of that name without the path",
      `arn:aws:iam::${hub}:role/acme-ir-auto-inventory`,
      "o-a1b2c3d4e5",
    ],
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
        auto_deployment: { enabled: true, retain_stacks_on_account_removal: false },
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
      documentOf(synthesized(landscape).stack(name).resource?.[type]?.[id]?.template_body);
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
    const one = synthesized(exampleLandscape(["[eu-west-1, us-east-1]", "[eu-west-1]"])).stack(
      "baseline",
    ).resource;
    const two = stack.resource;
    for (const id of ["global-eu-west-1", "regional-eu-west-1"]) {
      expect(one?.aws_cloudformation_stack_set_instance?.[id]).toEqual(
        two?.aws_cloudformation_stack_set_instance?.[id],
      );
    }
    expect(one?.aws_cloudformation_stack_set).toEqual(two?.aws_cloudformation_stack_set);
  });
});
