import { except, type Forbidden, forbid, hub, iam, path, pmapper, type Row, rhino } from "./model";

/** A role of a workload, and the service that would act in it for whoever passes it. */
const pass = (role: string, service: string, because: string, ...source: readonly string[]): Row => [
  "iam:PassRole",
  iam(`role/${role}`),
  because,
  ...source,
  { "iam:PassedToService": `${service}.amazonaws.com` },
];

const code = "code of one's own runs in the role";
const definition = "the service acts in the role as its definition says";

const services = forbid("all", [
  pass("payments-lambda", "lambda", code, rhino(15, "lambda-001", "lambda-002", "lambda-006")),
  pass("payments-task", "ecs-tasks", code, path("ecs-001 to ecs-005", "ecs-007 to ecs-009")),
  pass("payments-batch", "ecs-tasks", code, path("batch-001", "batch-003")),
  pass("payments-glue", "glue", code, rhino(19, "glue-001", "glue-003 to glue-007")),
  pass("payments-notebook", "sagemaker", code, rhino(27, "sagemaker-001", "sagemaker-002", "sagemaker-003")),
  pass("payments-build", "codebuild", code, path("codebuild-001", "codebuild-004")),
  pass("payments-pipeline", "codepipeline", definition),
  pass("payments-deploy", "codedeploy", definition),
  pass("cloudformation-admin", "cloudformation", definition, rhino(21, "cloudformation-001")),
  pass(
    "AWSCloudFormationStackSetAdministrationRole",
    "cloudformation",
    definition,
    path("cloudformation-003"),
  ),
  pass("payments-data-pipeline", "datapipeline", definition, rhino(22, "datapipeline-001")),
  pass("aws-codestar-service-role", "codestar", definition, rhino(24)),
  pass("payments-state-machine", "states", definition, path("stepfunctions-001")),
  pass("payments-schedule", "scheduler", definition, path("scheduler-001")),
  pass("payments-event-target", "events", definition),
  pass("payments-pipe", "pipes", definition),
  pass("automation-admin", "ssm", definition, path("ssm-003")),
  pass("payments-app-runner", "tasks.apprunner", code, path("apprunner-001")),
  pass("payments-interpreter", "bedrock-agentcore", code, path("bedrock-001", "bedrock-003", "bedrock-005")),
  pass("payments-agent", "bedrock", definition),
  pass("payments-quantum", "braket", code, path("braket-001")),
  pass("payments-emr", "elasticmapreduce", code, path("emr-001")),
  pass("payments-emr-serverless", "emr-serverless", code, path("emrserverless-001")),
  pass("payments-analytics", "kinesisanalytics", code, path("kinesisanalytics-001")),
  pass("payments-games", "gamelift", code, path("gamelift-001")),
  pass("payments-genomes", "omics", code, path("omics-001")),
  pass("payments-customers", "cognito-identity", "visitors get the role", path("cognitoidentity-001")),
  pass("payments-beanstalk", "elasticbeanstalk", definition),
  pass("payments-amplify", "amplify", code, "pathfinding.cloud labs amplify-001"),
  pass("payments-pod", "pods.eks", code),
  pass("payments-cluster", "eks", definition),
  pass("payments-airflow", "airflow", code),
  pass("payments-graphql", "appsync", definition),
  pass("payments-api", "apigateway", definition),
  pass("payments-launch", "servicecatalog", definition),
  pass("payments-sftp", "transfer", "files of the role, for whoever signs in"),
  pass("payments-database", "rds", "a database reads and writes with the role"),
  pass("payments-warehouse", "redshift", "a warehouse reads and writes with the role"),
  pass("payments-things", "iot", definition),
  pass("payments-chaos", "fis", "experiments stop and break what the role may"),
  pass("payments-batch-copy", "batchoperations.s3", "copies or deletes objects by the million"),
  pass("payments-lifecycle", "dlm", "copies snapshots to other accounts"),
  pass("AWSConfigRecorder", "config", "swaps what the recorder may see"),
]);

/** Roles that are more than a workload's, and no service for which passing them would be right. */
const powerful = forbid("all", [
  ["iam:PassRole", iam("role/OrganizationAccountAccessRole"), "the administrator of the account", rhino(3)],
  [
    "iam:PassRole",
    iam("role/acme-ir/acme-ir-contain"),
    "a task's role belongs to the hub's people",
    { "iam:PassedToService": "lambda.amazonaws.com" },
  ],
  [
    "iam:PassRole",
    iam("role/acme-ir/acme-ir-recover"),
    "a task's role belongs to the hub's people",
    { "iam:PassedToService": "ec2.amazonaws.com" },
  ],
  [
    "iam:PassRole",
    iam("role/acme-ir/acme-ir-auto-triage", hub),
    "the hub's automation belongs to the hub",
    { "iam:PassedToService": "states.amazonaws.com" },
  ],
]);

/** Recovery launches instances and restores backups, containment isolates: each passes roles for it. */
const instances = [
  ...forbid(except("recover"), [
    pass("payments-web", "ec2", code, rhino(3, "ec2-001", "ec2-003", "imagebuilder-001")),
    pass("payments-fleet", "ec2", code, pmapper("autoscaling_edges")),
    pass("service-role/AWSBackupDefaultServiceRole", "backup", "restores are recovery's"),
  ]),
  ...forbid(except("contain"), [pass("acme-ir/acme-ir-quarantine", "ec2", "isolating is containment's")]),
  ...forbid("all", [
    pass("payments-spot", "spotfleet", "a fleet starts instances in the role's name"),
    pass("payments-hybrid", "ssm", "a machine outside AWS gets the role"),
  ]),
];

export const passRoleForbidden: readonly Forbidden[] = [...services, ...powerful, ...instances];
