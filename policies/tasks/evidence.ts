import { inAnyRegion } from "../../landscape/arns";
import {
  custodyFunctionArn,
  custodyTableArn,
  evidenceBucketsArn,
  forensicKeysArn,
} from "../../landscape/evidence-arns";
import { manifestsOf, piecesOf } from "../../landscape/evidence-prefixes";
import {
  accountId,
  custodyKeyAliasName,
  evidenceKeyAliasName,
  namePrefix,
  signingKeyAliasName,
} from "../../landscape/names";
import { caseTag } from "../../landscape/tasks";
import { lookNeeds } from "../../runtime/steps/preserve-instance/needs";
import { analysis } from "./analysis";
import { keepMachine } from "./keep-machine";
import { askForTags } from "./tagging";
import {
  actionsOf,
  ofTheCase,
  type Permission,
  type Place,
  requestedForTheCase,
  type Task,
  underAlias,
} from "./task";

/** Preserves what is there: snapshots, console output, collection by the kit's documents; deletes working copies only. */
export const evidence: Task = {
  name: "evidence",
  description: "Takes snapshots and collects evidence of what is tagged with the case. Deletes no evidence.",
  inMember: (place) => [
    see,
    ...keepMachine(place),
    ...snapshots(place),
    share(place),
    ...keys(place),
    ...machine(place),
    store(place),
  ],
  inForensics,
  inHub: (place) => [
    ...askForTags(place),
    // Where evidence has no account of its own, it lies in the hub's.
    ...(place.landscape.forensics && place.landscape.accounts.forensics === place.landscape.hub
      ? inForensics(place)
      : []),
  ],
};

/** Copies what members share, stores what was read of them, answers for both, and has analysts look at it. */
function inForensics(place: Place): Permission[] {
  return [
    copies(place),
    useKeys(place),
    ebsGrants(place, [forensicKeysArn(place.landscape)]),
    store(place),
    ...custody(place),
    ...analysis(place),
  ];
}

const see: Permission = {
  id: "See",
  because: "what there is to preserve, and how far a collection has come",
  actions: [
    ...actionsOf(lookNeeds),
    "kms:DescribeKey",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
    "ssm:DescribeInstanceInformation",
    "ssm:GetCommandInvocation",
    "ssm:ListCommandInvocations",
  ],
  resources: ["*"],
};

const snapshots = ({ landscape, account }: Place): Permission[] => [
  {
    id: "SnapshotSources",
    because: "volumes and databases of the case, and no others",
    actions: ["ec2:CreateSnapshot", "ec2:CreateSnapshots", "rds:CreateDBSnapshot"],
    resources: [
      ...inAnyRegion(landscape, "ec2", account, "instance/*", "volume/*"),
      ...inAnyRegion(landscape, "rds", account, "db:*"),
    ],
    conditions: ofTheCase,
  },
  {
    id: "SnapshotTargets",
    because: "the snapshots that come of it, which have no tag yet",
    actions: ["ec2:CopySnapshot", "ec2:CreateSnapshot", "ec2:CreateSnapshots", "rds:CreateDBSnapshot"],
    resources: [
      // EC2 leaves the account out of a snapshot's ARN.
      ...inAnyRegion(landscape, "ec2", "", "snapshot/*"),
      ...inAnyRegion(landscape, "rds", account, "snapshot:*"),
    ],
  },
  {
    id: "TagSnapshots",
    because: "a snapshot is of the case from its first moment, and so in nobody's hands but responders'",
    actions: ["ec2:CreateTags"],
    resources: inAnyRegion(landscape, "ec2", "", "snapshot/*"),
    conditions: {
      StringEquals: {
        "ec2:CreateAction": ["CopySnapshot", "CreateSnapshot", "CreateSnapshots"],
        ...requestedForTheCase,
      },
    },
  },
];

const copies = ({ landscape }: Place): Permission => ({
  id: "CopyWhatIsShared",
  because: "only a snapshot of its own is out of reach of the account that it comes from",
  actions: ["ec2:CopySnapshot"],
  resources: inAnyRegion(landscape, "ec2", "", "snapshot/*"),
});

/** A request that names a group too, such as `all`, has `ec2:Add/group` and is not allowed. */
const share = ({ landscape }: Place): Permission => ({
  id: "ShareWithForensicsOnly",
  because: "the forensics account copies the snapshot; nobody else gets it, and sharing is not taken back",
  actions: ["ec2:ModifySnapshotAttribute"],
  resources: inAnyRegion(landscape, "ec2", "", "snapshot/*"),
  conditions: {
    "ForAllValues:StringEquals": { "ec2:Add/userId": accountId(landscape.accounts.forensics) },
    Null: {
      "ec2:Add/userId": "false",
      "ec2:Add/group": "true",
      "ec2:Remove/group": "true",
      "ec2:Remove/userId": "true",
    },
  },
});

const viaEc2 = ({ landscape }: Place) => ({
  StringLike: { "kms:ViaService": `ec2.*.${landscape.partition.dnsSuffix}` },
});

const keys = (place: Place): Permission[] => [
  {
    id: "ReadEncryptedVolumes",
    because: "a snapshot under a key that can't be shared is copied under the evidence key",
    actions: ["kms:Decrypt", "kms:ReEncryptFrom"],
    resources: inAnyRegion(place.landscape, "kms", place.account, "key/*"),
    conditions: viaEc2(place),
  },
  encrypt(place),
  ebsGrants(place, [
    ...inAnyRegion(place.landscape, "kms", place.account, "key/*"),
    forensicKeysArn(place.landscape),
  ]),
];

/** Decrypt, since an upload in parts reads back what it has encrypted. */
const encrypting = [
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptTo",
] as const;

const encrypt = ({ landscape }: Place): Permission => ({
  id: "EncryptForForensics",
  because: "the copy, and what goes into the evidence bucket, is under the evidence key",
  actions: encrypting,
  resources: [forensicKeysArn(landscape)],
  conditions: underAlias(evidenceKeyAliasName(landscape)),
});

/** One statement for three keys, for want of room: which of these actions each key takes, and how, its policy says. */
const useKeys = ({ landscape }: Place): Permission => ({
  id: "UseKeys",
  because:
    "copies, files and sessions are under the evidence key, the table under custody's, which DynamoDB reads in the " +
    "caller's name; and signatures are checked by the key that KMS gives, not by one that comes with the evidence",
  actions: [...encrypting, "kms:GetPublicKey", "kms:ReEncryptFrom"],
  resources: [forensicKeysArn(landscape)],
  conditions: underAlias(
    [custodyKeyAliasName, evidenceKeyAliasName, signingKeyAliasName].map((alias) => alias(landscape)),
  ),
});

const ebsGrants = (place: Place, resources: readonly string[]): Permission => ({
  id: "LetEbsUseKeys",
  because: "EBS works on after the call has returned, and needs grants for it",
  actions: ["kms:CreateGrant"],
  resources,
  conditions: { ...viaEc2(place), Bool: { "kms:GrantIsForAWSResource": "true" } },
});

const machine = ({ landscape, account }: Place): Permission[] => [
  {
    id: "ReadConsole",
    because: "what the machine shows, before it is touched",
    actions: ["ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*"),
    conditions: ofTheCase,
  },
  {
    id: "CollectFromMachines",
    because: "memory and live state of machines of the case",
    actions: ["ssm:SendCommand"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*"),
    conditions: ofTheCase,
  },
  {
    id: "CollectByKitsDocuments",
    because: "only the kit's own documents run, whose text this role can't write",
    actions: ["ssm:SendCommand"],
    resources: inAnyRegion(landscape, "ssm", account, `document/${namePrefix(landscape)}-*`),
  },
];

const ownCase = `\${aws:PrincipalTag/${caseTag}}`;

const store = ({ landscape }: Place): Permission => ({
  id: "StoreEvidence",
  because: "what was collected goes below the prefix of the case, where the lock keeps it",
  actions: ["s3:AbortMultipartUpload", "s3:PutObject"],
  resources: [`${evidenceBucketsArn(landscape)}/${piecesOf(ownCase)}*`],
});

/** These the bucket, key and function let nobody do but the role of this name in the forensics account. */
const custody = ({ landscape }: Place): Permission[] => [
  {
    id: "ReadEvidence",
    because: "what is signed for is read before, and again whenever custody is verified",
    actions: ["s3:GetObject", "s3:GetObjectVersion"],
    resources: [piecesOf, manifestsOf].map((of) => `${evidenceBucketsArn(landscape)}/${of(ownCase)}*`),
  },
  {
    id: "ListEvidence",
    because: "what the case has, hidden and overwritten pieces too",
    actions: ["s3:ListBucket", "s3:ListBucketVersions"],
    resources: [evidenceBucketsArn(landscape)],
    conditions: { StringLike: { "s3:prefix": [`${piecesOf(ownCase)}*`, `${manifestsOf(ownCase)}*`] } },
  },
  {
    id: "HaveItSigned",
    because: "only the custodian signs, and looks at each piece before",
    actions: ["lambda:InvokeFunction"],
    resources: [custodyFunctionArn(landscape)],
  },
  {
    id: "KnowTheLast",
    because: "whether the newest manifests are there",
    actions: ["dynamodb:GetItem"],
    resources: [custodyTableArn(landscape)],
    conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ownCase } },
  },
];
