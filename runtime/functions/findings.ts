import { SNSClient } from "@aws-sdk/client-sns";
import type { EventEnvelope } from "../alarms/finding";
import { type Outcome, type Teller, tellOnce } from "../alarms/tell-once";
import { systemClock } from "../shared/clock";
import { environmentOf } from "./environment";
import type { FindingsEnvironment } from "./findings-environment";
import { documentsIn } from "./setting";

const { table, topicArn, homeRegion } = environmentOf<FindingsEnvironment>();

const teller: Teller = {
  documents: documentsIn(homeRegion),
  sns: new SNSClient({ region: homeRegion }),
  table,
  topicArn,
  now: systemClock.now,
  warn: (message) => process.stderr.write(`${message}\n`),
};

/** Lambda's entry to what tells of findings, each once a day. */
export const handler = (event: EventEnvelope): Promise<Outcome> => tellOnce(teller, event);
