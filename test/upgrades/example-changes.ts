import { keptVersions, readRelease } from "./fixture";
import type { PlanRequest } from "./plan";

export const release = readRelease(keptVersions().at(-1) ?? "");

interface Stack {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  moved?: unknown;
  removed?: unknown;
}

/** A stack of the release as a later kit would have changed it. */
function changed(name: string, change: (stack: Stack) => void): PlanRequest {
  const stack = JSON.parse(release.stacks[name] ?? "") as Stack;
  change(stack);
  return { stack: name, configuration: JSON.stringify(stack), state: release.states[name] ?? "" };
}

const only = (stack: Stack, type: string, idPart: string): [string, Record<string, unknown>] => {
  const found = Object.entries(stack.resource[type] ?? {}).find(([id]) => id.includes(idPart));
  if (!found) throw new Error(`no ${type} ${idPart}`);
  return found;
};

/** Changes the template of the StackSet or stack of an id. */
const inTemplate = (
  stack: Stack,
  type: string,
  id: string,
  change: (resources: Stack["resource"]) => void,
) => {
  const [, set] = only(stack, type, id);
  const template = JSON.parse(String(set.template_body)) as { Resources: Stack["resource"] };
  change(template.Resources);
  set.template_body = JSON.stringify(template);
};

/** Changes that a kit could make, and what Terraform's and CloudFormation's own answers to them must be taken for. */
export const changes: Readonly<
  Record<string, { readonly request: PlanRequest; readonly told: readonly string[] }>
> = {
  "a text that can't be updated in place": {
    request: changed("access", (stack) => {
      const [, policy] = only(stack, "aws_iam_policy", "contain_permissions");
      policy.description = "reworded";
      delete policy.lifecycle;
    }),
    told: [
      'replaced aws_iam_policy.contain_permissions_*: description can\'t be updated in place: "Hub: *" becomes "reworded"',
      "replaced aws_iam_role_policy_attachment.contain_attachment_*: policy_arn can't be updated in place: *",
    ],
  },
  "a resource that goes": {
    request: changed("emergency-users", (stack) => {
      delete stack.resource.aws_iam_user_policy_attachment;
      delete stack.resource.aws_iam_user;
    }),
    told: [
      "destroyed aws_iam_user_policy_attachment.*: Terraform's reason: delete_because_no_resource_config",
      "destroyed aws_iam_user.*: Terraform's reason: delete_because_no_resource_config",
    ],
  },
  "a resource that is guarded against destruction, and would be replaced": {
    request: changed("cases", (stack) => {
      const [, table] = only(stack, "aws_dynamodb_table", "");
      table.name = "elsewhere";
    }),
    told: [
      'replaced aws_dynamodb_table.*: name can\'t be updated in place: "acme-ir-cases" becomes "elsewhere"',
    ],
  },
  "a resource that Terraform is told to forget": {
    request: changed("administrator-us-east-1", (stack) => {
      const [id] = only(stack, "aws_inspector2_enabler", "inspector");
      delete stack.resource.aws_inspector2_enabler;
      stack.removed = [{ from: `aws_inspector2_enabler.${id}`, lifecycle: { destroy: false } }];
    }),
    told: ["forgotten aws_inspector2_enabler.inspector: a `removed` block takes it out of the state"],
  },
  "a resource that has moved": {
    request: changed("identity", (stack) => {
      const [id, set] = only(stack, "aws_ssoadmin_account_assignment", "contain");
      stack.resource.aws_ssoadmin_account_assignment = {
        ...stack.resource.aws_ssoadmin_account_assignment,
        elsewhere: set,
      };
      delete stack.resource.aws_ssoadmin_account_assignment[id];
      const type = "aws_ssoadmin_account_assignment";
      stack.moved = [{ from: `${type}.${id}`, to: `${type}.elsewhere` }];
    }),
    told: [],
  },
  "a template's text that CloudFormation can't update": {
    request: changed("baseline", (stack) => {
      inTemplate(stack, "aws_cloudformation_stack_set", "global", ({ ContainPermissions }) => {
        if (ContainPermissions?.Properties) ContainPermissions.Properties.Description = "reworded";
      });
    }),
    told: [
      'replaced aws_cloudformation_stack_set.global → ContainPermissions: Description * becomes "reworded"; CloudFormation refuses to replace *',
    ],
  },
  "a template's resource that has another logical id or condition": {
    request: changed("baseline-management", (stack) => {
      inTemplate(stack, "aws_cloudformation_stack", "baseline", (resources) => {
        resources.Renamed = resources.QuarantineRole ?? {};
        delete resources.QuarantineRole;
        resources.ContainRole = { ...resources.ContainRole, Condition: "InForensics" as never };
      });
    }),
    told: [
      "destroyed aws_cloudformation_stack.baseline → QuarantineRole: the template no longer has this logical id",
      "destroyed aws_cloudformation_stack.baseline → ContainRole: it has another condition, *",
    ],
  },
  "documents of a template in a new version": {
    request: changed("baseline-management-eu-west-1", (stack) => {
      inTemplate(stack, "aws_cloudformation_stack", "baseline", ({ HandInLinux }) => {
        if (!HandInLinux?.Properties) throw new Error("no document");
        HandInLinux.Properties.Content = { schemaVersion: "2.2", description: "reworded" };
      });
    }),
    told: [],
  },
};
