import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GuardDutyClient } from "@aws-sdk/client-guardduty";
import { Inspector2Client } from "@aws-sdk/client-inspector2";
import { Macie2Client } from "@aws-sdk/client-macie2";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { Route53ResolverClient } from "@aws-sdk/client-route53resolver";
import { S3Client } from "@aws-sdk/client-s3";
import { S3ControlClient } from "@aws-sdk/client-s3-control";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { systemClock } from "../shared/clock";
import { run } from "../shared/step";
import { sweepSteps } from "../sweep";
import { sweepEventSource, sweepNeeds, sweepNeedsOnTheWay } from "../sweep/needs";
import type { Place } from "../sweep/place";
import type { PlaceClients, SweepSetting } from "../sweep/setting";
import { environmentOf } from "./environment";
import { documentsIn } from "./setting";
import type { SweepEnvironment } from "./sweep-environment";
import { TableRecords } from "./sweep-records";

const environment = environmentOf<SweepEnvironment>();
const step = sweepSteps.find(({ id }) => id === environment.step);
if (!step) throw new Error(`there is no step ${environment.step}`);

const { wanted, hubAccount, accountsFrom } = environment;
const home = { region: wanted.homeRegion };
const sts = new STSClient(home);

/** Throttling is waited out: the Resolver takes five calls a second of an account. */
const patient = { retryMode: "adaptive", maxAttempts: 8 } as const;

const setting: SweepSetting = {
  wanted,
  enter: async (place) =>
    clientsIn(place, place.account === hubAccount ? undefined : await credentialsOf(place)),
  organizations: new OrganizationsClient({
    ...home,
    ...patient,
    ...(accountsFrom !== undefined && {
      credentials: () => credentialsOf({ account: accountsFrom, region: wanted.homeRegion }),
    }),
  }),
  s3: new S3Client({ ...home, ...patient }),
  metrics: new CloudWatchClient(home),
  announce: async (text) => {
    const { FailedEntryCount = 0 } = await new EventBridgeClient(home).send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: environment.alarmBus,
            Source: sweepEventSource,
            DetailType: "Sources of logs",
            Detail: JSON.stringify({ text }),
          },
        ],
      }),
    );
    if (FailedEntryCount > 0) throw new Error(`the bus ${environment.alarmBus} did not take the event`);
  },
  records: new TableRecords(documentsIn(wanted.homeRegion), environment.table),
  clock: systemClock,
  placesBucket: environment.placesBucket,
};

const clientsIn = (
  { region }: Place,
  credentials?: Awaited<ReturnType<typeof credentialsOf>>,
): PlaceClients => {
  const options = { region, ...patient, ...(credentials && { credentials }) };
  return {
    ec2: new EC2Client(options),
    resolver: new Route53ResolverClient(options),
    s3Control: () => new S3ControlClient(options),
    detection: () => ({
      guardDuty: new GuardDutyClient(options),
      inspector: new Inspector2Client(options),
      macie: new Macie2Client(options),
    }),
  };
};

/** The session has what the sweep needs and no more. */
async function credentialsOf({ account, region }: Place) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:${environment.partition}:iam::${account}:role${environment.iamPath}${environment.spokeRole}`,
      RoleSessionName: `sweep-${region}`,
      DurationSeconds: 900,
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: [...sweepNeeds, ...sweepNeedsOnTheWay].map(({ action }) => action).sort(),
            Resource: "*",
          },
        ],
      }),
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
    ...(Credentials?.Expiration && { expiration: Credentials.Expiration }),
  };
}

/** Lambda's entry to every step of the sweep; the environment says which. */
export const handler = ({ input }: { readonly input: unknown }) => run(setting, step, input as never);
