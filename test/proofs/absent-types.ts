/** Resource types that AWS's service reference names for an action, and a policy of the kit leaves out. */
export interface AbsentTypes {
  /** Roles of the kit whose policies leave them out, by the names that follow the organization's. */
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  /** Names of the reference; `others` are all that a policy leaves out, of an action that takes nearly any type. */
  readonly types: readonly string[] | "others";
  /** Why no call of the kit, or of a responder by the role, is about one. */
  readonly because: string;
  /** Where AWS says that a call without one is not asked about it, or what in the kit rules such calls out. */
  readonly source: string;
  /** The reference calls the type required, though it belongs to some calls only. */
  readonly coarse?: true;
}

export const absentTypes: readonly AbsentTypes[] = [
  {
    roles: ["auto-logging", "auto-triage", "contain", "evidence"],
    actions: ["ec2:CreateTags", "ec2:DeleteTags", "lambda:TagResource", "lambda:UntagResource"],
    types: "others",
    because:
      "tags are set on the types that the policy names, and a tag call is asked about what it names only",
    source:
      '"Grant permission to tag Amazon EC2 resources during creation"; "Using tags on Lambda functions"',
  },
  {
    roles: ["auto-triage"],
    actions: ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"],
    types: "others",
    because: "only databases are tagged with a case",
    source: '"AddTagsToResource" (Amazon RDS API reference): one ResourceName in a call',
  },
  {
    roles: ["auto-triage"],
    actions: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
    types: ["loadbalancer"],
    coarse: true,
    because: "target groups are tagged; the reference's copy keeps classic balancers, which share the prefix",
    source: '"Actions, resources, and condition keys for AWS Elastic Load Balancing V2"',
  },
  {
    roles: ["auto-credentials", "auto-logging", "investigate"],
    actions: ["dynamodb:Query", "dynamodb:Scan"],
    types: ["index"],
    because: "neither table of the kit has an index",
    source:
      '"Query" (Amazon DynamoDB API reference): IndexName is optional; stacks cases and sweep define none',
  },
  {
    roles: ["contain"],
    actions: ["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress"],
    types: ["security-group-rule"],
    because: "rules are added to a group without tags of their own",
    source:
      '"Amazon EC2: Allows managing EC2 security groups that have a specific tag key-value pair" (IAM user guide): ' +
      "AWS's own policy allows both on groups alone, and names rules for ModifySecurityGroupRules only",
  },
  {
    roles: ["auto-logging"],
    actions: ["ec2:CreateFlowLogs"],
    types: ["natgateway", "network-interface", "subnet", "transit-gateway", "transit-gateway-attachment"],
    because: "the sweep logs whole VPCs",
    source: '"CreateFlowLogs" (Amazon EC2 API reference): ResourceType says what is logged',
  },
  {
    roles: ["contain", "evidence"],
    actions: ["ec2:ModifyInstanceAttribute"],
    types: ["security-group"],
    because: "the statement allows attributes by name, none of which is the list of groups",
    source:
      '"ModifyInstanceAttribute" (Amazon EC2 API reference): one attribute in a call; GroupId is another one',
  },
  {
    roles: ["evidence", "recover"],
    actions: ["ec2:RunInstances"],
    types: [
      "capacity-reservation",
      "elastic-gpu",
      "elastic-inference",
      "group",
      "key-pair",
      "license-configuration",
      "placement-group",
      "secondary-interface",
      "secondary-subnet",
      "snapshot",
      "spot-instances-request",
    ],
    because: "machines are launched from an image without any of these",
    source: '"Launch instances (RunInstances)" in "Example policies to control access the Amazon EC2 API"',
  },
  {
    roles: ["recover"],
    actions: ["ec2:RunInstances"],
    types: ["launch-template"],
    because:
      "a machine is made again from its image and its settings; analysts' machines alone come by templates",
    source:
      '"Launch instances (RunInstances)" in "Example policies to control access the Amazon EC2 API": a template is ' +
      "named where one is used",
  },
  {
    roles: ["auto-logging", "forwarder"],
    actions: ["events:PutEvents"],
    types: ["event-busv2"],
    because: "events go to buses that stand under a name",
    source: '"PutEvents" (Amazon EventBridge API reference): EventBusName is a name or the ARN of a bus',
  },
  {
    roles: ["investigate"],
    actions: ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
    types: ["catalog"],
    because:
      "the tables of the logs stand in the account's own catalog, which the reference calls rootcatalog",
    source: '"Specifying AWS Glue resource ARNs": the catalog of an account has no name in its ARN',
  },
  {
    roles: ["auto-logging", "auto-sweep", "custody", "evidence", "forensic-analysis", "investigate"],
    actions: [
      "s3:AbortMultipartUpload",
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:PutObject",
      "s3:GetBucketLocation",
      "s3:ListBucket",
      "s3:ListBucketVersions",
    ],
    types: ["accesspoint", "accesspointobject"],
    because: "the kit's buckets are called by their names, and have no access point",
    source: '"Configuring IAM policies for using access points": asked about only by way of one',
  },
  {
    roles: ["evidence"],
    actions: ["ssm:SendCommand"],
    types: ["bucket", "managed-instance"],
    because: "machines are EC2 instances, and the output of a command is not sent to a bucket",
    source: '"SendCommand" (AWS Systems Manager API reference): OutputS3BucketName is optional',
  },
  {
    roles: ["evidence"],
    actions: ["ssm:StartSession"],
    types: ["managed-instance", "task"],
    because: "sessions are opened on EC2 instances of the forensics account",
    source: '"StartSession" (AWS Systems Manager API reference): one Target, of one of three kinds',
  },
  {
    roles: ["forensic-analysis"],
    actions: ["ssm:UpdateInstanceInformation"],
    types: ["managed-instance"],
    because: "the agent of an EC2 instance reports as that instance",
    source: '"Setting up Systems Manager for EC2 instances": mi- identifiers belong to other machines',
  },
];
