import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "ec2:DescribeInstances", because: "machines of the case" },
  { action: "ec2:DescribeVolumes", because: "working copies of its evidence" },
  { action: "ec2:TerminateInstances", because: "a machine costs money as long as it stands" },
  { action: "ec2:DeleteVolume", because: "so does a working copy; the snapshot it was made of stays" },
];
