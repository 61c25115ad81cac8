import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPolicyAttachment } from "@cdktf/provider-aws/lib/iam-user-policy-attachment";
import { Construct } from "constructs";
import type { IamUser as DoorUser, Landscape } from "../landscape/model";
import { iamPath, namePrefix, terraformName } from "../landscape/names";
import { userTags } from "../landscape/tags";
import type { TaskName } from "../landscape/tasks";
import { doorPermissions } from "../policies/doors";
import { permissionsPolicy } from "../policies/tasks/task";
import { boundaryLifecycle } from "./boundary-lifecycle";
import { Forgotten } from "./forgotten";
import { literalJson } from "./terraform-text";

/**
 * Users who may do nothing but take up tasks in the hub. Passwords, keys and MFA devices are made by hand: Terraform
 * would keep them in its state.
 */
export class DoorUsers extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: { readonly landscape: Landscape; readonly users: readonly DoorUser[] },
  ) {
    super(scope, id);
    for (const user of props.users) {
      // The policy of one that is given up stays: it is the user's boundary, and AWS deletes no such policy.
      const permissions = this.policyFor(user.tasks);
      if (user.retired) new Forgotten(this, resourceId(user), "aws_iam_user");
      else this.createUser(user, permissions);
    }
  }

  private readonly policies = new Map<string, IamPolicy>();

  /** One policy for all users of the same tasks. */
  private policyFor(tasks: readonly TaskName[]): IamPolicy {
    const id = tasks.join("-");
    const { landscape } = this.props;
    const policy =
      this.policies.get(id) ??
      new IamPolicy(this, `permissions-${id}`, {
        name: `${namePrefix(landscape)}-door-${id}`,
        path: iamPath(landscape),
        description: `Takes up: ${tasks.join(", ")}`,
        policy: literalJson(permissionsPolicy(doorPermissions(landscape, tasks))),
        lifecycle: boundaryLifecycle,
      });
    this.policies.set(id, policy);
    return policy;
  }

  private createUser(user: DoorUser, permissions: IamPolicy): void {
    const resource = new IamUser(this, resourceId(user), {
      name: user.name,
      path: iamPath(this.props.landscape),
      permissionsBoundary: permissions.arn,
      forceDestroy: false,
      tags: userTags(user),
    });
    new IamUserPolicyAttachment(this, `attachment-${terraformName(user.name)}`, {
      user: resource.name,
      policyArn: permissions.arn,
    });
  }
}

const resourceId = ({ name }: DoorUser): string => `user-${terraformName(name)}`;
