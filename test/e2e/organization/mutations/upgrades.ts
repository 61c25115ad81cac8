import { find, json, type Mutation, resourcesOf, together } from "./mutation";

const set = "aws_cloudformation_stack_set";
const policy = "aws_iam_policy";

/** Mistakes that a later version of the kit could make with what an earlier one has deployed. */
export const upgradeMutations: readonly Mutation[] = [
  together("baseline", [
    {
      name: "rewords the description of a policy that a template names",
      refusal: "cloudformation-replacement",
      error: "cannot update a stack when a custom-named resource requires replacing. Rename acme-ir-contain",
      at: [set, "global"],
      change: (stack) => {
        const resource = find(stack, set, "global");
        const template = JSON.parse(resource.template_body ?? "") as {
          Resources: Record<string, { Properties: Record<string, unknown> }>;
        };
        const { Properties = {} } = template.Resources.ContainPermissions ?? {};
        Properties.Description = "reworded";
        resource.template_body = JSON.stringify(template);
      },
    },
  ]),
  {
    stack: "emergency-users",
    mistakes: [
      {
        name: "deletes the boundary of users before they have another",
        refusal: "iam-delete-conflict",
        // Terraform tells of no resource where it fails to destroy one.
        error: "Cannot delete a policy attached to entities",
      },
    ],
    apply: (workspace) =>
      workspace.applyMutated(
        "emergency-users",
        json((stack) => {
          for (const resource of Object.values(resourcesOf(stack, policy))) {
            resource.name = `${String(resource.name)}-other`;
            delete resource.lifecycle;
          }
        }),
      ),
  },
];
