import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import type { KitStack } from "../constructs/kit-stack";
import { MachineTemplate, type MachineTemplateProps } from "../constructs/machine-template";
import { linuxUserData, type MachineSetting, windowsUserData } from "../constructs/user-data";
import { forensicAliasArn } from "../landscape/evidence-arns";
import { launchTemplateName, type MachineKind, sessionLogName } from "../landscape/forensic-names";
import type { Forensics } from "../landscape/model";
import { bucketName, evidenceKeyAliasName, roleName } from "../landscape/names";
import { publicImageParameters } from "../landscape/public-images";
import { kitTag } from "../landscape/tasks";

/** Where machines of a kind run. */
export interface Place {
  readonly subnetId: string;
  readonly groupId: string;
}

export interface MachinePlaces {
  readonly forensic: Place;
  readonly quarantine: Place;
}

/** Resolved at each launch, by who launches. */
const newest = (image: keyof typeof publicImageParameters): string =>
  `resolve:ssm:${publicImageParameters[image]}`;

/** How machines are launched in a region of the forensics account. */
export function machineTemplates(stack: KitStack, forensics: Forensics, places: MachinePlaces): void {
  const { landscape, region } = stack;
  const { machines } = forensics;
  const tools = forensics.tools.filter(({ memory }) => memory === undefined);
  mustBeOffered(stack, machines);
  const setting: MachineSetting = {
    region,
    toolsBucket: bucketName(landscape, "tools", region),
    tools,
    logGroup: sessionLogName(landscape),
  };
  const equipped = (platform: "linux" | "windows"): string => {
    const count = tools.filter((tool) => tool.platform === platform).length;
    return count === 0 ? "without tools: forensics.tools names none" : `tools: ${count}`;
  };
  const analyst = { ...places.forensic, profile: roleName(landscape, "forensic-analysis") };
  const linux = {
    ...analyst,
    description: `Looks at evidence on Amazon Linux 2023, ${equipped("linux")}`,
    rootDevice: "/dev/xvda",
    userData: linuxUserData(setting),
  };
  const create = (
    kind: MachineKind,
    props: Omit<MachineTemplateProps, "name" | "keyArn" | "tags">,
  ): MachineTemplate =>
    new MachineTemplate(stack, kind, {
      ...props,
      name: launchTemplateName(landscape, kind),
      keyArn: forensicAliasArn(landscape, region, evidenceKeyAliasName(landscape)),
      // What is launched carries the kit's tag: responders' other tasks leave it alone.
      tags: { Name: launchTemplateName(landscape, kind), [kitTag]: "true" },
    });
  create("forensic-linux-arm64", {
    ...linux,
    image: newest("linux-arm64"),
    instanceType: machines.linuxArm64,
  });
  create("forensic-linux-x86-64", {
    ...linux,
    image: newest("linux-x86-64"),
    instanceType: machines.linuxX86,
  });
  create("forensic-windows", {
    ...analyst,
    description: `Looks at evidence on Windows Server 2022, ${equipped("windows")}`,
    image: newest("windows"),
    instanceType: machines.windows,
    rootDevice: "/dev/sda1",
    userData: windowsUserData(setting),
  });
  create("quarantine-copy", {
    ...places.quarantine,
    description: "Runs a copy of a suspicious machine, which reaches nothing and calls AWS as nobody",
    instanceType: machines.quarantine,
  });
  if (machines.recovery) {
    create("recovery", {
      ...analyst,
      description: "Runs the golden image, to be compared and rebuilt from",
      image: `resolve:ssm:${machines.recovery.image}`,
      instanceType: machines.recovery.instanceType,
      rootDevice: machines.recovery.rootDevice,
    });
  }
}

/** Which types a region has changes, and only AWS knows: a plan asks, and says which one it is. */
function mustBeOffered(stack: KitStack, machines: Forensics["machines"]): void {
  const { recovery, ...others } = machines;
  const types = [...new Set([...Object.values(others), ...(recovery ? [recovery.instanceType] : [])])].sort();
  const wanted = `[${types.map((type) => JSON.stringify(type)).join(", ")}]`;
  new DataAwsEc2InstanceTypeOfferings(stack, "offered", {
    locationType: "region",
    filter: [{ name: "instance-type", values: types }],
    lifecycle: {
      postcondition: [
        {
          condition: `\${length(setsubtract(${wanted}, self.instance_types)) == 0}`,
          errorMessage: `${stack.region} does not offer \${join(", ", setsubtract(${wanted}, self.instance_types))}: choose others in forensics.machines of the landscape, or leave the region out of forensics.regions`,
        },
      ],
    },
  });
}
