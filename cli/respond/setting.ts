import path from "node:path";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { STSClient } from "@aws-sdk/client-sts";
import { type Landscape, landscapePath } from "../../landscape";
import { cutFunctionArn } from "../../landscape/arns";
import { accountId } from "../../landscape/names";
import { cutsBy } from "../../runtime/cuts/invoke";
import { systemClock } from "../../runtime/shared/clock";
import { NotPossible } from "../../runtime/shared/errors";
import { FileLedger } from "../../runtime/shared/file-ledger";
import type { AccountClients, Setting } from "../../runtime/shared/setting";
import { kitOf } from "../../stacks/kit";
import { callerAtDoor, type DoorCaller } from "../assume/caller";
import { enterHub, enterSpoke, forClient, stsIn } from "../assume/chain";
import { type MfaOptions, mfaOf } from "../assume/mfa";
import { caseOrAsk } from "../assume/target";
import { WrongUse } from "../errors";
import { loadOrRefuse } from "../landscape";

export interface CaseOptions extends MfaOptions {
  readonly case?: string;
  readonly cases?: string;
  readonly config?: string;
}

export interface OpenCase {
  readonly landscape: Landscape;
  readonly caseId: string;
  /** Folder in which the case is kept. */
  readonly directory: string;
  readonly ledger: FileLedger;
}

/** The case's record on this machine; AWS is not asked. */
export async function openCase(options: CaseOptions): Promise<OpenCase> {
  const landscape = loadOrRefuse(landscapePath(options.config));
  const caseId = await caseOrAsk(options.case);
  const directory = path.resolve(options.cases ?? process.env.IR_KIT_CASES ?? "cases", caseId);
  return { landscape, caseId, directory, ledger: new FileLedger(directory, caseId) };
}

/**
 * The responder's own way in: by the door into the hub's role `credentials`, once; from there into each account when a
 * step first needs it.
 */
export async function enterCase(
  { landscape, caseId, ledger }: OpenCase,
  options: CaseOptions & { readonly dryRun?: true },
): Promise<Setting> {
  if (!landscape.access) throw new WrongUse("the landscape has no access: there is no hub to enter by");
  // A ledger that is unsound must be noticed before anything is done.
  await ledger.entries();
  const stsFor = stsIn(landscape.homeRegion);
  const caller = await callerAtDoor(stsFor(), landscape);
  const mfa = await mfaOf(caller, options);
  const who = { ...caller, ...mfa.device };
  const hubSession = await enterHub(stsFor, landscape, who, { task: "credentials", caseId, ...mfa.code });
  const inHub = stsFor(hubSession);
  const lambda = new LambdaClient({ region: landscape.homeRegion, credentials: forClient(hubSession) });
  const cuts = cutsBy(lambda, cutFunctionArn(landscape), { case: caseId, actor: caller.name });
  return {
    kit: kitOf(landscape),
    account: onceEntered(async (account) => ({
      ...(await clientsIn(landscape, inHub, who, account)),
      cuts,
    })),
    sts: async () => inHub,
    clock: systemClock,
    ledger,
    actor: caller.name,
    caseId,
    ...(options.dryRun && { dryRun: true }),
  };
}

/** The event history takes two requests a second of an account and region. Source: "LookupEvents" (API reference). */
const patient = { retryMode: "adaptive", maxAttempts: 8 } as const;

async function clientsIn(
  landscape: Landscape,
  inHub: STSClient,
  caller: DoorCaller,
  account: string,
): Promise<AccountClients> {
  if (account === accountId(landscape.hub)) {
    throw new NotPossible(
      `${account} is the hub's own account, in which responders change nothing. If a principal there is in an ` +
        "attacker's hands, the hub is: seal it from the management account (npx ir-kit seal).",
    );
  }
  const session = await enterSpoke(inHub, landscape, caller, { task: "credentials", account });
  const credentials = forClient(session);
  return {
    iam: new IAMClient({ region: landscape.partition.globalEventRegion, credentials }),
    cloudTrail: once((region) => new CloudTrailClient({ region, credentials, ...patient })),
  };
}

/** An account is entered once; where that fails, it is tried again by whoever asks next. */
function onceEntered<T>(enter: (account: string) => Promise<T>): (account: string) => Promise<T> {
  const entered = new Map<string, Promise<T>>();
  return async (account) => {
    const known = entered.get(account) ?? enter(account);
    entered.set(account, known);
    try {
      return await known;
    } catch (error) {
      entered.delete(account);
      throw error;
    }
  };
}

/** One result for each key. */
function once<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as T;
  };
}
