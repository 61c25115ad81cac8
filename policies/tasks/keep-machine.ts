import { inAnyRegion } from "../../landscape/arns";
import { ofTheCase, type Permission, type Place } from "./task";

/** For whoever keeps evidence and for whoever isolates. */
export const keepMachine = ({ landscape, account }: Place): Permission[] => [
  {
    id: "KeepMachine",
    because: "termination protection, shutdown behaviour and volumes' fate, so that evidence is not lost",
    actions: ["ec2:ModifyInstanceAttribute"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*"),
    conditions: {
      StringEquals: {
        ...ofTheCase.StringEquals,
        // Any other attribute, user data above all, would run the responder's code as the machine's role.
        "ec2:Attribute": ["BlockDeviceMapping", "DisableApiTermination", "InstanceInitiatedShutdownBehavior"],
      },
    },
  },
  {
    id: "KeepVolumes",
    because: "a volume's fate is asked of the volume too, which knows no attributes",
    actions: ["ec2:ModifyInstanceAttribute"],
    resources: inAnyRegion(landscape, "ec2", account, "volume/*"),
    conditions: ofTheCase,
  },
];
