import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import type { TaskName } from "../../../landscape/tasks";
import type { AccountClients } from "../../../runtime/shared/setting";
import type { Keys } from "../../local-aws/clients";
import type { EmulatedOrganization } from "./organization";

/** What a responder does in one situation, call by call, with the credentials of the task and nothing else. */
export interface Walkthrough {
  readonly task: TaskName;
  readonly title: string;
  /** Where it is done: an account's name; the hub's own account for what is asked there. */
  readonly account: string;
  /**
   * @param settings of an SDK client with the responder's session
   * @param stage what the account's administrator has set up before
   */
  readonly steps: (settings: Settings, stage: Stage) => Promise<void>;
}

export type Settings = ReturnType<EmulatedOrganization["client"]>;

/** What there is in the account concerned. */
export interface Stage {
  readonly organization: EmulatedOrganization;
  readonly keys: Keys;
  readonly account: string;
  readonly forensics: string;
  readonly resources: Resources;
}

export interface Resources {
  readonly instance: string;
  readonly volume: string;
  readonly interface: string;
  readonly workloadGroup: string;
  readonly isolationGroup: string;
  readonly acl: string;
  readonly subnet: string;
  readonly addressAllocation: string;
  readonly goldenImage: string;
  readonly targetGroup: string;
  readonly autoScalingGroup: string;
  readonly function: string;
  readonly bucket: string;
  readonly database: string;
  readonly secret: string;
  readonly user: string;
  readonly userKey: string;
  readonly role: string;
  readonly roleProfile: string;
}

/** A question whose answer may be that there is none: the permission is needed all the same. */
export async function orNone(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    const { name, message } = error as Error;
    if (/NoSuch|NotFound|ResourceNotFound|NoSuchEntity|does not exist/i.test(`${name} ${message}`)) return;
    throw error;
  }
}

/** Refused by the emulator after the front has found it permitted, which is what is asked here. */
export const unsupported = (error: Error) => {
  if (!/cannot answer/.test(error.message)) throw error;
};

/** An account as steps and changes reach it. */
export const clientsOf = (settings: Settings): AccountClients => ({
  iam: new IAMClient(settings),
  cloudTrail: () => new CloudTrailClient(settings),
  machines: () => ({
    ec2: new EC2Client(settings),
    autoScaling: new AutoScalingClient(settings),
    loadBalancing: new ElasticLoadBalancingV2Client(settings),
  }),
});
