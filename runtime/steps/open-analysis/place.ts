import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { EvidenceSetting } from "../../custody/deposit";

/** Where evidence is looked at: the region of the forensics account in which it lies. */
export interface AnalysisPlace {
  /** Name of the launch template. */
  readonly template: string;
  /** Devices to which evidence is attached, in order; the machine's own disk is not among them. */
  readonly devices: readonly string[];
  /** Names of the endpoints without which nobody opens the machine, and what makes them. */
  readonly endpoints: { readonly names: readonly string[]; readonly deploy: string };
  /** Log in which a machine says how it has started. */
  readonly logGroup: string;
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
}

export interface AnalysisSetting extends EvidenceSetting {
  readonly analysis: AnalysisPlace;
}
