import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  DeactivateOrganizationsAccessCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { Run } from "../../cli/terraform";
import { administrator } from "./accounts";
import { atOnce, type Workspace } from "./workspace";

/** A mistake of the kit that AWS would refuse: the stack as a mistaken kit would have written it goes red. */
export interface Mutation {
  readonly name: string;
  readonly refusal: string;
  readonly stack: string;
  /** What Terraform must show of AWS's refusal. */
  readonly error: string;
  /** It changes what others rest on for a moment, and so goes alone with its like. */
  readonly serial?: true;
  readonly apply: (workspace: Workspace) => Promise<Run>;
}

type Json = Record<string, never>;

/** Changes the parsed configuration. */
const json = (change: (stack: Json) => void) => (text: string) => {
  const stack = JSON.parse(text) as Json;
  change(stack);
  return JSON.stringify(stack);
};

interface Policy {
  Statement: {
    Sid: string;
    Action: string[];
    Resource: string[];
    Principal: unknown;
    Condition?: Record<string, Record<string, unknown>>;
  }[];
}

/** Changes a policy document inside the configuration. */
const inPolicy = (type: string, idPart: string, change: (policy: Policy) => void) =>
  json((stack) => {
    const resource = find(stack, type, idPart);
    const policy = JSON.parse(resource.policy ?? "") as Policy;
    change(policy);
    resource.policy = JSON.stringify(policy);
  });

function find(stack: Json, type: string, idPart: string): Record<string, string> {
  const resources =
    (stack as unknown as { resource: Record<string, Record<string, Record<string, string>>> }).resource[
      type
    ] ?? {};
  const [, resource] = Object.entries(resources).find(([id]) => id.includes(idPart)) ?? [];
  if (!resource) throw new Error(`no ${type} ${idPart}`);
  return resource;
}

function addressOf(text: string, type: string, idPart: string): string {
  const stack = JSON.parse(text) as { resource: Record<string, Record<string, unknown>> };
  const id = Object.keys(stack.resource[type] ?? {}).find((name) => name.includes(idPart));
  return `${type}.${id}`;
}

const statement = (policy: Policy, sid: string) => {
  const found = policy.Statement.find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(`no statement ${sid}`);
  return found;
};

/** Changes the CloudFormation template of the management account's own baseline. */
const inTemplate = (change: (resources: Record<string, { Properties: Record<string, unknown> }>) => void) =>
  json((stack) => {
    const resource = find(stack, "aws_cloudformation_stack", "baseline");
    const template = JSON.parse(resource.template_body ?? "") as {
      Resources: Record<string, { Properties: Record<string, unknown> }>;
    };
    change(template.Resources);
    resource.template_body = JSON.stringify(template);
  });

const baseline = "baseline-management";
const account = async (workspace: Workspace) => workspace.landscape().accounts.security.id ?? "";

/** Applies only the address that the mistake concerns. */
function applyAt(
  workspace: Workspace,
  stack: string,
  [type, idPart]: readonly [string, string],
  mutate: (text: string) => string,
  flag = "-target",
): Promise<Run> {
  const address = addressOf(workspace.configuration(stack), type, idPart);
  return workspace.applyMutated(stack, mutate, `${flag}=${address}`);
}

export const mutations: readonly Mutation[] = [
  {
    name: "deploys by a role that does not exist",
    refusal: "sts-assume-role",
    stack: "log-archive",
    error: "is not authorized to perform: sts:AssumeRole",
    apply: (workspace) =>
      workspace.applyMutated("log-archive", (text) =>
        text.replaceAll("role/OrganizationAccountAccessRole", "role/NoSuchRole"),
      ),
  },
  {
    name: "deploys by a role that does not trust the deployer",
    refusal: "sts-assume-role",
    stack: "log-archive",
    error: "is not authorized to perform: sts:AssumeRole",
    apply: async (workspace) => {
      const archive = workspace.landscape().accounts.logArchive.id ?? "";
      const iam = new IAMClient(workspace.client(await administrator(workspace, archive)));
      const trust = {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${await account(workspace)}:root` },
            Action: "sts:AssumeRole",
          },
        ],
      };
      await iam.send(
        new CreateRoleCommand({ RoleName: "TrustsOthers", AssumeRolePolicyDocument: JSON.stringify(trust) }),
      );
      return workspace.applyMutated("log-archive", (text) =>
        text.replaceAll("role/OrganizationAccountAccessRole", "role/TrustsOthers"),
      );
    },
  },
  {
    name: "names a role as principal of a spoke's trust that does not exist",
    refusal: "iam-trust-principals",
    stack: baseline,
    error: "Invalid principal in policy",
    apply: (workspace) =>
      workspace.applyMutated(baseline, (text) =>
        text.replace("{HubAccountId}:root", "{HubAccountId}:role/acme-ir/acme-ir-nobody"),
      ),
  },
  {
    name: "writes a quarantine policy that is too large",
    refusal: "iam-quotas",
    stack: baseline,
    error: "Cannot exceed quota for PolicySize: 6144",
    apply: (workspace) =>
      workspace.applyMutated(
        baseline,
        inTemplate((resources) => {
          const properties = resources.QuarantinePolicy?.Properties as {
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
    stack: baseline,
    error: "Cannot exceed quota for PoliciesPerRole: 10",
    apply: (workspace) =>
      workspace.applyMutated(
        baseline,
        inTemplate((resources) => {
          const properties = resources.QuarantineRole?.Properties as { ManagedPolicyArns: unknown[] };
          properties.ManagedPolicyArns.push(
            ...Array.from({ length: 10 }, (_, index) => `arn:aws:iam::aws:policy/Policy${index}`),
          );
        }),
      ),
  },
  {
    name: "writes a trust policy that is too large",
    refusal: "iam-quotas",
    stack: baseline,
    error: "Cannot exceed quota for ACLSizePerRole: 2048",
    apply: (workspace) =>
      workspace.applyMutated(
        baseline,
        inTemplate((resources) => {
          const properties = resources.AutoLoggingRole?.Properties as {
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
    name: "names a role in a bucket policy that does not exist",
    refusal: "s3-policy-principals",
    stack: "log-archive",
    error: "Invalid principal in policy",
    apply: (workspace) =>
      applyAt(
        workspace,
        "log-archive",
        ["aws_s3_bucket_policy", "findings_policy"],
        inPolicy("aws_s3_bucket_policy", "findings_policy", (policy) => {
          statement(policy, "ReadForInvestigation").Principal = {
            AWS: [`arn:aws:iam::${workspace.landscape().accounts.security.id}:role/nobody`],
          };
        }),
      ),
  },
  {
    name: "names an account in a key policy that does not exist",
    refusal: "kms-key-policy",
    stack: "log-archive",
    error: "one or more invalid principals",
    apply: (workspace) =>
      applyAt(
        workspace,
        "log-archive",
        ["aws_kms_key", "findings-key"],
        inPolicy("aws_kms_key", "findings-key", (policy) => {
          statement(policy, "DecryptForInvestigation").Principal = {
            AWS: ["arn:aws:iam::999999999999:root"],
          };
        }),
      ),
  },
  {
    name: "locks itself out of a key",
    refusal: "kms-key-policy",
    stack: "log-archive",
    error: "will not allow you to update the key policy in the future",
    apply: (workspace) =>
      applyAt(
        workspace,
        "log-archive",
        ["aws_kms_key", "findings-key"],
        inPolicy("aws_kms_key", "findings-key", (policy) => {
          const administration = statement(policy, "AdministerKey");
          administration.Action = administration.Action.filter((action) => action !== "kms:PutKeyPolicy");
        }),
      ),
  },
  {
    name: "suspends versioning under a lock",
    refusal: "s3-object-lock",
    stack: "log-archive",
    error: "the versioning state cannot be changed",
    apply: (workspace) =>
      applyAt(
        workspace,
        "log-archive",
        ["aws_s3_bucket_versioning", "findings_versioning"],
        json((stack) => {
          const versioning = find(stack, "aws_s3_bucket_versioning", "findings_versioning") as unknown as {
            versioning_configuration: { status: string };
          };
          versioning.versioning_configuration.status = "Suspended";
        }),
      ),
  },
  {
    name: "locks a bucket that keeps no versions",
    refusal: "s3-object-lock",
    stack: "log-archive",
    error: "Versioning must be 'Enabled'",
    apply: (workspace) =>
      workspace.applyMutated(
        "log-archive",
        json((stack) => {
          const resources = (stack as unknown as { resource: Record<string, Record<string, unknown>> })
            .resource;
          resources.aws_s3_bucket = {
            ...resources.aws_s3_bucket,
            unversioned: { bucket: "acme-ir-unversioned" },
          };
          resources.aws_s3_bucket_object_lock_configuration = {
            ...resources.aws_s3_bucket_object_lock_configuration,
            unversioned: {
              bucket: "${aws_s3_bucket.unversioned.id}",
              rule: { default_retention: { mode: "GOVERNANCE", days: 1 } },
            },
          };
        }),
        "-target=aws_s3_bucket_object_lock_configuration.unversioned",
      ),
  },
  {
    name: "sends access logs to a bucket that is locked",
    refusal: "s3-access-logging",
    stack: "log-archive",
    error: "has a default retention period",
    apply: (workspace) =>
      applyAt(
        workspace,
        "log-archive",
        ["aws_s3_bucket_logging", "findings_access-logging"],
        json((stack) => {
          const logging = find(stack, "aws_s3_bucket_logging", "findings_access-logging");
          const target = addressOf(JSON.stringify(stack), "aws_s3_bucket", "cloudtrail_bucket");
          logging.target_bucket = `\${${target}.id}`;
        }),
      ),
  },
  {
    name: "sends access logs where S3 may not write",
    refusal: "s3-access-logging",
    stack: "log-archive",
    error: "permission to write to the target bucket",
    apply: (workspace) =>
      applyAt(
        workspace,
        "log-archive",
        ["aws_s3_bucket_logging", "findings_access-logging"],
        json((stack) => {
          const logging = find(stack, "aws_s3_bucket_logging", "findings_access-logging");
          logging.target_prefix = "elsewhere/";
        }),
      ),
  },
  {
    name: "names the trail otherwise than the bucket policy",
    refusal: "cloudtrail-create-trail",
    stack: "trail",
    error: "Incorrect S3 bucket policy is detected",
    apply: (workspace) =>
      workspace.applyMutated(
        "trail",
        secondTrail(() => undefined),
        secondTrailOnly,
      ),
  },
  {
    name: "sends the trail to a bucket that is not CloudTrail's",
    refusal: "cloudtrail-create-trail",
    stack: "trail",
    error: "Incorrect S3 bucket policy is detected",
    apply: (workspace) =>
      workspace.applyMutated(
        "trail",
        secondTrail((trail) => {
          trail.s3_bucket_name = String(trail.s3_bucket_name).replace("-cloudtrail-", "-findings-");
        }),
        secondTrailOnly,
      ),
  },
  {
    name: "gives CloudTrail no folder of the organization",
    refusal: "cloudtrail-create-trail",
    stack: "trail",
    error: "Incorrect S3 bucket policy is detected",
    serial: true,
    apply: async (workspace) => {
      const bucket = ["aws_s3_bucket_policy", "cloudtrail_policy"] as const;
      const weaken = inPolicy(...bucket, (policy) => {
        const delivery = statement(policy, "CloudTrailDelivers");
        delivery.Resource = delivery.Resource.filter((resource) => !resource.includes("/o-"));
      });
      const weakened = await applyAt(workspace, "log-archive", bucket, weaken);
      if (weakened.exitCode !== 0) throw new Error(weakened.output);
      const result = await workspace.terraform("trail").tryApply("-replace=aws_cloudtrail.trail");
      const address = addressOf(workspace.configuration("log-archive"), ...bucket);
      await workspace.terraform("log-archive").tryApply(`-target=${address}`);
      await workspace.terraform("trail").apply();
      return result;
    },
  },
  {
    name: "gives CloudTrail no use of the key",
    refusal: "cloudtrail-create-trail",
    stack: "trail",
    error: "Insufficient permissions to access S3 bucket",
    serial: true,
    apply: async (workspace) => {
      const key = ["aws_kms_key", "cloudtrail-key"] as const;
      const weaken = inPolicy(...key, (policy) => {
        policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== "CloudTrailEncrypts");
      });
      await applyAt(workspace, "trail", key, weaken);
      const address = addressOf(workspace.configuration("trail"), "aws_cloudtrail", "trail");
      // Without a refresh, Terraform would put the key's policy right first.
      const result = await workspace.terraform("trail").tryApply("-refresh=false", `-replace=${address}`);
      await workspace.terraform("trail").apply();
      return result;
    },
  },
  {
    name: "makes a trail before trusted access of CloudTrail",
    refusal: "cloudtrail-create-trail",
    stack: "trail",
    error: "hasn't enabled CloudTrail service access",
    serial: true,
    apply: (workspace) =>
      without(workspace, "cloudtrail.amazonaws.com", () =>
        workspace.applyMutated(
          "trail",
          secondTrail(() => undefined),
          secondTrailOnly,
        ),
      ),
  },
  {
    name: "delegates to the management account",
    refusal: "organizations-delegation",
    stack: "delegation-eu-west-1",
    error: "You cannot register management account/yourself",
    apply: (workspace) =>
      workspace.applyMutated(
        "delegation-eu-west-1",
        json((stack) => {
          find(stack, "aws_organizations_delegated_administrator", "access-analyzer").account_id =
            "111111111111";
        }),
      ),
  },
  {
    name: "delegates from a member account",
    refusal: "organizations-delegation",
    stack: "delegation-eu-west-1",
    error: "You don't have permissions to access this resource",
    apply: async (workspace) => {
      const security = await account(workspace);
      const forensics = workspace.landscape().accounts.forensics.id ?? "";
      return workspace.applyMutated(
        "delegation-eu-west-1",
        json((stack) => {
          const [provider] = (stack as unknown as { provider: { aws: Record<string, unknown>[] } }).provider
            .aws;
          Object.assign(provider ?? {}, {
            allowed_account_ids: [security],
            assume_role: [{ role_arn: `arn:aws:iam::${security}:role/OrganizationAccountAccessRole` }],
          });
          find(stack, "aws_organizations_delegated_administrator", "access-analyzer").account_id = forensics;
        }),
        "-refresh=false",
      );
    },
  },
  {
    name: "delegates a service before its trusted access",
    refusal: "organizations-delegation",
    stack: "delegation-eu-west-1",
    error: "before you enabled service access",
    apply: (workspace) =>
      workspace.applyMutated("delegation-eu-west-1", (text) =>
        text.replaceAll("access-analyzer.amazonaws.com", "detective.amazonaws.com"),
      ),
  },
  {
    name: "makes StackSets before they are activated",
    refusal: "stack-sets",
    stack: "baseline",
    error: "You must enable organizations access",
    apply: async (workspace) => {
      const cloudformation = new CloudFormationClient(workspace.client());
      await cloudformation.send(new DeactivateOrganizationsAccessCommand({}));
      try {
        return await workspace.applyMutated(
          "baseline",
          json((stack) => {
            const sets =
              (stack as unknown as { resource: Record<string, Record<string, Record<string, unknown>>> })
                .resource.aws_cloudformation_stack_set ?? {};
            sets.second = { ...sets.global, name: "acme-ir-second" };
          }),
          "-target=aws_cloudformation_stack_set.second",
        );
      } finally {
        await cloudformation.send(new ActivateOrganizationsAccessCommand({}));
      }
    },
  },
  {
    name: "writes a template that is too large",
    refusal: "stack-sets",
    stack: baseline,
    error: "less than or equal to 51200",
    apply: (workspace) =>
      workspace.applyMutated(
        baseline,
        inTemplate((resources) => {
          const properties = resources.AutoLoggingRole?.Properties ?? {};
          properties.Description = "x".repeat(60_000);
        }),
      ),
  },
  {
    name: "configures GuardDuty for the organization before it is its administrator",
    refusal: "detection-administrator",
    stack: "detection-us-east-1",
    error: "invalid or out-of-range value",
    serial: true,
    apply: async (workspace) => {
      const delegation = workspace.terraform("delegation-us-east-1");
      await delegation.destroy();
      try {
        return await workspace.applyMutated(
          "detection-us-east-1",
          json((stack) => {
            const resource = find(stack, "aws_guardduty_organization_configuration", "guardduty");
            resource.auto_enable_organization_members = "NEW";
          }),
        );
      } finally {
        await delegation.apply();
      }
    },
  },
  {
    name: "makes a second detector in an account",
    refusal: "guardduty-one-detector",
    stack: "administrator-us-east-1",
    error: "a detector already exists for the current account",
    apply: (workspace) =>
      workspace.applyMutated(
        "administrator-us-east-1",
        json((stack) => {
          const detectors = (
            stack as unknown as { resource: Record<string, Record<string, Record<string, unknown>>> }
          ).resource.aws_guardduty_detector;
          if (detectors) detectors.second = { enable: true };
        }),
        "-target=aws_guardduty_detector.second",
      ),
  },
  {
    name: "configures Security Hub centrally and switches accounts on by itself",
    refusal: "securityhub-central-configuration",
    stack: "detection-eu-west-1",
    error: "can not be enabled for Central Configuration",
    apply: (workspace) =>
      workspace.applyMutated(
        "detection-eu-west-1",
        json((stack) => {
          const resource = find(
            stack,
            "aws_securityhub_organization_configuration",
            "security-hub",
          ) as Record<string, unknown>;
          resource.auto_enable = true;
          resource.auto_enable_standards = "DEFAULT";
        }),
      ),
  },
  {
    name: "exports findings into a bucket that GuardDuty may not write to",
    refusal: "guardduty-export",
    stack: "detection-us-east-1",
    error: "does not have permission to the KMS key or the resource",
    apply: (workspace) =>
      workspace.applyMutated(
        "detection-us-east-1",
        json((stack) => {
          const destination = find(stack, "aws_guardduty_publishing_destination", "guardduty");
          destination.destination_arn = String(destination.destination_arn).replace(
            "-findings-",
            "-flow-logs-",
          );
        }),
      ),
  },
  {
    name: "logs queries into a bucket that lets nobody deliver them",
    refusal: "query-log-delivery",
    stack: "detection-us-east-1",
    error: "Access denied to the destination",
    apply: (workspace) =>
      workspace.applyMutated("detection-us-east-1", (text) =>
        text.replaceAll("acme-ir-dns-queries-", "acme-ir-findings-"),
      ),
  },
];

const secondTrailOnly = "-target=aws_cloudtrail.second";

/** A trail beside the right one, which stays. */
const secondTrail = (change: (trail: Record<string, unknown>) => void) =>
  json((stack) => {
    const trails = (stack as unknown as { resource: Record<string, Record<string, Record<string, unknown>>> })
      .resource.aws_cloudtrail;
    const second = { ...trails?.trail, name: "acme-ir-second" };
    change(second);
    if (trails) trails.second = second;
  });

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

/**
 * Applies every mutation: AWS's provider repeats some refusals for two minutes in the hope that a principal is merely
 * slow to appear, so several go on at once.
 */
export async function applyMutations(workspace: Workspace): Promise<ReadonlyMap<string, Run | Error>> {
  const work = ({ apply }: Mutation): Promise<Run | Error> => apply(workspace).catch((error: Error) => error);
  const results = await Promise.all([
    atOnce(
      1,
      mutations.filter(({ serial }) => serial),
      work,
    ),
    atOnce(
      3,
      mutations.filter(({ serial }) => !serial),
      work,
    ),
  ]);
  return new Map(results.flat().map(([{ name }, result]) => [name, result]));
}
