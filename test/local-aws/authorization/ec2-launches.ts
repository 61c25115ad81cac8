import type { TemplateLaunch } from "../launches";
import { arnOf, createTags, keysOfVolumes, type Part, profileNamed, sharedArn } from "./ec2-resources";
import { type Lookup, parameter, tagged } from "./request";

/**
 * A launch by a template. What the template names and the request does not is a resource of the template; profile, image
 * by a parameter, tags and keys are asked for beside. Sources: "Control access to Amazon EC2 launch templates", "Use a
 * Systems Manager parameter instead of an AMI ID" (Amazon EC2 user guide).
 */
export async function launchParts(lookup: Lookup, launch: TemplateLaunch): Promise<Part[]> {
  const { call } = lookup;
  const { data, templateId, templateTags, imageParameter, tags } = launch;
  const template = arnOf(lookup, `launch-template/${templateId}`);
  const given = (...names: string[]) =>
    Object.keys(call.parameters).some((key) => names.some((name) => key.startsWith(name)));
  const ofTemplate = (...overriding: string[]) => ({
    "ec2:LaunchTemplate": template,
    "ec2:IsLaunchTemplateResource": given(...overriding) ? "false" : "true",
  });
  const image = `image/${parameter(call, "ImageId") ?? launch.image}`;
  const [nic] = data.NetworkInterfaces ?? [];
  const network = ["NetworkInterface.", "SubnetId", "SecurityGroupId."];
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["instance/new", []],
    ["network-interface/new", network],
    ["volume/new", ["BlockDeviceMapping."]],
    [`subnet/${parameter(call, "SubnetId") ?? nic?.SubnetId}`, network],
    [`security-group/${parameter(call, "SecurityGroupId.1") ?? nic?.Groups?.[0]}`, network],
  ];
  return [
    { resource: template, context: { ...tagged([...templateTags]), ...ofTemplate() } },
    { resource: sharedArn(lookup, image), context: ofTemplate("ImageId") },
    ...parts.map(([resource, overriding]) => ({
      resource: arnOf(lookup, resource),
      context: ofTemplate(...overriding),
    })),
    ...(imageParameter === undefined
      ? []
      : [
          {
            action: "ssm:GetParameters",
            resource: parameterArn(lookup, imageParameter),
            context: {},
          },
        ]),
    ...(data.IamInstanceProfile?.Name === undefined
      ? []
      : [(await profileNamed(lookup, data.IamInstanceProfile.Name)).passing]),
    ...createTags(lookup, tags),
    ...(await keysOfVolumes(
      lookup,
      (data.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.KmsKeyId ?? []),
    )),
  ];
}

/** Public parameters belong to AWS, and have no account in their ARN. */
const parameterArn = ({ call, account }: Lookup, name: string): string =>
  `arn:aws:ssm:${call.region}:${name.startsWith("/aws/") ? "" : account}:parameter${name}`;
