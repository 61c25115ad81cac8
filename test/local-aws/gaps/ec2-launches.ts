import type { FrontContext } from "../front";
import { type TemplateLaunch, templateLaunch } from "../launches";
import { type AwsAnswer, type AwsCall, errorAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

interface Launched {
  readonly request: string;
  readonly answer: AwsAnswer;
}

export const ec2LaunchByTemplate: Gap = {
  id: "ec2-launch-by-template",
  kind: "completed",
  resources: ["ec2:RunInstances"],
  because:
    "of a launch template the emulator leaves out network, profile, metadata options and images that a parameter names, " +
    "and it takes a client token for nothing",
  concerns: (call) =>
    isCall("ec2", "RunInstances")(call) &&
    Object.keys(call.parameters).some((name) => name.startsWith("LaunchTemplate.")),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const launch = await templateLaunch(call, account, context);
    if (!launch) {
      return errorAnswer(
        call,
        400,
        "InvalidLaunchTemplateName.NotFoundException",
        "At least one of the launch templates specified in the request does not exist.",
      );
    }
    return onceByToken(call, account, context, () => run(call, launch, context));
  },
};

/** Source: "Ensuring idempotency in Amazon EC2 API requests". */
async function onceByToken(
  call: AwsCall,
  account: string,
  { memory }: FrontContext,
  work: () => Promise<AwsAnswer>,
): Promise<AwsAnswer> {
  const token = call.parameters.ClientToken;
  if (token === undefined) return work();
  const known = memory("launches-by-token", () => new Map<string, Launched>());
  const key = `${account} ${call.region} ${String(token)}`;
  const request = JSON.stringify(Object.entries(call.parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
  const earlier = known.get(key);
  if (earlier && earlier.request !== request) {
    return errorAnswer(call, 400, "IdempotentParameterMismatch", "The token was used with other parameters.");
  }
  const answer = earlier?.answer ?? (await work());
  if (answer.status === 200) known.set(key, { request, answer });
  return answer;
}

async function run(call: AwsCall, { data, image, tags }: TemplateLaunch, context: FrontContext) {
  const body = new URLSearchParams(call.body.toString());
  for (const name of [...body.keys()]) {
    if (name.startsWith("LaunchTemplate.") || name.startsWith("TagSpecification.")) body.delete(name);
  }
  const [nic] = data.NetworkInterfaces ?? [];
  const filled: Readonly<Record<string, string | undefined>> = {
    ImageId: image,
    InstanceType: data.InstanceType,
    SubnetId: nic?.SubnetId,
    "SecurityGroupId.1": nic?.Groups?.[0],
    UserData: data.UserData,
    InstanceInitiatedShutdownBehavior: data.InstanceInitiatedShutdownBehavior,
    "IamInstanceProfile.Name": data.IamInstanceProfile?.Name,
    "MetadataOptions.HttpTokens": data.MetadataOptions?.HttpTokens,
    "MetadataOptions.HttpPutResponseHopLimit": data.MetadataOptions?.HttpPutResponseHopLimit?.toString(),
    ...Object.fromEntries(
      (data.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }, index) => {
        const prefix = `BlockDeviceMapping.${index + 1}`;
        return [
          [`${prefix}.DeviceName`, DeviceName],
          // The image says how large it is, which the emulator's don't.
          [`${prefix}.Ebs.VolumeSize`, "8"],
          [`${prefix}.Ebs.Encrypted`, Ebs?.Encrypted?.toString()],
          [`${prefix}.Ebs.KmsKeyId`, Ebs?.KmsKeyId],
          [`${prefix}.Ebs.DeleteOnTermination`, Ebs?.DeleteOnTermination?.toString()],
        ];
      }),
    ),
  };
  for (const [name, value] of Object.entries(filled)) {
    if (value !== undefined && !body.has(name)) body.set(name, value);
  }
  Object.entries(tags).forEach(([type, ofType], specification) => {
    const prefix = `TagSpecification.${specification + 1}`;
    body.set(`${prefix}.ResourceType`, type);
    Object.entries(ofType).forEach(([key, value], index) => {
      body.set(`${prefix}.Tag.${index + 1}.Key`, key);
      body.set(`${prefix}.Tag.${index + 1}.Value`, value);
    });
  });
  return context.forward({ ...call, body: Buffer.from(body.toString()) });
}
