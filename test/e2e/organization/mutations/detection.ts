import { find, json, type Mutation, resourcesOf, together } from "./mutation";

const administrator = "aws_organizations_delegated_administrator";
const home = "delegation-eu-west-1";
const secondRegion = "detection-us-east-1";
const destination = ["aws_guardduty_publishing_destination", "guardduty"] as const;
const organization = ["aws_guardduty_organization_configuration", "guardduty"] as const;
const queryLogs = "aws_route53_resolver_query_log_config";
const hub = ["aws_securityhub_organization_configuration", "security-hub"] as const;

const delegations: readonly Mutation[] = [
  together(home, [
    {
      name: "delegates to the management account",
      refusal: "organizations-delegation",
      error: "You cannot register management account/yourself",
      at: [administrator, "access-analyzer"],
      change: (stack) => {
        find(stack, administrator, "access-analyzer").account_id = "111111111111";
      },
    },
    {
      name: "delegates a service before its trusted access",
      refusal: "organizations-delegation",
      error: "before you enabled service access",
      at: [administrator, "detective"],
      change: (stack, workspace) => {
        resourcesOf(stack, administrator).detective = {
          ...find(stack, administrator, "access-analyzer"),
          account_id: workspace.landscape().accounts.security.id,
          service_principal: "detective.amazonaws.com",
        };
      },
    },
  ]),
  {
    stack: home,
    mistakes: [
      {
        name: "delegates from a member account",
        refusal: "organizations-delegation",
        error: "You don't have permissions to access this resource",
      },
    ],
    apply: async (workspace) => {
      const { security, forensics } = workspace.landscape().accounts;
      return workspace.applyMutated(
        home,
        json((stack) => {
          const [provider] = (stack as unknown as { provider: { aws: Record<string, unknown>[] } }).provider
            .aws;
          Object.assign(provider ?? {}, {
            allowed_account_ids: [security.id],
            assume_role: [{ role_arn: `arn:aws:iam::${security.id}:role/OrganizationAccountAccessRole` }],
          });
          find(stack, administrator, "access-analyzer").account_id = forensics.id ?? "";
        }),
        "-refresh=false",
      );
    },
  },
];

export const detectionMutations: readonly Mutation[] = [
  ...delegations,
  {
    stack: secondRegion,
    mistakes: [
      {
        name: "configures GuardDuty for the organization before it is its administrator",
        refusal: "detection-administrator",
        error: "invalid or out-of-range value",
        at: organization,
      },
    ],
    serial: true,
    apply: async (workspace) => {
      const delegation = workspace.terraform("delegation-us-east-1");
      await delegation.destroy();
      try {
        return await workspace.applyMutated(
          secondRegion,
          json((stack) => {
            find(stack, ...organization).auto_enable_organization_members = "NEW";
          }),
        );
      } finally {
        await delegation.apply();
      }
    },
  },
  together("administrator-us-east-1", [
    {
      name: "makes a second detector in an account",
      refusal: "guardduty-one-detector",
      error: "a detector already exists for the current account",
      at: ["aws_guardduty_detector", "second"],
      change: (stack) => {
        resourcesOf(stack, "aws_guardduty_detector").second = { enable: true };
      },
    },
  ]),
  together("detection-eu-west-1", [
    {
      name: "configures Security Hub centrally and switches accounts on by itself",
      refusal: "securityhub-central-configuration",
      error: "can not be enabled for Central Configuration",
      at: hub,
      change: (stack) => {
        Object.assign(find(stack, ...hub), { auto_enable: true, auto_enable_standards: "DEFAULT" });
      },
    },
  ]),
  together(secondRegion, [
    {
      name: "exports findings into a bucket that GuardDuty may not write to",
      refusal: "guardduty-export",
      error: "does not have permission to the KMS key or the resource",
      at: destination,
      change: (stack) => {
        const resource = find(stack, ...destination);
        resource.destination_arn = String(resource.destination_arn).replace("-findings-", "-flow-logs-");
      },
    },
    {
      name: "logs queries into a bucket that lets nobody deliver them",
      refusal: "query-log-delivery",
      error: "Access denied to the destination",
      at: [queryLogs, ""],
      change: (stack) => {
        const resource = find(stack, queryLogs, "");
        resource.destination_arn = String(resource.destination_arn).replace(
          "acme-ir-dns-queries-",
          "acme-ir-findings-",
        );
      },
    },
  ]),
];
