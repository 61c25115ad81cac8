import { arn, type Forbidden, forbid, iam, management, path, prowler, rhino, shared } from "./model";

const stack = arn("cloudformation", "stack/payments/5f1c0000-0000-4000-8000-000000000000");
const baseline = arn(
  "cloudformation",
  "stackset/acme-ir-baseline-global:5f1c0000-0000-4000-8000-000000000000",
  management,
);
const project = arn("codebuild", "project/payments-build");
const repository = arn("codecommit", "payments");
const admin = { "cloudformation:RoleArn": iam("role/cloudformation-admin") };

/** Templates: whoever deploys one makes what it says, in the role of the stack. */
const templates = forbid("all", [
  [
    "cloudformation:CreateStack",
    arn("cloudformation", "stack/backdoor/0"),
    "makes anything in a role of choice",
    rhino(21, "cloudformation-001"),
    admin,
  ],
  ["cloudformation:UpdateStack", stack, "acts in the stack's role", path("cloudformation-002")],
  ["cloudformation:CreateChangeSet", stack, "acts in the stack's role", path("cloudformation-005")],
  ["cloudformation:ExecuteChangeSet", stack, "acts in the stack's role", path("cloudformation-005")],
  ["cloudformation:SetStackPolicy", stack, "unlocks what updates must not touch"],
  ["cloudformation:DeleteStack", stack, "destroys what it made, in the stack's role"],
  ["cloudformation:ContinueUpdateRollback", stack, "changes resources in the stack's role"],
  [
    "cloudformation:DeleteStack",
    arn("cloudformation", "stack/StackSet-acme-ir-baseline-global-5f1c/0"),
    "removes the kit's own roles and quarantine",
  ],
  ["cloudformation:CreateStackSet", "*", "makes anything, everywhere", path("cloudformation-003")],
  ["cloudformation:CreateStackInstances", baseline, "deploys into every account", path("cloudformation-003")],
  ["cloudformation:UpdateStackSet", baseline, "rewrites every baseline", path("cloudformation-004")],
  ["cloudformation:DeleteStackInstances", baseline, "removes the baseline from accounts"],
  ["cloudformation:CreateResource", "*", "makes anything by Cloud Control"],
  ["cloudformation:UpdateResource", "*", "changes anything by Cloud Control"],
  ["cloudformation:DeleteResource", "*", "deletes anything by Cloud Control"],
  ["cloudformation:ActivateType", "*", "runs a stranger's code in stacks to come"],
  ["cloudformation:RegisterType", "*", "runs code of one's own in stacks to come"],
  ["servicecatalog:ProvisionProduct", arn("catalog", "product/prod-0abc"), "deploys in the launch role"],
  [
    "servicecatalog:CreateProvisioningArtifact",
    arn("catalog", "product/prod-0abc"),
    "another template in it",
  ],
  ["proton:CreateEnvironment", arn("proton", "environment/backdoor"), "deploys in Proton's role"],
]);

/** Pipelines: their code and their definitions run in their roles. */
const pipelines = forbid("all", [
  [
    "codebuild:CreateProject",
    arn("codebuild", "project/backdoor"),
    "runs code in a role of choice",
    path("codebuild-001", "codebuild-004"),
  ],
  ["codebuild:UpdateProject", project, "other code in its role", "PMapper codebuild_edges"],
  ["codebuild:StartBuild", project, "overrides the buildspec", path("codebuild-001", "codebuild-002")],
  ["codebuild:StartBuildBatch", project, "overrides the buildspec", path("codebuild-003", "codebuild-004")],
  ["codebuild:StartSandbox", project, "a shell in the project's role"],
  ["codebuild:ImportSourceCredentials", "*", "swaps the token for the source"],
  ["codepipeline:CreatePipeline", arn("codepipeline", "backdoor"), "deploys in a role of choice"],
  ["codepipeline:UpdatePipeline", arn("codepipeline", "payments"), "deploys something else in its role"],
  [
    "codepipeline:StartPipelineExecution",
    arn("codepipeline", "payments"),
    "deploys, which is its team's work",
  ],
  ["codepipeline:PutApprovalResult", arn("codepipeline", "payments/prod/approve"), "approves a deployment"],
  ["codepipeline:GetJobDetails", "*", "credentials of a pipeline's artifacts"],
  [
    "codedeploy:CreateDeployment",
    arn("codedeploy", "deploymentgroup:payments/prod"),
    "runs code in the instances' role",
    path("codedeploy-001"),
  ],
  [
    "codedeploy:RegisterApplicationRevision",
    arn("codedeploy", "application:payments"),
    "code for instances to run",
    path("codedeploy-001"),
  ],
  ["codecommit:GitPush", repository, "code that a pipeline deploys"],
  ["codecommit:UpdatePullRequestApprovalState", repository, "approves code that a pipeline deploys"],
  ["codestar:CreateProject", "*", "the service role makes its owner powerful", rhino(24)],
  [
    "codestar:AssociateTeamMember",
    arn("codestar", "project/payments"),
    "a project's owner gets a policy",
    rhino(25),
  ],
  ["codeconnections:UseConnection", arn("codeconnections", "connection/5f1c"), "reads and writes the source"],
  ["ecr:PutImage", arn("ecr", "repository/payments"), "code for tasks that take the latest image"],
  ["ecr:SetRepositoryPolicy", arn("ecr", "repository/payments"), "lets strangers push"],
  ["datapipeline:CreatePipeline", "*", "runs commands in a role of choice", rhino(22, "datapipeline-001")],
  [
    "datapipeline:PutPipelineDefinition",
    arn("datapipeline", "pipeline/df-0abc"),
    "runs commands in its role",
    rhino(22, "datapipeline-001"),
  ],
  [
    "datapipeline:ActivatePipeline",
    arn("datapipeline", "pipeline/df-0abc"),
    "runs a pipeline's commands in its role",
    prowler("PassRole+DataPipeline"),
  ],
  [
    "elasticbeanstalk:UpdateEnvironment",
    arn("elasticbeanstalk", "environment/payments/prod"),
    "runs code with the environment's profile",
  ],
  [
    "elasticbeanstalk:CreateApplicationVersion",
    arn("elasticbeanstalk", "applicationversion/payments/2"),
    "code for instances to run",
  ],
  ["amplify:CreateApp", "*", "runs a build in a role of choice", "pathfinding.cloud labs amplify-001"],
  [
    "amplify:StartJob",
    arn("amplify", "apps/d0abc/branches/main/jobs/1"),
    "runs a build in its role",
    "pathfinding.cloud labs amplify-001",
  ],
]);

/** Work flows and events: calls in roles of theirs, now or later. */
const flows = forbid("all", [
  [
    "states:CreateStateMachine",
    arn("states", "stateMachine:backdoor"),
    "calls anything in a role of choice",
    path("stepfunctions-001"),
  ],
  [
    "states:UpdateStateMachine",
    arn("states", "stateMachine:payments"),
    "calls something else in its role",
    path("stepfunctions-002"),
  ],
  [
    "states:StartExecution",
    arn("states", "stateMachine:payments"),
    "makes it act in its role",
    path("stepfunctions-001", "stepfunctions-002"),
  ],
  ["states:TestState", "*", "calls anything in a role it is given"],
  [
    "scheduler:CreateSchedule",
    arn("scheduler", "schedule/default/backdoor"),
    "calls anything in a role of choice",
    path("scheduler-001"),
  ],
  ["scheduler:UpdateSchedule", arn("scheduler", "schedule/default/payments"), "calls anything, later"],
  ["events:PutRule", arn("events", "rule/backdoor"), "reacts to what happens in the account"],
  ["events:PutTargets", arn("events", "rule/payments"), "sends events elsewhere, or calls in a role"],
  ["events:PutPermission", "*", "lets strangers send events"],
  ["pipes:CreatePipe", arn("pipes", "pipe/backdoor"), "reads queues in a role"],
  ["iot:CreateTopicRule", arn("iot", "rule/backdoor"), "acts in a role of choice"],
  ["iot:CreateRoleAlias", arn("iot", "rolealias/backdoor"), "roles for whoever holds a certificate"],
  ["fis:StartExperiment", arn("fis", "experiment-template/EXT0abc"), "stops and breaks in its role"],
  ["dlm:CreateLifecyclePolicy", "*", "copies snapshots to other accounts, or deletes them"],
  ["appsync:CreateDataSource", "*", "reads and calls in a role"],
  ["bedrock:UpdateAgentActionGroup", arn("bedrock", "agent/AGENT0ABC"), "calls a function of choice"],
  [
    "bedrock:InvokeModel",
    shared("bedrock", "foundation-model/anthropic.claude-3-haiku-20240307-v1:0"),
    "spends money, and answers nobody's question",
  ],
]);

export const deploymentForbidden: readonly Forbidden[] = [...templates, ...pipelines, ...flows];
