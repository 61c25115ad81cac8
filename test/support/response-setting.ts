import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import type { Landscape } from "../../landscape";
import type { Clock } from "../../runtime/shared/clock";
import type { Ledger } from "../../runtime/shared/ledger";
import type { Setting } from "../../runtime/shared/setting";
import { kitOf } from "../../stacks/kit";
import type { clientSettings } from "../local-aws/clients";
import { MemoryLedger } from "./memory-ledger";

/** The present time, and no waiting. */
export const impatientClock: Clock = { now: () => new Date(), sleep: async () => undefined };

/** What steps are given, with the same AWS settings for every account. */
export function responseSetting(
  landscape: Landscape,
  settings: ReturnType<typeof clientSettings>,
  more: { readonly ledger?: Ledger; readonly clock?: Clock; readonly dryRun?: boolean } = {},
): Setting {
  const iam = new IAMClient(settings);
  const sts = new STSClient(settings);
  const cloudTrail = (region: string) => new CloudTrailClient({ ...settings, region });
  return {
    kit: kitOf(landscape),
    account: async () => ({ iam, cloudTrail }),
    sts: async () => sts,
    clock: more.clock ?? impatientClock,
    ledger: more.ledger ?? new MemoryLedger(),
    actor: "emergency-1",
    caseId: "CASE-1",
    ...(more.dryRun && { dryRun: true }),
  };
}
