import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { STSClient } from "@aws-sdk/client-sts";
import type { Cuts } from "../cuts/invoke";
import type { Clock } from "./clock";
import type { Kit } from "./kit";
import type { Ledger } from "./ledger";

/** AWS as a step reaches it in one account, with the task's session there. */
export interface AccountClients {
  readonly iam: IAMClient;
  readonly cloudTrail: (region: string) => CloudTrailClient;
  /** The organization's cuts, which reach every member account; absent where nobody may write them. */
  readonly cuts?: Cuts;
  /** Machines and their disks; absent where nobody has to do with them. */
  readonly machines?: (region: string) => MachineClients;
}

export interface MachineClients {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

/** Tasks in whose name a responder's steps work. */
export type StepTask = "credentials" | "evidence";

/** Everything that a step does not make itself. */
export interface Setting {
  readonly kit: Kit;
  /** Enters an account, in the name of `credentials` where no task is named; the same gives the same clients. */
  readonly account: (id: string, task?: StepTask) => Promise<AccountClients>;
  /** In the hub's account, where nothing of an account under investigation is needed. */
  readonly sts: () => Promise<STSClient>;
  readonly clock: Clock;
  readonly ledger: Ledger;
  /** Nothing is changed: what would be is told. */
  readonly dryRun?: boolean;
  /** Who acts: the verified name of a human, or an execution's ARN. */
  readonly actor: string;
  readonly caseId: string;
}
