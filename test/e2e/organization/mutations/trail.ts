import {
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { Run } from "../../../../cli/terraform";
import type { Workspace } from "../../workspace";
import {
  addressOf,
  applyAt,
  inPolicy,
  type Json,
  json,
  type Mutation,
  resourcesOf,
  statement,
  together,
} from "./mutation";

const refusal = "cloudtrail-create-trail";
const stack = "trail";
const bucketPolicy = ["aws_s3_bucket_policy", "cloudtrail_policy"] as const;
const key = ["aws_kms_key", "cloudtrail-key"] as const;
const type = "aws_cloudtrail";

/** A trail beside the right one, which stays. */
function addTrail(configuration: Json, id: string, change: (trail: Record<string, unknown>) => void): void {
  const trails = resourcesOf(configuration, type);
  const trail = { ...trails.trail, name: `acme-ir-${id}` };
  change(trail);
  trails[id] = trail;
}

export const trailMutations: readonly Mutation[] = [
  together(stack, [
    {
      name: "names the trail otherwise than the bucket policy",
      refusal,
      error: "Incorrect S3 bucket policy is detected",
      at: [type, "second"],
      change: (configuration) => addTrail(configuration, "second", () => undefined),
    },
    {
      name: "sends the trail to a bucket that is not CloudTrail's",
      refusal,
      error: "Incorrect S3 bucket policy is detected",
      at: [type, "third"],
      change: (configuration) =>
        addTrail(configuration, "third", (trail) => {
          trail.s3_bucket_name = String(trail.s3_bucket_name).replace("-cloudtrail-", "-findings-");
        }),
    },
  ]),
  {
    stack,
    mistakes: [
      {
        name: "gives CloudTrail no folder of the organization",
        refusal,
        error: "Incorrect S3 bucket policy is detected",
        at: [type, "trail"],
      },
    ],
    serial: true,
    apply: async (workspace) => {
      const weaken = json((configuration) =>
        inPolicy(configuration, bucketPolicy, (policy) => {
          const delivery = statement(policy, "CloudTrailDelivers");
          delivery.Resource = delivery.Resource.filter((resource) => !resource.includes("/o-"));
        }),
      );
      const weakened = await applyAt(workspace, "log-archive", bucketPolicy, weaken);
      if (weakened.exitCode !== 0) throw new Error(weakened.output);
      const result = await workspace.terraform(stack).tryApply("-replace=aws_cloudtrail.trail");
      const address = addressOf(workspace.configuration("log-archive"), ...bucketPolicy);
      await workspace.terraform("log-archive").tryApply(`-target=${address}`);
      await workspace.terraform(stack).apply();
      return result;
    },
  },
  {
    stack,
    mistakes: [
      {
        name: "gives CloudTrail no use of the key",
        refusal,
        error: "Insufficient permissions to access S3 bucket",
        at: [type, "trail"],
      },
    ],
    serial: true,
    apply: async (workspace) => {
      const weaken = json((configuration) =>
        inPolicy(configuration, key, (policy) => {
          policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== "CloudTrailEncrypts");
        }),
      );
      await applyAt(workspace, stack, key, weaken);
      const address = addressOf(workspace.configuration(stack), type, "trail");
      // Without a refresh, Terraform would put the key's policy right first.
      const result = await workspace.terraform(stack).tryApply("-refresh=false", `-replace=${address}`);
      await workspace.terraform(stack).apply();
      return result;
    },
  },
  {
    stack,
    mistakes: [
      {
        name: "makes a trail before trusted access of CloudTrail",
        refusal,
        error: "hasn't enabled CloudTrail service access",
        at: [type, "second"],
      },
    ],
    serial: true,
    apply: (workspace) =>
      without(workspace, "cloudtrail.amazonaws.com", () =>
        workspace.applyMutated(
          stack,
          json((configuration) => addTrail(configuration, "second", () => undefined)),
          `-target=${type}.second`,
        ),
      ),
  },
];

async function without(
  workspace: Workspace,
  ServicePrincipal: string,
  work: () => Promise<Run>,
): Promise<Run> {
  const organizations = new OrganizationsClient(workspace.client());
  await organizations.send(new DisableAWSServiceAccessCommand({ ServicePrincipal }));
  try {
    return await work();
  } finally {
    await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
  }
}
