import { administratorAccess, decide } from "../../cli/access/decide";
import { type Deployment, synthesizedDeployment } from "../../cli/access/deployment";
import type { Verdict } from "../../cli/access/simulate";
import { type TaskName, taskNames } from "../../landscape/tasks";
import { allDoorsLandscape } from "../support/landscapes";
import { hub, kitRole, member, openToAll } from "./setting";

const deployment: Deployment = synthesizedDeployment(allDoorsLandscape());

const withCase = {
  "aws:RequestTag/ir:case": "CASE-1",
  "aws:TagKeys": ["ir:case"],
  "sts:TransitiveTagKeys": ["ir:case"],
};
const mfa = { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "30" };

interface Door {
  readonly principal: (task: TaskName) => string;
  readonly name: string;
  /** What AWS adds to requests of somebody who came in here. */
  readonly context: Readonly<Record<string, string | string[]>>;
}

const doors: Readonly<Record<string, Door>> = {
  "Identity Center": {
    principal: (task) =>
      `arn:aws:iam::${hub}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ir-${task}_0123456789abcdef`,
    name: "alice@example.com",
    context: { "aws:userid": "AROAEXAMPLEROLEID:alice@example.com" },
  },
  SAML: {
    principal: () => kitRole("contain", hub).replace("acme-ir-contain", "acme-ir-door-saml"),
    name: "bob",
    context: { "aws:SourceIdentity": "bob", "aws:userid": "AROAEXAMPLEROLEID:session" },
  },
  "an IAM user": {
    principal: () => `arn:aws:iam::${hub}:user/acme-ir/carol`,
    name: "carol",
    context: mfa,
  },
  "an emergency user": {
    principal: () => "arn:aws:iam::444444444444:user/acme-ir/emergency-1",
    name: "emergency-1",
    context: mfa,
  },
};

type Context = Readonly<Record<string, string | string[]>>;

/** The three requests that AWS makes of one AssumeRole: each by itself, with the keys that it knows. */
async function threeDecisions(
  principal: string,
  role: string,
  { name, context, tags = withCase }: { name: string; context: Context; tags?: Context },
): Promise<Verdict[]> {
  const account = role.split(":")[4] ?? "";
  const ask = async (action: string, more: Context) =>
    (
      await decide(deployment, {
        principal,
        action,
        resource: role,
        account,
        context: { ...context, ...more },
      })
    ).verdict;
  return [
    await ask("sts:AssumeRole", { "sts:SourceIdentity": name, ...tags }),
    await ask("sts:SetSourceIdentity", { "sts:SourceIdentity": name }),
    await ask("sts:TagSession", tags),
  ];
}

const open: Verdict[] = ["allowed", "allowed", "allowed"];

describe.each(Object.entries(doors))("the door of %s", (_, door) => {
  it.each(taskNames)(
    "opens to the hub's role for %s: to assume, to be named, to carry the case",
    async (task) => {
      expect(await threeDecisions(door.principal(task), kitRole(task, hub), door)).toEqual(open);
    },
  );

  const entry = async (context: Context, name = door.name, tags: Context = withCase) =>
    threeDecisions(door.principal("contain"), kitRole("contain", hub), { name, context, tags });

  it("does not open under somebody else's name", async () => {
    const [assume, name] = await entry(door.context, "mallory");
    // With SAML the provider's name is in the session already, and AWS refuses another in the chain by itself.
    if (door.name !== "bob") expect([assume, name]).toEqual(["unmatched", "unmatched"]);
    else
      expect(await entry({ "aws:userid": "AROAEXAMPLEROLEID:session" })).toEqual([
        "unmatched",
        "unmatched",
        "allowed",
      ]);
  });

  it("does not open without a case, nor with a case that ends in the hub", async () => {
    expect((await entry(door.context, door.name, {}))[0]).toBe("denied");
    const { "sts:TransitiveTagKeys": _transitive, ...notCarried } = withCase;
    expect((await entry(door.context, door.name, notCarried))[2]).toBe("unmatched");
  });

  it("does not open with a tag beside the case", async () => {
    const more = { ...withCase, "aws:TagKeys": ["ir:case", "team"], "aws:RequestTag/team": "x" };
    expect((await entry(door.context, door.name, more))[2]).not.toBe("allowed");
  });

  it("does not open to somebody outside the organization", async () => {
    expect((await entry({ ...door.context, "aws:PrincipalOrgID": "o-foreign000" }))[0]).toBe("unmatched");
  });

  it("does not lead past the hub", async () => {
    expect(await threeDecisions(door.principal("contain"), kitRole("contain", member), door)).not.toContain(
      "allowed",
    );
  });

  it("leads to no other role, whoever trusts it", async () => {
    const { verdict } = await decide(deployment, {
      principal: door.principal("contain"),
      action: "sts:AssumeRole",
      resource: `arn:aws:iam::${member}:role/admin`,
      account: member,
      resourcePolicy: openToAll,
    });
    expect(verdict).not.toBe("allowed");
  });
});

describe("the hub's trust", () => {
  it.each(taskNames)("fits into IAM's 2,048 characters with every kind of door: %s", (task) => {
    const trust = deployment.principals.get(kitRole(task, hub))?.trust;
    expect(JSON.stringify(trust).length).toBeLessThanOrEqual(2048);
  });
});

describe("MFA", () => {
  it.each(["an IAM user", "an emergency user"])("is needed, and recent, of %s", async (kind) => {
    const door = doors[kind];
    if (!door) throw new Error(kind);
    for (const context of [
      {},
      { ...mfa, "aws:MultiFactorAuthPresent": "false" },
      { ...mfa, "aws:MultiFactorAuthAge": "3601" },
    ]) {
      const [assume] = await threeDecisions(door.principal("contain"), kitRole("contain", hub), {
        name: door.name,
        context,
      });
      expect(assume).toBe("unmatched");
    }
  });
});

describe("tasks", () => {
  it("are apart in Identity Center: a permission set leads to its own task only", async () => {
    const door = doors["Identity Center"];
    if (!door) throw new Error();
    for (const task of taskNames.filter((other) => other !== "contain")) {
      expect(await threeDecisions(door.principal("contain"), kitRole(task, hub), door)).not.toContain(
        "allowed",
      );
    }
  });

  it("are apart for users: one who has only some takes up no other", async () => {
    const context = mfa;
    const dave = `arn:aws:iam::${hub}:user/acme-ir/dave`;
    expect(await threeDecisions(dave, kitRole("investigate", hub), { name: "dave", context })).toEqual(open);
    expect(await threeDecisions(dave, kitRole("credentials", hub), { name: "dave", context })).not.toContain(
      "allowed",
    );
  });
});

describe("the way from the hub into an account", () => {
  const session = { "aws:PrincipalTag/ir:case": "CASE-1", "aws:SourceIdentity": "alice" };
  const enter = (from: TaskName, to: TaskName, context: Context = session, principal = kitRole(from, hub)) =>
    threeDecisions(principal, kitRole(to, member), { name: "alice", context, tags: {} });

  it.each(taskNames)("leads to the role of the same task: %s", async (task) => {
    expect(await enter(task, task)).toEqual(open);
  });

  it("leads to no other task's role", async () => {
    for (const from of taskNames) {
      for (const to of taskNames.filter((other) => other !== from)) {
        expect([from, to, await enter(from, to)]).toEqual([
          from,
          to,
          ["unmatched", "unmatched", "unmatched"],
        ]);
      }
    }
  });

  it("wants a name and a case", async () => {
    const noCase = await decide(deployment, {
      principal: kitRole("contain", hub),
      action: "sts:AssumeRole",
      resource: kitRole("contain", member),
      account: member,
      context: { "sts:SourceIdentity": "alice", "aws:PrincipalTag/ir:case": "" },
    });
    const noName = await decide(deployment, {
      principal: kitRole("contain", hub),
      action: "sts:AssumeRole",
      resource: kitRole("contain", member),
      account: member,
    });
    expect([noCase.verdict, noName.verdict]).toEqual(["unmatched", "unmatched"]);
  });

  it("is closed to the hub account's administrator, and to a look-alike outside the kit's path", async () => {
    for (const principal of [`arn:aws:iam::${hub}:role/admin`, `arn:aws:iam::${hub}:role/acme-ir-contain`]) {
      const decisions = await Promise.all(
        ["sts:AssumeRole", "sts:TagSession"].map((action) =>
          decide(deployment, {
            principal,
            action,
            resource: kitRole("contain", member),
            account: member,
            context: { ...session, ...(action === "sts:AssumeRole" && { "sts:SourceIdentity": "alice" }) },
            also: [administratorAccess],
          }),
        ),
      );
      expect(decisions.map(({ verdict }) => verdict)).toEqual(["unmatched", "unmatched"]);
    }
  });
});
