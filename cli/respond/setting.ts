import path from "node:path";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { type Landscape, landscapePath } from "../../landscape";
import { cutFunctionArn } from "../../landscape/arns";
import { accountId } from "../../landscape/names";
import { cutsBy } from "../../runtime/cuts/invoke";
import { systemClock } from "../../runtime/shared/clock";
import { NotPossible } from "../../runtime/shared/errors";
import { FileLedger } from "../../runtime/shared/file-ledger";
import type { AccountClients, Setting, StepTask } from "../../runtime/shared/setting";
import { kitOf } from "../../stacks/kit";
import { callerAtDoor } from "../assume/caller";
import { enterHub, enterSpoke, forClient, type SessionCredentials, stsIn } from "../assume/chain";
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

/** A case that was entered: what steps are given, and the sessions themselves. */
export interface EnteredCase extends Setting {
  readonly session: (account: string, task: StepTask) => Promise<SessionCredentials>;
}

/**
 * The responder's own way in: by the door into the hub's role of the task, once; from there into each account when a
 * step first needs it. A further task is entered when something is first done in its name.
 *
 * @param task the one that is entered at once, so that nothing is begun by whom AWS does not let in
 */
export async function enterCase(
  { landscape, caseId, ledger }: OpenCase,
  options: CaseOptions & { readonly dryRun?: true },
  task: StepTask = "credentials",
): Promise<EnteredCase> {
  if (!landscape.access) throw new WrongUse("the landscape has no access: there is no hub to enter by");
  // A ledger that is unsound must be noticed before anything is done.
  await ledger.entries();
  const stsFor = stsIn(landscape.homeRegion);
  const caller = await callerAtDoor(stsFor(), landscape);
  const hub = onceEntered(async (name: StepTask) => {
    // A code opens one session: AWS does not take it twice.
    const mfa = await mfaOf(caller, name === task ? options : withoutCode(options));
    const who = { ...caller, ...mfa.device };
    const own = await enterHub(stsFor, landscape, who, { task: name, caseId, ...mfa.code });
    return { who, own, sts: stsFor(own) };
  });
  await hub(task);
  const inTask = once((name: StepTask) => {
    const session = onceEntered(async (account: string) => {
      const { who, own, sts } = await hub(name);
      if (account !== accountId(landscape.hub)) {
        return enterSpoke(sts, landscape, who, { task: name, account });
      }
      if (name === "evidence" && account === accountId(landscape.accounts.forensics)) return own;
      throw new NotPossible(
        `${account} is the hub's own account, in which responders change nothing. If something there is in an ` +
          "attacker's hands, the hub is: seal it from the management account (npx ir-kit seal).",
      );
    });
    const clients = onceEntered(async (account: string) => {
      const made = clientsWith(landscape, await session(account));
      if (name !== "credentials") return made;
      const credentials = forClient((await hub(name)).own);
      const lambda = new LambdaClient({ region: landscape.homeRegion, credentials });
      return {
        ...made,
        cuts: cutsBy(lambda, cutFunctionArn(landscape), { case: caseId, actor: caller.name }),
      };
    });
    return { session, clients };
  });
  return {
    kit: kitOf(landscape),
    account: (account, name = "credentials") => inTask(name).clients(account),
    session: (account, name) => inTask(name).session(account),
    sts: async () => (await hub(task)).sts,
    clock: systemClock,
    ledger,
    actor: caller.name,
    caseId,
    ...(options.dryRun && { dryRun: true }),
  };
}

const withoutCode = ({ mfaCode: _, ...options }: MfaOptions): MfaOptions => options;

/** The event history takes two requests a second of an account and region. Source: "LookupEvents" (API reference). */
const patient = { retryMode: "adaptive", maxAttempts: 8 } as const;

function clientsWith(landscape: Landscape, session: SessionCredentials): AccountClients {
  const credentials = forClient(session);
  return {
    iam: new IAMClient({ region: landscape.partition.globalEventRegion, credentials }),
    cloudTrail: once((region) => new CloudTrailClient({ region, credentials, ...patient })),
    machines: once((region) => ({
      ec2: new EC2Client({ region, credentials, ...patient }),
      autoScaling: new AutoScalingClient({ region, credentials }),
      loadBalancing: new ElasticLoadBalancingV2Client({ region, credentials, ...patient }),
    })),
  };
}

/** What is named is entered once; where that fails, it is tried again by whoever asks next. */
function onceEntered<Key, T>(enter: (key: Key) => Promise<T>): (key: Key) => Promise<T> {
  const entered = new Map<Key, Promise<T>>();
  return async (key) => {
    const known = entered.get(key) ?? enter(key);
    entered.set(key, known);
    try {
      return await known;
    } catch (error) {
      entered.delete(key);
      throw error;
    }
  };
}

/** One result for each key. */
function once<Key, T>(make: (key: Key) => T): (key: Key) => T {
  const made = new Map<Key, T>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as T;
  };
}
