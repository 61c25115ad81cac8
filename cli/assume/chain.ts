import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from "@aws-sdk/client-sts";
import type { Landscape } from "../../landscape";
import { roleArn } from "../../landscape/arns";
import { accountId } from "../../landscape/names";
import { caseTag, type TaskName } from "../../landscape/tasks";
import { Refused } from "../errors";
import type { DoorCaller } from "./caller";

/** Credentials of a role's session; `expiration` is UTC, ISO 8601. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: string;
}

export interface ChainRequest {
  readonly task: TaskName;
  /** Id of the account to be entered. */
  readonly account: string;
  readonly caseId: string;
  /** Code of the user's MFA device, where there is one. */
  readonly mfaCode?: string;
}

/** How AWS is spoken to with some credentials, or with those of the environment. */
export type StsFor = (credentials?: SessionCredentials) => STSClient;

export const stsIn =
  (region: string): StsFor =>
  (credentials) =>
    new STSClient({ region, ...(credentials && { credentials: forClient(credentials) }) });

/** Credentials as the SDK's clients want them. */
export const forClient = (credentials: SessionCredentials) => ({
  ...credentials,
  expiration: new Date(credentials.expiration),
});

/** A chain of roles gives an hour, whatever else is asked for. Source: "Methods to assume a role" (IAM user guide). */
const seconds = 3600;

/**
 * From the door into the hub's role of the task, and from there into the account's role of the same task. The hub's
 * own account has no second step.
 *
 * @throws Refused where AWS does not let the caller in, with what may be the reason
 */
export async function enter(
  stsFor: StsFor,
  landscape: Landscape,
  caller: DoorCaller,
  { task, account, caseId, mfaCode }: ChainRequest,
): Promise<SessionCredentials> {
  const hub = accountId(landscape.hub);
  const inHub = await enterHub(stsFor, landscape, caller, {
    task,
    caseId,
    ...(mfaCode !== undefined && { mfaCode }),
  });
  return account === hub ? inHub : enterSpoke(stsFor(inHub), landscape, caller, { task, account });
}

/** The hub's role of a task: from it several accounts can be entered with one MFA code. */
export function enterHub(
  stsFor: StsFor,
  landscape: Landscape,
  caller: DoorCaller,
  { task, caseId, mfaCode }: Omit<ChainRequest, "account">,
): Promise<SessionCredentials> {
  return assume(stsFor(), {
    RoleArn: roleArn(landscape, task, accountId(landscape.hub)),
    ...named(caller),
    DurationSeconds: seconds,
    Tags: [{ Key: caseTag, Value: caseId }],
    TransitiveTagKeys: [caseTag],
    ...(caller.mfaSerial !== undefined && { SerialNumber: caller.mfaSerial, TokenCode: mfaCode }),
  });
}

/** From the hub's role of a task into an account, as the role of the same task there. */
export const enterSpoke = (
  inHub: STSClient,
  landscape: Landscape,
  caller: DoorCaller,
  { task, account }: Pick<ChainRequest, "task" | "account">,
): Promise<SessionCredentials> =>
  assume(inHub, {
    RoleArn: roleArn(landscape, task, account),
    ...named(caller),
    DurationSeconds: seconds,
  });

const named = ({ name, sourceIdentity }: DoorCaller) => ({
  RoleSessionName: name,
  ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
});

async function assume(sts: STSClient, input: AssumeRoleCommandInput): Promise<SessionCredentials> {
  try {
    const { Credentials } = await sts.send(new AssumeRoleCommand(input));
    return {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
      expiration: (Credentials?.Expiration ?? new Date()).toISOString(),
    };
  } catch (error) {
    throw explained(error as Error, input);
  }
}

function explained(error: Error, { RoleArn, SerialNumber }: AssumeRoleCommandInput): Error {
  if (/ExpiredToken|RequestExpired/.test(error.name)) {
    return new Refused("your own session has expired: sign in again, then repeat the command");
  }
  if (/MultiFactorAuthentication/.test(error.message)) {
    return new Refused(
      `the MFA code was not accepted for ${SerialNumber}: it is wrong, was used before, or its time is over. ` +
        "Wait for the next code and repeat the command; another device is named with --mfa-serial.",
    );
  }
  if (!/AccessDenied/.test(error.name)) return error;
  return new Refused(
    `AWS does not let you into ${RoleArn}: ${error.message}\n` +
      "Look at: whether the task is yours (the landscape's access.doors, your group), whether the account is in the " +
      "organization and has the baseline, and whether a guardrail or a seal shuts you out " +
      "(npx ir-kit access check).",
  );
}
