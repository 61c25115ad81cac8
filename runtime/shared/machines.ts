import { NotPossible } from "./errors";
import type { AccountClients, MachineClients } from "./setting";

/** An instance where it is. Source of the ARN: "Resource types defined by Amazon EC2" (service authorization reference). */
// A type, not an interface: only that has the index signature of JSON.
export type Machine = { readonly account: string; readonly region: string; readonly instance: string };

export const machineArn = (partition: string, { account, region, instance }: Machine): string =>
  `arn:${partition}:ec2:${region}:${account}:instance/${instance}`;

/** @throws NotPossible where whoever runs the step has nothing to do with machines */
export function machinesOf({ machines }: AccountClients, region: string): MachineClients {
  if (machines) return machines(region);
  throw new NotPossible("machines are preserved by responders only: npx ir-kit respond preserve");
}
