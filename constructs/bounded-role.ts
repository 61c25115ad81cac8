import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import type { PolicyDocument } from "../policies/document";
import { boundaryLifecycle } from "./boundary-lifecycle";
import { literalJson } from "./terraform-text";

export interface BoundedRoleProps {
  /** Name of the role and of the policy. */
  readonly name: string;
  readonly path: string;
  readonly description: string;
  readonly trust: PolicyDocument;
  readonly permissions: PolicyDocument;
}

/** A role whose permissions are its boundary too: whatever else is attached to it grants nothing (ADR 0009). */
export class BoundedRole extends Construct {
  constructor(scope: Construct, id: string, props: BoundedRoleProps) {
    super(scope, id);
    const { name, path, description } = props;
    const permissions = new IamPolicy(this, "permissions", {
      name,
      path,
      description,
      policy: literalJson(props.permissions),
      lifecycle: boundaryLifecycle,
    });
    const role = new IamRole(this, "role", {
      name,
      path,
      description,
      assumeRolePolicy: literalJson(props.trust),
      permissionsBoundary: permissions.arn,
      maxSessionDuration: 3600,
    });
    new IamRolePolicyAttachment(this, "attachment", { role: role.name, policyArn: permissions.arn });
  }
}
