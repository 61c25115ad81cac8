import { planStacks } from "../../stacks";
import { exampleLandscape, exampleWith, landscapeOf, resourcesOf, synthesized } from "../support/landscapes";
import { snapshotCases } from "../support/snapshot-cases";

const created = () =>
  synthesized((snapshotCases.created as () => ReturnType<typeof exampleLandscape>)()).stack("organization");

describe("the organization stack", () => {
  it("makes nothing of what exists already", () => {
    expect(synthesized(exampleLandscape()).stack("organization").resource).toBeUndefined();
  });

  it("protects the accounts and units it makes from destruction", () => {
    const stack = created();
    const made = [
      ...resourcesOf(stack, "aws_organizations_account"),
      ...resourcesOf(stack, "aws_organizations_organizational_unit"),
    ];
    expect(made).toHaveLength(3);
    for (const resource of made) expect(resource).toMatchObject({ lifecycle: { prevent_destroy: true } });
    for (const account of resourcesOf(stack, "aws_organizations_account")) {
      expect(account.close_on_deletion).toBe(false);
    }
  });

  it("tags accounts and units with owner and environment", () => {
    const stack = created();
    expect(stack.resource?.aws_organizations_account?.account_payments_prod).toMatchObject({
      name: "payments-prod",
      email: "payments-prod@example.com",
      parent_id: "ou-ab12-prod00001",
      tags: {
        "owner-team": "payments",
        "owner-email": "payments-oncall@example.com",
        environment: "production",
      },
    });
    expect(stack.resource?.aws_organizations_organizational_unit?.unit_sandbox).toMatchObject({
      name: "sandbox",
      tags: { environment: "sandbox" },
    });
  });

  it("never manages what the organization has only once", () => {
    const singletons = [
      "aws_organizations_organization",
      "aws_ram_sharing_with_organization",
      "aws_iam_organizations_features",
      "aws_account_alternate_contact",
      "aws_organizations_resource_policy",
    ];
    for (const { texts } of [synthesized(exampleLandscape())]) {
      const types = [...texts.values()].flatMap((text) =>
        Object.keys((JSON.parse(text) as { resource?: object }).resource ?? {}),
      );
      for (const singleton of singletons) expect(types).not.toContain(singleton);
    }
  });

  it("asserts the trusted access that bootstrap has switched on", () => {
    const { data } = synthesized(exampleLandscape()).stack("organization");
    const conditions = JSON.stringify(data);
    for (const principal of [
      "cloudtrail",
      "ram",
      "iam",
      "access-analyzer",
      "account",
      "member.org.stacksets.cloudformation",
    ]) {
      expect(conditions).toContain(
        `contains(self.aws_service_access_principals, \\"${principal}.amazonaws.com\\")`,
      );
    }
  });

  it.each(["control-tower", "lza"])(
    "with landing zone %s makes neither units nor accounts nor a trail",
    (zone) => {
      const text = exampleWith(
        ["landingZone: none", `landingZone: ${zone}`],
        ["logging:\n  owner: kit", "# logging:\n#  owner: kit"],
        ["\n  retentionDays: 365", "\n# "],
        ["\n  lock: governance", "\n# "],
        ["\n  dataEvents: [s3-write]", "\n"],
        ["  config: kit", "  config: existing"],
      );
      const landscape = landscapeOf(text);
      expect(planStacks(landscape).stacks.map(({ name }) => name)).toEqual([
        "organization",
        "alarms-eu-west-1",
        "administrator-eu-west-1",
        "delegation-eu-west-1",
        "detection-eu-west-1",
        "administrator-us-east-1",
        "delegation-us-east-1",
        "detection-us-east-1",
        "evidence-eu-west-1",
        "evidence-us-east-1",
        "custody",
        "forensics-eu-west-1",
        "forensics-us-east-1",
        "baseline",
        "baseline-management",
        "baseline-management-eu-west-1",
        "baseline-management-us-east-1",
        "access",
        "identity",
        "emergency-users",
        "cases",
        "response",
        "guardrails",
      ]);
      expect(synthesized(landscape).stack("organization").resource).toBeUndefined();
    },
  );

  it("is alone until bootstrap has made the accounts, and synthesis says why", () => {
    const text = exampleWith(
      ['{ id: "222222222222", name: security', "{ create: { email: security@example.com }, name: security"],
      ["  id: o-a1b2c3d4e5\n", ""],
    );
    const { texts, omitted } = synthesized(landscapeOf(text));
    expect([...texts.keys()]).toEqual(["organization"]);
    expect(omitted.map(({ name }) => name)).toContain("trail");
    expect(omitted[0]?.because).toContain(
      "id of the organization, id of account security unknown until bootstrap",
    );
  });
});
