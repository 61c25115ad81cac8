import { inAnyRegion, roleArn } from "../../landscape/arns";
import { sessionLogArn } from "../../landscape/evidence-arns";
import { sessionDocumentName } from "../../landscape/forensic-names";
import { publicImages } from "../../landscape/public-images";
import { kitTag } from "../../landscape/tasks";
import { lookNeeds } from "../../runtime/steps/open-analysis/needs";
import { actionsOf, ofTheCase, type Permission, type Place, requestedForTheCase } from "./task";

/**
 * Opening a machine on which evidence is looked at, in the forensics account: as the kit's templates say, with copies
 * of what the case has preserved, by the kit's session document. Ending it deletes those copies, never the evidence.
 */
export const analysis = (place: Place): Permission[] => [
  ...launch(place),
  ...workingCopies(place),
  ...sessions(place),
];

/** Resources that a template names, and no others. Source: "Control access to Amazon EC2 launch templates". */
const launch = ({ landscape, account }: Place): Permission[] => {
  const templates = inAnyRegion(landscape, "ec2", account, "launch-template/*");
  return [
    {
      id: "SeeAnalysis",
      because:
        "what there is of the case already, and how far it has come; and a session's channel, which no resource " +
        "stands for and only the session's own token opens",
      actions: [...actionsOf(lookNeeds), "kms:DescribeKey", "ssmmessages:OpenDataChannel"],
      resources: ["*"],
    },
    {
      id: "LaunchByKitsTemplates",
      because: "machines of analysts reach nothing, and only the kit's templates make them so",
      actions: ["ec2:RunInstances"],
      resources: templates,
      conditions: { StringEquals: { [`aws:ResourceTag/${kitTag}`]: "true" } },
    },
    {
      id: "LaunchNothingElse",
      because: "image, network and groups are the template's, whatever a request says",
      actions: ["ec2:RunInstances"],
      resources: [
        // EC2 leaves the account out of an image's ARN.
        ...inAnyRegion(landscape, "ec2", "", "image/*"),
        ...inAnyRegion(
          landscape,
          "ec2",
          account,
          "instance/*",
          "network-interface/*",
          "security-group/*",
          "subnet/*",
          "volume/*",
        ),
      ],
      conditions: {
        ArnLike: { "ec2:LaunchTemplate": templates },
        Bool: { "ec2:IsLaunchTemplateResource": "true" },
      },
    },
    {
      id: "ReadImageNames",
      because: "templates name the newest image by a parameter, which is read for whoever launches",
      actions: ["ssm:GetParameters"],
      resources: imageParameters({ landscape, account }),
    },
    {
      id: "PassAnalysisRole",
      because: "EC2 wants the role passed that is in the template's profile, and it is this one alone",
      actions: ["iam:PassRole"],
      resources: [roleArn(landscape, "forensic-analysis", account)],
      conditions: { StringEquals: { "iam:PassedToService": `ec2.${landscape.partition.dnsSuffix}` } },
    },
    {
      id: "TagAnalysis",
      because: "what is made is of the case from its first moment, and so in nobody's hands but responders'",
      actions: ["ec2:CreateTags"],
      resources: [
        ...inAnyRegion(landscape, "ec2", "", "snapshot/*"),
        ...inAnyRegion(landscape, "ec2", account, "instance/*", "network-interface/*", "volume/*"),
      ],
      conditions: {
        StringEquals: {
          "ec2:CreateAction": ["CopySnapshot", "CreateVolume", "RunInstances"],
          ...requestedForTheCase,
        },
      },
    },
  ];
};

const imageParameters = ({ landscape, account }: Place): string[] => {
  const golden = landscape.forensics?.machines.recovery?.image;
  return [
    ...inAnyRegion(landscape, "ssm", "", `parameter${publicImages}*`),
    ...(golden === undefined ? [] : inAnyRegion(landscape, "ssm", account, `parameter${golden}`)),
  ];
};

const workingCopies = ({ landscape, account }: Place): Permission[] => [
  {
    id: "CopyOfEvidence",
    because: "only snapshots of the case become volumes",
    actions: ["ec2:CreateVolume"],
    resources: inAnyRegion(landscape, "ec2", "", "snapshot/*"),
    conditions: ofTheCase,
  },
  {
    id: "WorkingVolume",
    because: "a working copy belongs to the case from its first moment",
    actions: ["ec2:CreateVolume"],
    resources: inAnyRegion(landscape, "ec2", account, "volume/*"),
    conditions: { StringEquals: requestedForTheCase },
  },
  {
    id: "AttachAndEnd",
    because:
      "working copies to machines, of one case and launched or made by the kit; both cost money, and go when the " +
      "analysis is over, while the snapshots stay",
    actions: ["ec2:AttachVolume", "ec2:DeleteVolume", "ec2:TerminateInstances"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*", "volume/*"),
    conditions: {
      StringEquals: { ...ofTheCase.StringEquals, [`aws:ResourceTag/${kitTag}`]: "true" },
    },
  },
];

/** Source: "Enforce a session document permission check for the AWS CLI" (AWS Systems Manager user guide). */
const sessions = ({ landscape, account }: Place): Permission[] => {
  const checked = { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } };
  return [
    {
      id: "OpenMachine",
      because: "a shell on machines of the case, and on no other",
      actions: ["ssm:StartSession"],
      resources: inAnyRegion(landscape, "ec2", account, "instance/*"),
      conditions: { StringEquals: ofTheCase.StringEquals ?? {}, ...checked },
    },
    {
      id: "OpenByKitsDocument",
      because: "sessions are logged and encrypted, since only the document by which they are begins them",
      actions: ["ssm:StartSession"],
      resources: inAnyRegion(landscape, "ssm", account, `document/${sessionDocumentName(landscape)}`),
      conditions: checked,
    },
    {
      id: "OwnSessions",
      because: "a session that broke off is taken up again or ended by whoever began it",
      actions: ["ssm:ResumeSession", "ssm:TerminateSession"],
      resources: inAnyRegion(landscape, "ssm", account, "session/${aws:userid}-*"),
    },
    {
      id: "ReadStart",
      because: "evidence is attached once the machine has said that it writes to no disk but its own",
      actions: ["logs:GetLogEvents"],
      resources: [`${sessionLogArn(landscape)}:log-stream:*/start`],
    },
  ];
};
