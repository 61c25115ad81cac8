import { arn, type Forbidden, forbid, iam, path, prowler } from "./model";

const cluster = arn("ecs", "cluster/payments");
const task = arn("ecs", "task-definition/payments:1");
const kubernetes = arn("eks", "cluster/payments");

/** Containers: their code runs in the task's role, or in the pod's. */
export const containersForbidden: readonly Forbidden[] = forbid("all", [
  [
    "ecs:CreateCluster",
    arn("ecs", "cluster/backdoor"),
    "a place for tasks of its own",
    path("ecs-001", "ecs-002"),
  ],
  [
    "ecs:RegisterTaskDefinition",
    arn("ecs", "task-definition/backdoor:1"),
    "runs code in a role of choice",
    path("ecs-001 to ecs-005"),
  ],
  ["ecs:RunTask", task, "code in a role, command overridden", path("ecs-002", "ecs-004", "ecs-008")],
  ["ecs:StartTask", task, "code in a role, command overridden", path("ecs-005", "ecs-007", "ecs-009")],
  [
    "ecs:CreateService",
    arn("ecs", "service/payments/backdoor"),
    "runs code in a role of choice",
    path("ecs-001", "ecs-003"),
  ],
  ["ecs:UpdateService", arn("ecs", "service/payments/api"), "another task definition, or a shell"],
  ["ecs:ExecuteCommand", cluster, "a shell in the task's role", path("ecs-006")],
  ["ecs:RegisterContainerInstance", cluster, "a host of one's own, which sees tasks' roles", path("ecs-007")],
  [
    "ecs:DeregisterContainerInstance",
    cluster,
    "moves a host to a cluster of choice",
    prowler("PassRole+ECS+StartTask"),
  ],
  [
    "eks:CreateAccessEntry",
    kubernetes,
    "a principal in the cluster",
    { "eks:principalArn": iam("role/backdoor") },
  ],
  [
    "eks:AssociateAccessPolicy",
    arn("eks", "access-entry/payments/role/555555555555/backdoor/5f1c"),
    "makes a principal the cluster's administrator",
    { "eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" },
  ],
  ["eks:CreatePodIdentityAssociation", kubernetes, "a role for a pod"],
  ["eks:AssociateIdentityProviderConfig", kubernetes, "trusts a stranger's tokens"],
  ["eks:UpdateClusterConfig", kubernetes, "opens the cluster, or stops its audit log"],
  [
    "batch:RegisterJobDefinition",
    arn("batch", "job-definition/backdoor"),
    "runs code in a role of choice",
    path("batch-001", "batch-003"),
  ],
  [
    "batch:SubmitJob",
    arn("batch", "job-queue/payments"),
    "runs code in a role of choice",
    path("batch-001 to batch-003"),
  ],
  [
    "batch:CreateComputeEnvironment",
    arn("batch", "compute-environment/backdoor"),
    "a place for jobs of its own",
    path("batch-003"),
  ],
  [
    "batch:CreateJobQueue",
    arn("batch", "job-queue/backdoor"),
    "a place for jobs of its own",
    path("batch-003"),
  ],
  [
    "apprunner:CreateService",
    arn("apprunner", "service/backdoor/5f1c"),
    "runs code in a role of choice",
    path("apprunner-001"),
  ],
  [
    "apprunner:UpdateService",
    arn("apprunner", "service/payments/5f1c"),
    "runs code in its role",
    path("apprunner-002"),
  ],
]);
