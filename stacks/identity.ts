import { SsoadminAccountAssignment } from "@cdktf/provider-aws/lib/ssoadmin-account-assignment";
import { SsoadminPermissionSet } from "@cdktf/provider-aws/lib/ssoadmin-permission-set";
import { SsoadminPermissionSetInlinePolicy } from "@cdktf/provider-aws/lib/ssoadmin-permission-set-inline-policy";
import type { Construct } from "constructs";
import { after } from "../constructs/after";
import { KitStack } from "../constructs/kit-stack";
import { literalJson } from "../constructs/terraform-text";
import type { IdentityCenterDoor, Landscape } from "../landscape/model";
import { accountId, permissionSetName } from "../landscape/names";
import type { TaskName } from "../landscape/tasks";
import { doorPermissions } from "../policies/doors";
import { permissionsPolicy } from "../policies/tasks/task";

/** Identity Center's part of a door: a permission set a task, assigned to its group, in the hub's account only. */
export class IdentityStack extends KitStack {
  constructor(
    scope: Construct,
    name: string,
    landscape: Landscape,
    private readonly door: IdentityCenterDoor,
  ) {
    super(scope, name, { landscape, account: landscape.accounts[door.account], region: door.region });
    for (const task of door.tasks) {
      const group = door.groups[task];
      if (group !== undefined) this.createPermissionSet(task, group);
    }
  }

  private createPermissionSet(task: TaskName, group: string): void {
    const { instanceArn } = this.door;
    const set = new SsoadminPermissionSet(this, task, {
      name: permissionSetName(task),
      description: `Takes up the task ${task} in the hub, by ir-kit assume ${task}`,
      instanceArn,
      sessionDuration: "PT1H",
    });
    const policy = new SsoadminPermissionSetInlinePolicy(this, `${task}-policy`, {
      instanceArn,
      permissionSetArn: set.arn,
      inlinePolicy: literalJson(permissionsPolicy(doorPermissions(this.landscape, [task]))),
    });
    const assignment = new SsoadminAccountAssignment(this, `${task}-assignment`, {
      instanceArn,
      permissionSetArn: set.arn,
      principalId: group,
      principalType: "GROUP",
      targetId: accountId(this.landscape.hub),
      targetType: "AWS_ACCOUNT",
    });
    // The reserved role is made by the assignment, from what the set then holds.
    after(assignment, policy);
  }
}
