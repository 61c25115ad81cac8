import {
  CloudFormationClient,
  CreateStackCommand,
  CreateStackSetCommand,
  UpdateStackCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteUserPermissionsBoundaryCommand,
  DetachRolePolicyCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

const document = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }],
});
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

const policy = (more: object) => ({
  Type: "AWS::IAM::ManagedPolicy",
  Properties: { ManagedPolicyName: "held", PolicyDocument: JSON.parse(document), ...more },
});
const template = (Resources: object) => JSON.stringify({ Resources });

describeWithEmulator("what AWS refuses to an upgrade", () => {
  let front: Front;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
  });

  afterAll(() => front.stop());

  describe.each(["stack", "StackSet"])("an update of a %s", (kind) => {
    const update = async (TemplateBody: string) => {
      const cloudformation = new CloudFormationClient(clientSettings(front));
      const before = template({ Policy: policy({ Description: "as released" }) });
      const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
      if (kind === "stack") {
        const StackName = "named";
        await cloudformation
          .send(new CreateStackCommand({ StackName, TemplateBody: before, Capabilities }))
          .catch(() => undefined);
        return cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody, Capabilities }));
      }
      const StackSetName = "named";
      await cloudformation
        .send(new CreateStackSetCommand({ StackSetName, TemplateBody: before, Capabilities }))
        .catch(() => undefined);
      return cloudformation.send(new UpdateStackSetCommand({ StackSetName, TemplateBody, Capabilities }));
    };

    it("is refused where it would replace what the template names", async () => {
      await expect(update(template({ Policy: policy({ Description: "reworded" }) }))).rejects.toThrow(
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. " +
          "Rename held and update the stack again.",
      );
      await expect(update(template({ Policy: policy({}) }))).rejects.toThrow("Rename held");
    });

    it("is refused where another logical id takes the name", async () => {
      await expect(update(template({ Other: policy({ Description: "as released" }) }))).rejects.toThrow(
        "Resource of type 'AWS::IAM::ManagedPolicy' with identifier 'held' already exists.",
      );
    });

    it("is carried out where the document alone is another one", async () => {
      const PolicyDocument = JSON.parse(document.replace('"*"', '"iam:*"')) as unknown;
      const changed = policy({ Description: "as released", PolicyDocument });
      await expect(update(template({ Policy: changed }))).resolves.toBeDefined();
    });
  });

  describe("a policy is not deleted", () => {
    const iam = () => new IAMClient(clientSettings(front));
    const make = async (PolicyName: string) =>
      (await iam().send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document }))).Policy?.Arn;
    const remove = (PolicyArn: string | undefined) => iam().send(new DeletePolicyCommand({ PolicyArn }));
    const conflict = { name: "DeleteConflictException" };

    it("while a role has it attached", async () => {
      const PolicyArn = await make("attached");
      const RoleName = "holder";
      await iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
      await iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      await expect(remove(PolicyArn)).rejects.toMatchObject(conflict);
      await iam().send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      await expect(remove(PolicyArn)).resolves.toBeDefined();
    });

    it("while it is a role's boundary, though it is attached to nobody", async () => {
      const PermissionsBoundary = await make("boundary-of-role");
      const RoleName = "bounded";
      await iam().send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, PermissionsBoundary }),
      );
      await expect(remove(PermissionsBoundary)).rejects.toMatchObject(conflict);
      await iam().send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
      await expect(remove(PermissionsBoundary)).resolves.toBeDefined();
    });

    it("and is, while roles are deleted that were there when it was asked about", async () => {
      const count = 25;
      const names = Array.from({ length: count }, (_, index) => `short-lived-${index}`);
      const policies = await Promise.all(names.map(make));
      await Promise.all(
        names.map((RoleName) =>
          iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust })),
        ),
      );
      const outcomes = await Promise.allSettled([
        ...policies.map(remove),
        ...names.map((RoleName) => iam().send(new DeleteRoleCommand({ RoleName }))),
      ]);
      expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
    });

    it("while it is a user's boundary", async () => {
      const PermissionsBoundary = await make("boundary-of-user");
      const UserName = "bounded";
      await iam().send(new CreateUserCommand({ UserName, PermissionsBoundary }));
      await expect(remove(PermissionsBoundary)).rejects.toMatchObject(conflict);
      await iam().send(new DeleteUserPermissionsBoundaryCommand({ UserName }));
      await expect(remove(PermissionsBoundary)).resolves.toBeDefined();
    });

    it("and says itself where there is none", async () => {
      await expect(remove("arn:aws:iam::111111111111:policy/nothing")).rejects.toMatchObject({
        name: "NoSuchEntityException",
      });
    });
  });
});
