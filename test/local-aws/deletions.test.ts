import {
  AthenaClient,
  CreateNamedQueryCommand,
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
} from "@aws-sdk/client-athena";
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  IAMClient,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import {
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  DeleteOrganizationalUnitCommand,
  ListRootsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings, newKey } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

/** What AWS lets nobody delete while something depends on it: Terraform's order of destruction must keep to it. */
describeWithEmulator("a deletion on the local AWS is refused", () => {
  let front: Front;
  let settings: ReturnType<typeof clientSettings>;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    settings = clientSettings(front);
    await new OrganizationsClient(settings).send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  });
  afterAll(() => front.stop());

  it("of a user with a key, a password or a group, each by name", async () => {
    const iam = new IAMClient(settings);
    const UserName = "ann";
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new CreateGroupCommand({ GroupName: "readers" }));
    const { accessKeyId: AccessKeyId } = await newKey(iam, UserName);
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: "A-long-passw0rd" }));
    await iam.send(new AddUserToGroupCommand({ UserName, GroupName: "readers" }));
    const refusedFor = async (what: string) =>
      expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({
        name: "DeleteConflictException",
        message: `Cannot delete entity, must ${what} first.`,
      });
    await refusedFor("delete access keys");
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    await refusedFor("delete login profile");
    await iam.send(new DeleteLoginProfileCommand({ UserName }));
    await refusedFor("remove users from group");
    await expect(iam.send(new DeleteGroupCommand({ GroupName: "readers" }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
    await iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName: "readers" }));
    await iam.send(new DeleteUserCommand({ UserName }));
  });

  it("of a group with a policy", async () => {
    const iam = new IAMClient(settings);
    const group = { GroupName: "writers", PolicyName: "all" };
    await iam.send(new CreateGroupCommand(group));
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }],
    });
    await iam.send(new PutGroupPolicyCommand({ ...group, PolicyDocument }));
    await expect(iam.send(new DeleteGroupCommand(group))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
    await iam.send(new DeleteGroupPolicyCommand(group));
    await iam.send(new DeleteGroupCommand(group));
  });

  it("of a unit with a unit in it", async () => {
    const organizations = new OrganizationsClient(settings);
    const { Roots = [] } = await organizations.send(new ListRootsCommand({}));
    const unit = async (ParentId: string | undefined, Name: string) =>
      (await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit
        ?.Id;
    const outer = await unit(Roots[0]?.Id, "outer");
    const inner = await unit(outer, "inner");
    const removed = (OrganizationalUnitId: string | undefined) =>
      organizations.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId }));
    await expect(removed(outer)).rejects.toMatchObject({ name: "OrganizationalUnitNotEmptyException" });
    await removed(inner);
    await removed(outer);
  });

  it("of a bus with a rule, and of a rule with a target", async () => {
    const events = new EventBridgeClient(settings);
    await events.send(new CreateEventBusCommand({ Name: "alarms" }));
    const rule = { Name: "all", EventBusName: "alarms" };
    await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: ["test"] }) }));
    const target = { Rule: "all", EventBusName: "alarms" };
    const Arn = "arn:aws:sqs:eu-west-1:111111111111:queue";
    await events.send(new PutTargetsCommand({ ...target, Targets: [{ Id: "queue", Arn }] }));
    await expect(events.send(new DeleteEventBusCommand({ Name: "alarms" }))).rejects.toThrow("has rules");
    await expect(events.send(new DeleteRuleCommand(rule))).rejects.toThrow("has targets");
    await events.send(new RemoveTargetsCommand({ ...target, Ids: ["queue"] }));
    await events.send(new DeleteRuleCommand(rule));
    await events.send(new DeleteEventBusCommand({ Name: "alarms" }));
  });

  it("of a workgroup with a saved query, unless what is in it goes too", async () => {
    const athena = new AthenaClient(settings);
    const WorkGroup = "questions";
    await athena.send(new CreateWorkGroupCommand({ Name: WorkGroup }));
    await athena.send(
      new CreateNamedQueryCommand({ Name: "who", Database: "logs", QueryString: "SELECT 1", WorkGroup }),
    );
    await expect(athena.send(new DeleteWorkGroupCommand({ WorkGroup }))).rejects.toThrow("not empty");
    await athena.send(new DeleteWorkGroupCommand({ WorkGroup, RecursiveDeleteOption: true }));
  });
});
