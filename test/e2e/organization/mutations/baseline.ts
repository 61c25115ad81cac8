import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  DeactivateOrganizationsAccessCommand,
} from "@aws-sdk/client-cloudformation";
import { type Change, find, type Json, json, type Mutation, resourcesOf, together } from "./mutation";

type TemplateResources = Record<string, { Properties: Record<string, unknown> }>;

const type = "aws_cloudformation_stack";

function inTemplate(resource: Record<string, unknown>, change: (resources: TemplateResources) => void): void {
  const template = JSON.parse(String(resource.template_body)) as { Resources: TemplateResources };
  change(template.Resources);
  resource.template_body = JSON.stringify(template);
}

/** A second stack of the management account's own baseline, with a mistake in its template. */
const inSecondStack = (id: string, change: (resource: Record<string, unknown>) => void) => ({
  at: [type, id] as const,
  change: (stack: Json) => {
    const resource = { ...find(stack, type, "baseline"), name: `acme-ir-${id}` };
    change(resource);
    resourcesOf(stack, type)[id] = resource;
  },
});

/** The stack that stands is changed last: the others are copies of it as it is right. */
const changes: readonly Change[] = [
  {
    name: "writes a quarantine policy that is too large",
    refusal: "iam-quotas",
    error: "Cannot exceed quota for PolicySize: 6144",
    ...inSecondStack("large-policy", (resource) =>
      inTemplate(resource, ({ QuarantinePolicy }) => {
        const properties = QuarantinePolicy?.Properties as {
          PolicyDocument: { Statement: { Action: string[] }[] };
        };
        properties.PolicyDocument.Statement[0]?.Action.push(
          ...Array.from({ length: 300 }, (_, index) => `ec2:DescribeSomething${index}`),
        );
      }),
    ),
  },
  {
    name: "attaches eleven managed policies to a role",
    refusal: "iam-quotas",
    error: "Cannot exceed quota for PoliciesPerRole: 10",
    ...inSecondStack("many-policies", (resource) =>
      inTemplate(resource, ({ QuarantineRole }) => {
        const properties = QuarantineRole?.Properties as { ManagedPolicyArns: unknown[] };
        properties.ManagedPolicyArns.push(
          ...Array.from({ length: 10 }, (_, index) => `arn:aws:iam::aws:policy/Policy${index}`),
        );
      }),
    ),
  },
  {
    name: "writes a trust policy that is too large",
    refusal: "iam-quotas",
    error: "Cannot exceed quota for ACLSizePerRole: 2048",
    ...inSecondStack("large-trust", (resource) =>
      inTemplate(resource, ({ AutoLoggingRole }) => {
        const properties = AutoLoggingRole?.Properties as {
          AssumeRolePolicyDocument: { Statement: { Condition: { ArnEquals: Record<string, unknown> } }[] };
        };
        const condition = properties.AssumeRolePolicyDocument.Statement[0]?.Condition.ArnEquals ?? {};
        condition["aws:PrincipalArn"] = Array.from(
          { length: 60 },
          (_, index) => `arn:aws:iam::222222222222:role/role-number-${index}`,
        );
      }),
    ),
  },
  {
    name: "writes a template that is too large",
    refusal: "stack-sets",
    error: "less than or equal to 51200",
    ...inSecondStack("large-template", (resource) =>
      inTemplate(resource, ({ AutoLoggingRole }) => {
        const properties = AutoLoggingRole?.Properties ?? {};
        properties.Description = "x".repeat(60_000);
      }),
    ),
  },
  {
    name: "names a role as principal of a spoke's trust that does not exist",
    refusal: "iam-trust-principals",
    error: "Invalid principal in policy",
    at: [type, "baseline"],
    change: (stack) => {
      const resource = find(stack, type, "baseline");
      resource.template_body = String(resource.template_body).replace(
        "{HubAccountId}:root",
        "{HubAccountId}:role/acme-ir/acme-ir-nobody",
      );
    },
  },
];

export const baselineMutations: readonly Mutation[] = [
  together("baseline-management", changes),
  together("baseline-management-eu-west-1", [
    {
      name: "lets Config deliver without the right to set access lists",
      refusal: "config-delivery",
      error: "Insufficient delivery policy to s3 bucket",
      at: [type, "recorder"],
      change: (stack) => {
        const resource = find(stack, type, "recorder");
        resource.template_body = String(resource.template_body).replace(',"s3:PutObjectAcl"', "");
      },
    },
  ]),
  {
    stack: "baseline",
    mistakes: [
      {
        name: "makes StackSets before they are activated",
        refusal: "stack-sets",
        error: "You must enable organizations access",
        at: ["aws_cloudformation_stack_set", "second"],
      },
    ],
    apply: async (workspace) => {
      const cloudformation = new CloudFormationClient(workspace.client());
      await cloudformation.send(new DeactivateOrganizationsAccessCommand({}));
      try {
        return await workspace.applyMutated(
          "baseline",
          json((stack) => {
            const sets = resourcesOf(stack, "aws_cloudformation_stack_set");
            sets.second = { ...sets.global, name: "acme-ir-second" };
          }),
          "-target=aws_cloudformation_stack_set.second",
        );
      } finally {
        await cloudformation.send(new ActivateOrganizationsAccessCommand({}));
      }
    },
  },
];
