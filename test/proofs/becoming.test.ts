import { deployRoleArn, kitIamArn, quarantinePolicyArn, stackSetExecutionArn } from "../../landscape/arns";
import { quarantineKinds } from "../../landscape/names";
import { automationNames, taskNames } from "../../landscape/tasks";
import { deployers } from "../../policies/guardrails/exempt";
import { decideForAdministrator, exampleDeployment, hub, kitRole, landscape, member, Tally } from "./setting";

const deployment = exampleDeployment();
const tally = new Tally();

const administratorOf = (account: string) => `arn:aws:iam::${account}:role/administrator`;

type Context = Readonly<Record<string, string | string[]>>;

interface Attempt {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
  readonly account?: string;
}

/** What an account's administrator may still do of these: nothing, if the guardrails hold. */
async function permitted(principal: string, attempts: readonly Attempt[]): Promise<string[]> {
  const found: string[] = [];
  for (const { action, resource, context, account } of attempts) {
    const decision = await decideForAdministrator(deployment, {
      principal,
      action,
      resource,
      ...(context && { context }),
      ...(account !== undefined && { account }),
    });
    tally.add(decision);
    if (decision.verdict !== "denied") found.push(`${action} ${resource}: ${decision.verdict}`);
  }
  return found;
}

/** Every way in which IAM makes a principal somebody's, or changes what it may do. */
const takeOver = (role: string): Attempt[] => [
  ...[
    "iam:CreateRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRole",
    "iam:UpdateRole",
    "iam:TagRole",
    "iam:UntagRole",
  ].map((action) => ({ action, resource: role })),
  ...["ec2.amazonaws.com", "lambda.amazonaws.com", "cloudformation.amazonaws.com"].map((service) => ({
    action: "iam:PassRole",
    resource: role,
    context: { "iam:PassedToService": service },
  })),
];

const kitRoles = (account: string) =>
  [...taskNames, ...automationNames, "quarantine", "forwarder"].map((use) =>
    kitRole(use as "quarantine", account),
  );

describe("an administrator of a member account", () => {
  const principal = administratorOf(member);

  it("becomes none of the kit's roles there: no look-alike, no change, no passing", async () => {
    expect(await permitted(principal, kitRoles(member).flatMap(takeOver))).toEqual([]);
  });

  it("becomes none of the principals that guardrails exempt, wherever an exemption would reach", async () => {
    const exempt = [
      deployRoleArn(landscape, { name: "member", id: member }),
      stackSetExecutionArn(landscape, member).replace("*", "0123456789abcdef"),
      stackSetExecutionArn(landscape, member).replace("*", "look-alike"),
    ];
    expect(await permitted(principal, exempt.flatMap(takeOver))).toEqual([]);
  });

  it("finds every exemption protected: what guardrails exempt in this account is covered above", () => {
    const here = deployers(landscape).filter(
      (pattern) => pattern.includes(`:${member}:`) || pattern.includes("::*:"),
    );
    expect(here).toEqual([stackSetExecutionArn(landscape, "*")]);
  });

  it("changes no policy, user or profile of the kit", async () => {
    const policies = [...taskNames, ...automationNames].map((use) =>
      kitIamArn(landscape, "policy", member, `acme-ir-${use}`),
    );
    const quarantines = quarantineKinds.map((kind) => quarantinePolicyArn(landscape, kind, member));
    const profile = kitIamArn(landscape, "instance-profile", member, "acme-ir-quarantine");
    const user = kitIamArn(landscape, "user", member, "emergency-1");
    expect(
      await permitted(principal, [
        ...[...policies, ...quarantines].flatMap((resource) =>
          [
            "iam:CreatePolicy",
            "iam:CreatePolicyVersion",
            "iam:SetDefaultPolicyVersion",
            "iam:DeletePolicyVersion",
            "iam:DeletePolicy",
          ].map((action) => ({ action, resource })),
        ),
        ...[
          "iam:AddRoleToInstanceProfile",
          "iam:RemoveRoleFromInstanceProfile",
          "iam:DeleteInstanceProfile",
        ].map((action) => ({ action, resource: profile })),
        ...[
          "iam:CreateUser",
          "iam:CreateAccessKey",
          "iam:CreateLoginProfile",
          "iam:UpdateLoginProfile",
          "iam:DeactivateMFADevice",
          "iam:EnableMFADevice",
          "iam:AttachUserPolicy",
          "iam:DeleteUser",
        ].map((action) => ({ action, resource: user })),
      ]),
    ).toEqual([]);
  });

  it("works on the baseline's stacks by no call of CloudFormation", async () => {
    const stack =
      "arn:aws:cloudformation:eu-west-1:555555555555:stack/StackSet-acme-ir-baseline-global-0a1b/00000000-0000-0000-0000-000000000000";
    expect(
      await permitted(
        principal,
        [
          "CreateStack",
          "UpdateStack",
          "DeleteStack",
          "CreateChangeSet",
          "ExecuteChangeSet",
          "SetStackPolicy",
        ].map((name) => ({ action: `cloudformation:${name}`, resource: stack })),
      ),
    ).toEqual([]);
  });

  it("writes the kit's tags in no spelling, and so chooses nothing that responders reach", async () => {
    const tagged = ["ir:case", "IR:case", "Ir:Case", "iR:isolation"].flatMap((key): Attempt[] => [
      {
        action: "ec2:CreateTags",
        resource: `arn:aws:ec2:eu-west-1:${member}:instance/i-0123456789abcdef0`,
        context: { "aws:TagKeys": [key] },
      },
      {
        action: "ec2:DeleteTags",
        resource: `arn:aws:ec2:eu-west-1:${member}:instance/i-0123456789abcdef0`,
        context: { "aws:TagKeys": [key] },
      },
      {
        action: "iam:TagRole",
        resource: `arn:aws:iam::${member}:role/app`,
        context: { "aws:TagKeys": [key] },
      },
      {
        action: "iam:UntagUser",
        resource: `arn:aws:iam::${member}:user/ann`,
        context: { "aws:TagKeys": [key] },
      },
      {
        action: "lambda:TagResource",
        resource: `arn:aws:lambda:eu-west-1:${member}:function:mail`,
        context: { "aws:TagKeys": [key] },
      },
    ]);
    expect(await permitted(principal, tagged)).toEqual([]);
  });

  it("stays free to do its own work", async () => {
    const ordinary: Attempt[] = [
      { action: "iam:CreateRole", resource: `arn:aws:iam::${member}:role/app` },
      { action: "iam:AttachRolePolicy", resource: `arn:aws:iam::${member}:role/app` },
      { action: "iam:PassRole", resource: `arn:aws:iam::${member}:role/app` },
      { action: "iam:PutRolePermissionsBoundary", resource: `arn:aws:iam::${member}:role/app` },
      {
        action: "ec2:CreateTags",
        resource: `arn:aws:ec2:eu-west-1:${member}:instance/i-0123456789abcdef0`,
        context: { "aws:TagKeys": ["team"] },
      },
      {
        action: "ec2:TerminateInstances",
        resource: `arn:aws:ec2:eu-west-1:${member}:instance/i-0123456789abcdef0`,
      },
      { action: "s3:DeleteBucket", resource: "arn:aws:s3:::payments-old" },
    ];
    const allowed = await permitted(principal, ordinary);
    expect(allowed).toEqual(ordinary.map(({ action, resource }) => `${action} ${resource}: allowed`));
  });
});

/** Quarantines, and every call that takes away one of them or makes it pointless. */
const undoing: Readonly<Record<string, readonly Attempt[]>> = {
  "the deny-all policy on a principal": quarantineKinds.flatMap((kind): Attempt[] => {
    const policy = quarantinePolicyArn(landscape, kind, member);
    return [
      ["iam:DetachRolePolicy", `arn:aws:iam::${member}:role/app`],
      ["iam:DetachUserPolicy", `arn:aws:iam::${member}:user/ann`],
    ].map(([action = "", resource = ""]) => ({ action, resource, context: { "iam:PolicyARN": policy } }));
  }),
  "the text of that policy": quarantineKinds.flatMap((kind) =>
    [
      "iam:CreatePolicyVersion",
      "iam:SetDefaultPolicyVersion",
      "iam:DeletePolicyVersion",
      "iam:DeletePolicy",
    ].map((action) => ({ action, resource: quarantinePolicyArn(landscape, kind, member) })),
  ),
  "the deny-all boundary of a principal of a case": [
    ...["iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary", "iam:DeleteRole"].map(
      (action) => ({
        action,
        resource: `arn:aws:iam::${member}:role/app`,
        context: { "aws:ResourceTag/ir:case": "CASE-1" },
      }),
    ),
    ...["iam:PutUserPermissionsBoundary", "iam:DeleteUserPermissionsBoundary", "iam:DeleteUser"].map(
      (action) => ({
        action,
        resource: `arn:aws:iam::${member}:user/ann`,
        context: { "aws:ResourceTag/ir:case": "CASE-1" },
      }),
    ),
  ],
  "the tag that marks a principal, and with it the boundary's protection": ["ir:case", "IR:CASE"].flatMap(
    (key) => [
      {
        action: "iam:UntagRole",
        resource: `arn:aws:iam::${member}:role/app`,
        context: { "aws:TagKeys": [key] },
      },
      {
        action: "iam:TagRole",
        resource: `arn:aws:iam::${member}:role/app`,
        context: { "aws:TagKeys": [key] },
      },
    ],
  ),
  "deactivated credentials of a user of a case": [
    "iam:UpdateAccessKey",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:UpdateSSHPublicKey",
    "iam:UploadSSHPublicKey",
    "iam:CreateServiceSpecificCredential",
    "iam:UpdateServiceSpecificCredential",
    "iam:UploadSigningCertificate",
  ].map((action) => ({
    action,
    resource: `arn:aws:iam::${member}:user/ann`,
    context: { "aws:ResourceTag/ir:case": "CASE-1" },
  })),
  "the quarantine profile of a machine": [
    "ec2:AssociateIamInstanceProfile",
    "ec2:DisassociateIamInstanceProfile",
    "ec2:ReplaceIamInstanceProfileAssociation",
    "ec2:ModifyInstanceAttribute",
    "ec2:TerminateInstances",
    "ec2:StartInstances",
  ].map((action) => ({
    action,
    resource: `arn:aws:ec2:eu-west-1:${member}:instance/i-0123456789abcdef0`,
    context: { "aws:ResourceTag/ir:case": "CASE-1" },
  })),
  "the isolation of an interface": [
    {
      action: "ec2:ModifyNetworkInterfaceAttribute",
      resource: `arn:aws:ec2:eu-west-1:${member}:network-interface/eni-0123456789abcdef0`,
      context: { "aws:ResourceTag/ir:case": "CASE-1" },
    },
  ],
  "a stopped function": ["lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"].map(
    (action) => ({
      action,
      resource: `arn:aws:lambda:eu-west-1:${member}:function:mail`,
      context: { "aws:ResourceTag/ir:case": "CASE-1" },
    }),
  ),
  "the cuts": ["organizations:UpdatePolicy", "organizations:DetachPolicy", "organizations:DeletePolicy"].map(
    (action) => ({
      action,
      resource: "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-a1b2c3d4e5",
      account: "111111111111",
    }),
  ),
};

describe("a quarantine", () => {
  // Each call by itself is denied in the state that all quarantines together leave: then so is any order of them.
  it.each(Object.entries(undoing))(
    "stays, whatever the account's administrator calls first: %s",
    async (name, attempts) => {
      const left = await permitted(administratorOf(member), attempts);
      // Management alone attaches and deletes policies of the organization, whatever a member's own policies say.
      expect(
        name === "the cuts" ? left.filter((line) => line.startsWith("organizations:Update")) : left,
      ).toEqual([]);
    },
  );

  it("can be taken back by the responders", async () => {
    for (const [action, resource] of [
      ["iam:DetachRolePolicy", `arn:aws:iam::${member}:role/app`],
      ["iam:DetachUserPolicy", `arn:aws:iam::${member}:user/ann`],
    ] as const) {
      const decision = await decideForAdministrator(deployment, {
        principal: kitRole("credentials"),
        action,
        resource,
        context: { "iam:PolicyARN": quarantinePolicyArn(landscape, "deny-all", member) },
      });
      expect(decision.verdict).toBe("allowed");
    }
  });
});

describe("an administrator of the security account", () => {
  const principal = administratorOf(hub);

  it("takes over no hub role, no deployer and no identity provider", async () => {
    const hubRoles = [...taskNames, ...automationNames, "auto-alarm", "auto-cut"].map((use) =>
      kitRole(use as "quarantine", hub),
    );
    const provider = "arn:aws:iam::222222222222:saml-provider/acme-ir-responders";
    expect(
      await permitted(principal, [
        ...hubRoles.flatMap(takeOver),
        ...takeOver(deployRoleArn(landscape, landscape.accounts.security)),
        ...["iam:CreateSAMLProvider", "iam:UpdateSAMLProvider", "iam:DeleteSAMLProvider"].map((action) => ({
          action,
          resource: provider,
        })),
      ]),
    ).toEqual([]);
  });

  it("enters no member: every role of the kit there wants the hub's role of its task", async () => {
    for (const role of kitRoles(member)) {
      for (const action of ["sts:AssumeRole", "sts:TagSession"]) {
        const decision = await decideForAdministrator(deployment, {
          principal,
          action,
          resource: role,
          account: member,
        });
        // With a trust open to all: what is left is the trust itself, which the doors' proof covers.
        tally.add(decision);
      }
    }
    const trusts = kitRoles(member).map((arn) => deployment.principals.get(arn)?.trust.Statement ?? []);
    for (const { Principal, Condition } of trusts.flat()) {
      const ofService = typeof Principal === "object" && "Service" in Principal;
      if (ofService) continue;
      expect(Principal).toEqual({ AWS: [`arn:aws:iam::${hub}:root`] });
      const pinned = [Condition?.ArnEquals?.["aws:PrincipalArn"]].flat();
      expect(pinned).toHaveLength(1);
      expect(pinned[0]).toMatch(new RegExp(`^arn:aws:iam::${hub}:role/acme-ir/acme-ir-[a-z-]+$`));
    }
  });

  it("writes cuts by their writer's role only, and no other policy at all", async () => {
    expect(
      await permitted(principal, [
        {
          action: "organizations:UpdatePolicy",
          resource:
            "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-a1b2c3d4e5",
          account: "111111111111",
        },
      ]),
    ).toEqual([]);
  });
});

afterAll(() => {
  process.stdout.write(`becoming: ${tally.total} decisions: ${tally}\n`);
});
