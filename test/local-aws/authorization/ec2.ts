import {
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
} from "@aws-sdk/client-ec2";
import { sourceOf } from "../gaps/ec2-snapshots";
import { requestedTags, templateLaunch } from "../launches";
import { attachedParts } from "./ec2-attached";
import { launchParts } from "./ec2-launches";
import {
  arnOf,
  createTags,
  each,
  keysOfVolumes,
  keyUsedByEbs,
  type Part,
  profileNamed,
  requestTags,
  sharedArn,
  tagsOf,
} from "./ec2-resources";
import { type IamRequest, type Lookup, parameter, parameterList, type RequestsOf, request } from "./request";

/** Requests of EC2's calls. Source: "Actions, resources, and condition keys for Amazon EC2". */
export const ec2Requests: RequestsOf = async (lookup) => {
  const { call } = lookup;
  const action = `ec2:${call.operation}`;
  if (ofAccount.test(call.operation) && !ofOne.test(call.operation)) return [request(action)];
  if (call.operation === "CreateFlowLogs") return flowLogRequests(lookup);
  const found = await (operations[call.operation] ?? general)(lookup);
  if (!found) return [];
  return [...found, ...(await attachedParts(lookup, action, found))].map(
    ({ resource, context, ...other }) => ({
      ...request(action, resource, context),
      ...other,
    }),
  );
};

/** Lists, and settings of an account and region, which are limited to no resource. */
const ofAccount = /^(Describe|(Get|Enable)(EbsEncryptionByDefault|SnapshotBlockPublicAccess))/;

/** Readings that are limited to what is read. */
const ofOne = /^Describe(Instance|Snapshot)Attribute$/;

/** Source: "Publish flow logs to Amazon S3" (Amazon VPC user guide): a delivery of CloudWatch Logs is made on the way. */
function flowLogRequests({ call, account }: Lookup): IamRequest[] {
  const arn = (resource: string) => `arn:aws:ec2:${call.region}:${account}:${resource}`;
  const tagged = Object.keys(call.parameters).some((name) => name.startsWith("TagSpecification"));
  return [
    ...parameterList(call, "ResourceId").map((vpc) => request("ec2:CreateFlowLogs", arn(`vpc/${vpc}`))),
    request("ec2:CreateFlowLogs", arn("vpc-flow-log/any")),
    request("logs:CreateLogDelivery"),
    request("logs:DeleteLogDelivery"),
    ...(tagged
      ? [request("ec2:CreateTags", arn("vpc-flow-log/any"), { "ec2:CreateAction": "CreateFlowLogs" })]
      : []),
  ];
}

const operations: Readonly<Record<string, (lookup: Lookup) => Promise<Part[]>>> = {
  ModifyNetworkInterfaceAttribute: (lookup) =>
    each(lookup, [
      `network-interface/${parameter(lookup.call, "NetworkInterfaceId")}`,
      ...parameterList(lookup.call, "SecurityGroupId").map((id) => `security-group/${id}`),
    ]),
  RevokeSecurityGroupIngress: (lookup) => one(lookup, "security-group", "GroupId"),
  RevokeSecurityGroupEgress: (lookup) => one(lookup, "security-group", "GroupId"),
  CreateNetworkAclEntry: (lookup) => one(lookup, "network-acl", "NetworkAclId"),
  DeleteNetworkAclEntry: (lookup) => one(lookup, "network-acl", "NetworkAclId"),
  DisassociateAddress: async (lookup) => {
    const { Addresses = [] } = await lookup.context.accounts
      .ec2(lookup.account, lookup.call.region)
      .send(new DescribeAddressesCommand({}));
    const address = Addresses.find(
      ({ AssociationId }) => AssociationId === parameter(lookup.call, "AssociationId"),
    );
    return each(lookup, [
      `elastic-ip/${address?.AllocationId}`,
      ...(address?.NetworkInterfaceId === undefined
        ? []
        : [`network-interface/${address.NetworkInterfaceId}`]),
    ]);
  },
  AssociateAddress: (lookup) =>
    each(lookup, [
      `elastic-ip/${parameter(lookup.call, "AllocationId")}`,
      ...(parameter(lookup.call, "InstanceId") === undefined
        ? [`network-interface/${parameter(lookup.call, "NetworkInterfaceId")}`]
        : [`instance/${parameter(lookup.call, "InstanceId")}`]),
    ]),
  AssociateIamInstanceProfile: (lookup) =>
    profile(lookup, parameter(lookup.call, "InstanceId") ?? "", "IamInstanceProfile"),
  ReplaceIamInstanceProfileAssociation: async (lookup) => {
    const { IamInstanceProfileAssociations: [association] = [] } = await lookup.context.accounts
      .ec2(lookup.account, lookup.call.region)
      .send(
        new DescribeIamInstanceProfileAssociationsCommand({
          AssociationIds: [parameter(lookup.call, "AssociationId") ?? ""],
        }),
      );
    return profile(lookup, association?.InstanceId ?? "", "IamInstanceProfile");
  },
  ModifyInstanceAttribute: async (lookup) => {
    const [part] = await one(lookup, "instance", "InstanceId");
    const attributes = [
      "DisableApiTermination",
      "InstanceInitiatedShutdownBehavior",
      "BlockDeviceMapping",
      "UserData",
    ];
    const attribute = attributes.find((name) =>
      Object.keys(lookup.call.parameters).some((key) => key.startsWith(name)),
    );
    if (!part) return [];
    const context = { ...part.context, ...(attribute !== undefined && { "ec2:Attribute": attribute }) };
    const volumes =
      attribute === "BlockDeviceMapping"
        ? await volumesOf(lookup, parameter(lookup.call, "InstanceId") ?? "")
        : [];
    return [{ ...part, context }, ...(await each(lookup, volumes))];
  },
  CreateSnapshot: async (lookup) => [
    ...(await one(lookup, "volume", "VolumeId")),
    newSnapshot(lookup),
    ...taggedAtCreation(lookup),
  ],
  CreateSnapshots: async (lookup) => {
    const id = parameter(lookup.call, "InstanceSpecification.InstanceId") ?? "";
    const volumes = await volumesOf(lookup, id);
    return [
      ...(await each(lookup, [`instance/${id}`, ...volumes])),
      newSnapshot(lookup),
      ...taggedAtCreation(lookup),
    ];
  },
  CopySnapshot: async (lookup) => [
    newSnapshot(lookup),
    ...taggedAtCreation(lookup),
    ...(await keysOfCopy(lookup)),
  ],
  ModifySnapshotAttribute: async (lookup) => {
    const added = Object.entries(lookup.call.parameters)
      .filter(([key]) => /^CreateVolumePermission\.Add\.\d+\.UserId$/.test(key))
      .map(([, value]) => String(value));
    return [
      {
        resource: sharedArn(lookup, `snapshot/${parameter(lookup.call, "SnapshotId")}`),
        context: { "ec2:Add/userId": added[0] ?? "" },
      },
    ];
  },
  DescribeInstanceAttribute: (lookup) => one(lookup, "instance", "InstanceId"),
  DescribeSnapshotAttribute: async (lookup) => [
    { resource: sharedArn(lookup, `snapshot/${parameter(lookup.call, "SnapshotId")}`), context: {} },
  ],
  CreateSecurityGroup: async (lookup) => {
    const tags = requestedTags(lookup.call.parameters);
    return [
      { resource: arnOf(lookup, "security-group/new"), context: requestTags(tags["security-group"]) },
      ...(await one(lookup, "vpc", "VpcId")),
      ...createTags(lookup, tags),
    ];
  },
  CreateVolume: async (lookup) => {
    const tags = requestedTags(lookup.call.parameters);
    const snapshot = parameter(lookup.call, "SnapshotId");
    return [
      { resource: arnOf(lookup, "volume/new"), context: requestTags(tags.volume) },
      ...(snapshot === undefined
        ? []
        : [
            {
              resource: sharedArn(lookup, `snapshot/${snapshot}`),
              context: await tagsOf(lookup, `snapshot/${snapshot}`),
            },
          ]),
      ...createTags(lookup, tags),
      ...(await keysOfVolumes(lookup, [parameter(lookup.call, "KmsKeyId")])),
    ];
  },
  AttachVolume: async (lookup) => {
    const volume = parameter(lookup.call, "VolumeId") ?? "";
    const { Volumes: [found] = [] } = await lookup.context.accounts
      .ec2(lookup.account, lookup.call.region)
      .send(new DescribeVolumesCommand({ VolumeIds: [volume] }))
      .catch(() => ({ Volumes: [] }));
    return [
      ...(await each(lookup, [`instance/${parameter(lookup.call, "InstanceId")}`, `volume/${volume}`])),
      ...(await keyUsedByEbs(lookup, found?.KmsKeyId, ["kms:CreateGrant"])),
    ];
  },
  TerminateInstances: (lookup) =>
    each(
      lookup,
      parameterList(lookup.call, "InstanceId").map((id) => `instance/${id}`),
    ),
  GetConsoleOutput: (lookup) => one(lookup, "instance", "InstanceId"),
  GetConsoleScreenshot: (lookup) => one(lookup, "instance", "InstanceId"),
  CreateTags: (lookup) => tagging(lookup),
  DeleteTags: (lookup) => tagging(lookup),
  RunInstances: async (lookup) => {
    const launch = await templateLaunch(lookup.call, lookup.account, lookup.context);
    if (launch) return launchParts(lookup, launch);
    const image = `image/${parameter(lookup.call, "ImageId")}`;
    const tokens = parameter(lookup.call, "MetadataOptions.HttpTokens");
    return [
      {
        resource: sharedArn(lookup, image),
        context: { ...(await tagsOf(lookup, image)), "ec2:Public": "false" },
      },
      {
        resource: arnOf(lookup, "instance/new"),
        context: tokens === undefined ? {} : { "ec2:MetadataHttpTokens": tokens },
      },
      ...["network-interface/new", "volume/new", `subnet/${parameter(lookup.call, "SubnetId")}`].map(
        (resource) => ({
          resource: arnOf(lookup, resource),
          context: {},
        }),
      ),
      ...parameterList(lookup.call, "SecurityGroupId").map((id) => ({
        resource: arnOf(lookup, `security-group/${id}`),
        context: {},
      })),
    ];
  },
};

async function volumesOf({ context, account, call }: Lookup, instance: string): Promise<string[]> {
  const { Reservations = [] } = await context.accounts
    .ec2(account, call.region)
    .send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
  const mappings = Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
  return mappings.map(({ Ebs }) => `volume/${Ebs?.VolumeId}`);
}

/** By the first resource that a call names, where nothing more is known of it. */
async function general(lookup: Lookup): Promise<Part[]> {
  const named = [
    ["InstanceId.1", "instance"],
    ["InstanceId", "instance"],
    ["GroupId", "security-group"],
    ["VolumeId", "volume"],
    ["SubnetId", "subnet"],
    ["NetworkInterfaceId", "network-interface"],
    ["FlowLogId.1", "vpc-flow-log"],
    ["VpcId", "vpc"],
  ] as const;
  const found = named.find(([name]) => parameter(lookup.call, name) !== undefined);
  return found ? one(lookup, found[1], found[0]) : [];
}

const newSnapshot = (lookup: Lookup): Part => ({ resource: sharedArn(lookup, "snapshot/new"), context: {} });

/** Tags that a creation asks for are a request of their own. */
const taggedAtCreation = (lookup: Lookup): Part[] =>
  createTags(lookup, requestedTags(lookup.call.parameters));

/**
 * What EBS does with keys in the caller's name. Source: "Permissions required to use encrypted snapshots shared with you"
 * and "Amazon EBS encryption requirements" (Amazon EBS user guide).
 */
async function keysOfCopy(lookup: Lookup): Promise<Part[]> {
  const source = await sourceOf(lookup.call, lookup.account, lookup.context);
  return [
    ...(await keyUsedByEbs(lookup, source?.key, ["kms:Decrypt", "kms:ReEncryptFrom"])),
    ...(await keyUsedByEbs(lookup, parameter(lookup.call, "KmsKeyId"), [
      "kms:CreateGrant",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptTo",
    ])),
  ];
}

const one = (lookup: Lookup, type: string, name: string) =>
  each(lookup, [`${type}/${parameter(lookup.call, name)}`]);

async function tagging(lookup: Lookup): Promise<Part[]> {
  const types: Readonly<Record<string, string>> = {
    eipalloc: "elastic-ip",
    i: "instance",
    acl: "network-acl",
    eni: "network-interface",
    sg: "security-group",
    vol: "volume",
  };
  const keys = Object.entries(lookup.call.parameters)
    .filter(([name]) => /^Tag\.\d+\.Key$/.test(name))
    .map(([, value]) => String(value));
  const resources = parameterList(lookup.call, "ResourceId").map(
    (id) => `${types[id.slice(0, id.indexOf("-"))] ?? "unknown"}/${id}`,
  );
  const parts = await each(lookup, resources);
  return parts.map((part) => ({ ...part, context: { ...part.context, "aws:TagKeys": keys } }));
}

/** A profile is put on by whoever may pass its role. */
async function profile(lookup: Lookup, instance: string, name: string): Promise<Part[]> {
  const given = parameter(lookup.call, `${name}.Arn`) ?? parameter(lookup.call, `${name}.Name`) ?? "";
  const { arn, passing } = await profileNamed(lookup, given.slice(given.lastIndexOf("/") + 1));
  const [part] = await each(lookup, [`instance/${instance}`]);
  return [
    ...(part ? [{ ...part, context: { ...part.context, "ec2:NewInstanceProfile": arn } }] : []),
    passing,
  ];
}
