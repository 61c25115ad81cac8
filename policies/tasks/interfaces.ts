import { inAnyRegion } from "../../landscape/arns";
import type { Permission, Place } from "./task";

/**
 * Who changes an interface is asked about its subnet too, and about the instance that it is attached to. Source:
 * "Actions, resources, and condition keys for Amazon EC2".
 */
export const changeInSubnet = ({ landscape, account }: Place): Permission => ({
  id: "ChangeInSubnet",
  because: "EC2 asks about the subnet beside the interface; by itself it lets nobody change anything",
  actions: ["ec2:ModifyNetworkInterfaceAttribute"],
  resources: inAnyRegion(landscape, "ec2", account, "subnet/*"),
});
