import { WrongUse } from "../errors";
import { ask } from "../prompt";
import type { DoorCaller } from "./caller";

export interface MfaOptions {
  readonly mfaCode?: string;
  readonly mfaSerial?: string;
}

/** Device and code where the door wants them in the call; asks for the code where none is given. */
export async function mfaOf(caller: DoorCaller, { mfaCode, mfaSerial }: MfaOptions) {
  const device = mfaSerial ?? caller.mfaSerial;
  if (device === undefined) return {};
  const code =
    mfaCode ?? (await ask(`MFA code of ${device}: `, "no MFA code is given: --mfa-code <six digits>"));
  if (!/^\d{6}$/.test(code)) throw new WrongUse(`an MFA code has six digits`);
  return { device: { mfaSerial: device }, code: { mfaCode: code } };
}
