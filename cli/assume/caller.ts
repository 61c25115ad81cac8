import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Landscape } from "../../landscape";
import { mfaDeviceArn, samlDoorRoleArn } from "../../landscape/arns";
import { accountId, iamPath } from "../../landscape/names";
import { Refused } from "../errors";

/** Who stands at the door. */
export interface DoorCaller {
  readonly arn: string;
  readonly account: string;
  /** Name for the session. */
  readonly name: string;
  /** Passed where the door binds it to the caller; where the provider has set it already, it goes on by itself. */
  readonly sourceIdentity?: string;
  /** ARN of the user's MFA device, where the door wants a code in the call. */
  readonly mfaSerial?: string;
}

/**
 * Tells by the credentials at hand through which door their owner comes.
 *
 * @throws Refused where no door of the landscape is for such credentials
 */
export async function callerAtDoor(sts: STSClient, landscape: Landscape): Promise<DoorCaller> {
  const { Arn: arn = "", Account: account = "" } = await sts.send(new GetCallerIdentityCommand({}));
  const resource = arn.slice(arn.indexOf(`${account}:`) + account.length + 1);
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  if (resource.startsWith(`user${iamPath(landscape)}`)) {
    return {
      arn,
      account,
      name,
      sourceIdentity: name,
      mfaSerial: mfaDeviceArn(landscape, account, name),
    };
  }
  if (resource.startsWith("assumed-role/AWSReservedSSO_ir-"))
    return { arn, account, name, sourceIdentity: name };
  const samlRole = samlDoorRoleArn(landscape, accountId(landscape.hub));
  if (resource.startsWith(`assumed-role/${samlRole.slice(samlRole.lastIndexOf("/") + 1)}/`)) {
    return { arn, account, name };
  }
  const doors = (landscape.access?.doors ?? []).map(({ type }) => type);
  throw new Refused(
    `these credentials are of ${arn}, who stands at no door of the landscape (${doors.join(", ")}). ` +
      "Use those of an ir-… permission set, of the SAML door's role, or of a user that the landscape lists.",
  );
}
