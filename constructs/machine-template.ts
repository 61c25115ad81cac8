import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Construct } from "constructs";

export interface MachineTemplateProps {
  readonly name: string;
  readonly description: string;
  /** Absent where whoever launches names the image: a copy of a suspicious machine is its own. */
  readonly image?: string;
  readonly instanceType: string;
  /** Absent where a machine must call AWS as nobody. */
  readonly profile?: string;
  readonly subnetId: string;
  readonly groupId: string;
  /** Device of the machine's own disk; absent where the image's snapshots are under the key already. */
  readonly rootDevice?: string;
  readonly keyArn: string;
  /** Text, before it is encoded. */
  readonly userData?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Seconds after which connections that say nothing are forgotten: the least there is. Source: ConnectionTrackingSpecificationRequest. */
const shortest = { tcpEstablishedTimeout: 60, udpStreamTimeout: 60, udpTimeout: 30 } as const;

/**
 * How a machine is launched in the forensics account: it takes credentials by IMDSv2 from one hop only, has no key pair
 * and no public address, lies under the evidence key, and is gone when it is shut down.
 */
export class MachineTemplate extends Construct {
  constructor(scope: Construct, id: string, props: MachineTemplateProps) {
    super(scope, id);
    const { name, description, image, instanceType, profile, rootDevice, keyArn, userData, tags } = props;
    new LaunchTemplate(this, "template", {
      name,
      description,
      ...(image !== undefined && { imageId: image }),
      instanceType,
      updateDefaultVersion: true,
      instanceInitiatedShutdownBehavior: "terminate",
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      ...(profile !== undefined && { iamInstanceProfile: { name: profile } }),
      networkInterfaces: [
        {
          deviceIndex: 0,
          subnetId: props.subnetId,
          securityGroups: [props.groupId],
          associatePublicIpAddress: "false",
          deleteOnTermination: "true",
          connectionTrackingSpecification: shortest,
        },
      ],
      ...(rootDevice !== undefined && {
        blockDeviceMappings: [
          {
            deviceName: rootDevice,
            ebs: { encrypted: "true", kmsKeyId: keyArn, volumeType: "gp3", deleteOnTermination: "true" },
          },
        ],
      }),
      ...(userData !== undefined && { userData: Buffer.from(userData).toString("base64") }),
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags,
      })),
    });
  }
}
