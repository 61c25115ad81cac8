import {
  arn,
  ec2,
  except,
  type Forbidden,
  forbid,
  iam,
  instance,
  path,
  pmapper,
  prowler,
  rhino,
  shared,
  stranger,
  stratus,
} from "./model";

const document = arn("ssm", "document/acme-ir-acquire-memory");
const template = ec2("launch-template/lt-0123456789abcdef0");
const image = shared("ec2", "image/ami-0123456789abcdef0");
const group = (name: string) => arn("autoscaling", `autoScalingGroup:5f1c:autoScalingGroupName/${name}`);
const administrator = { "ec2:NewInstanceProfile": iam("instance-profile/Administrator") };

/** Commands: whoever runs one on an instance has the instance's role. */
const commands = forbid("all", [
  ["ssm:StartSession", instance, "a shell with the instance's role", path("ssm-001")],
  ["ssm:ResumeSession", arn("ssm", "session/payments-0abc"), "somebody else's shell"],
  // AWS evaluates its own documents with an empty account, which the simulator does not know.
  [
    "ssm:SendCommand",
    arn("ssm", "document/AWS-RunShellScript"),
    "any command, in the instance's role",
    path("ssm-002"),
  ],
  ["ssm:SendCommand", arn("ssm", "document/payments-patch"), "no document of the kit", path("ssm-002")],
  [
    "ssm:CreateDocument",
    arn("ssm", "document/backdoor"),
    "a document with commands of its own",
    path("ssm-003"),
  ],
  ["ssm:UpdateDocument", document, "rewrites a command of the kit"],
  ["ssm:UpdateDocumentDefaultVersion", document, "swaps a command of the kit"],
  ["ssm:ModifyDocumentPermission", document, "shows a command of the kit to strangers"],
  [
    "ssm:StartAutomationExecution",
    arn("ssm", "document/fix"),
    "a runbook acts in the role it is given",
    path("ssm-003"),
  ],
  ["ssm:CreateAssociation", instance, "runs a command again and again"],
  ["ssm:CreateActivation", "*", "a machine outside AWS becomes a managed one"],
  ["ssm:RegisterTaskWithMaintenanceWindow", arn("ssm", "maintenancewindow/mw-0abc"), "runs a command later"],
  ["ssm:UpdateManagedInstanceRole", arn("ssm", "managed-instance/mi-0abc"), "gives a machine another role"],
  [
    "ec2-instance-connect:SendSSHPublicKey",
    instance,
    "a shell with the instance's role",
    path("ec2instanceconnect-003"),
  ],
  [
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
    instance,
    "a shell by the serial console",
    stratus("lateral-movement.ec2-serial-console-send-ssh-public-key"),
  ],
  ["ec2:EnableSerialConsoleAccess", "*", "opens the serial console of every instance"],
  [
    "ec2:GetPasswordData",
    instance,
    "the password of Windows' administrator",
    stratus("credential-access.ec2-get-password-data"),
  ],
  ["ec2:ImportKeyPair", ec2("key-pair/backdoor"), "a key of one's own for instances to come"],
]);

/** Instances that start with code or a role of somebody's choice. */
const launches = forbid("all", [
  [
    "ec2:ModifyInstanceAttribute",
    instance,
    "user data runs as root at the next start",
    path("ec2-002"),
    { "ec2:Attribute": "UserData" },
  ],
  [
    "ec2:ModifyInstanceMetadataOptions",
    instance,
    "lets an open proxy hand out the role's credentials",
    { "ec2:MetadataHttpTokens": "optional" },
  ],
  ["ec2:ModifyInstanceMetadataDefaults", "*", "lets open proxies hand out roles' credentials"],
  [
    "ec2:RunInstances",
    shared("ec2", "image/ami-0badbadbadbadbad0"),
    "a stranger's image, for recovery too",
    rhino(3, "ec2-001"),
    { "ec2:Owner": stranger, "ec2:Public": "true" },
  ],
  [
    "ec2:RequestSpotInstances",
    ec2("spot-instances-request/sir-0abc"),
    "launches past the golden images",
    path("ec2-003"),
  ],
  ["ec2:RequestSpotFleet", ec2("spot-fleet-request/sfr-0abc"), "launches past the golden images"],
  ["ec2:CreateFleet", ec2("fleet/fleet-0abc"), "launches past the golden images"],
  ["ec2:CreateLaunchTemplate", ec2("launch-template/lt-0badbadbadbadbad0"), "code for instances to come"],
  ["ec2:CreateLaunchTemplateVersion", template, "code for instances to come", path("ec2-004")],
  ["ec2:ModifyLaunchTemplate", template, "makes such a version the default", path("ec2-004")],
  ["ec2:CreateTags", image, "calls an image golden", { "aws:RequestTag/acme-ir:golden": "true" }],
  ["ec2:ReplaceImageCriteriaInAllowedImagesSettings", "*", "allows strangers' images"],
  ["ec2:DisableAllowedImagesSettings", "*", "allows strangers' images"],
  [
    "autoscaling:CreateAutoScalingGroup",
    group("backdoor"),
    "launches with a profile of choice",
    pmapper("autoscaling_edges"),
  ],
  [
    "autoscaling:CreateLaunchConfiguration",
    arn("autoscaling", "launchConfiguration:5f1c:launchConfigurationName/backdoor"),
    "code and a profile for instances to come",
    pmapper("autoscaling_edges"),
  ],
  [
    "autoscaling:UpdateAutoScalingGroup",
    group("web"),
    "launches by another template",
    prowler("PassRole+UpdateAutoScaling"),
  ],
  ["autoscaling:DeleteAutoScalingGroup", group("web"), "destroys evidence and a workload"],
  ["autoscaling:StartInstanceRefresh", group("web"), "replaces instances that are evidence"],
  ["imagebuilder:CreateComponent", arn("imagebuilder", "component/x/1.0.0/1"), "code in golden images"],
  [
    "imagebuilder:CreateImageRecipe",
    arn("imagebuilder", "image-recipe/x/1.0.0"),
    "what golden images consist of",
  ],
  [
    "imagebuilder:CreateInfrastructureConfiguration",
    arn("imagebuilder", "infrastructure-configuration/backdoor"),
    "a profile of choice for builds",
    prowler("PassRole+ImageBuilderCreateComponent+CreateImage"),
  ],
  [
    "imagebuilder:CreateImage",
    arn("imagebuilder", "image/x/1.0.0/1"),
    "builds with a profile of choice",
    path("imagebuilder-001"),
  ],
  ["lightsail:GetInstanceAccessDetails", arn("lightsail", "Instance/8d2f"), "a key to a shell"],
  ["lightsail:DownloadDefaultKeyPair", "*", "the key of every Lightsail instance"],
]);

/** What recovery may have to do with the role of an instance, and with disks. */
const recovering = forbid(except("recover"), [
  ["ec2:RunInstances", instance, "launching is recovery's", rhino(3, "ec2-001")],
  ["ec2:StartInstances", instance, "runs what user data says", path("ec2-002")],
  ["ec2:TerminateInstances", instance, "destroys memory, disks and evidence"],
  ["ec2:AssociateIamInstanceProfile", instance, "gives an instance a role", administrator],
  ["ec2:ReplaceIamInstanceProfileAssociation", instance, "gives an instance a role", administrator],
  ["ec2:CreateReplaceRootVolumeTask", instance, "swaps a disk that is evidence"],
  ["ec2:CreateVolume", ec2("volume/vol-0badbadbadbadbad0"), "a disk to be read elsewhere"],
  ["ec2:AttachVolume", instance, "reads a disk on an instance of one's own"],
]);

export const computeForbidden: readonly Forbidden[] = [...commands, ...launches, ...recovering];
