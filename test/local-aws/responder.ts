import { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand, type IAMClient } from "@aws-sdk/client-iam";
import type { Account, Landscape } from "../../landscape";
import { type Keys, newKey } from "./clients";

/**
 * What is done by hand on AWS (docs/operations.md): a key and an MFA device for a user of the doors, who then comes in
 * as a responder does.
 */
export async function equipResponder(iam: IAMClient, UserName: string): Promise<Keys> {
  const { VirtualMFADevice } = await iam.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }),
  );
  await iam.send(
    new EnableMFADeviceCommand({
      UserName,
      SerialNumber: VirtualMFADevice?.SerialNumber ?? "",
      AuthenticationCode1: "111111",
      AuthenticationCode2: "222222",
    }),
  );
  return newKey(iam, UserName);
}

/** The first emergency user of a landscape, and the account where it stands. */
export function firstEmergencyUser(landscape: Landscape): { account: Account; name: string } | undefined {
  const door = landscape.access?.doors.find(({ type }) => type === "emergency-users");
  if (door?.type !== "emergency-users" || !door.users[0]) return undefined;
  return { account: landscape.accounts[door.account], name: door.users[0].name };
}
