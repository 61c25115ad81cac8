import { fork } from "node:child_process";
import path from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { Route53ResolverClient } from "@aws-sdk/client-route53resolver";
import { S3Client } from "@aws-sdk/client-s3";
import { S3ControlClient } from "@aws-sdk/client-s3-control";
import { systemClock } from "../runtime/shared/clock";
import { run } from "../runtime/shared/step";
import type { SweepRecord } from "../runtime/sweep/record";
import type { SweepSetting } from "../runtime/sweep/setting";
import { sweepPlace } from "../runtime/sweep/sweep-place";
import { wantedOf } from "../stacks/sweep-wanted";
import { s3ControlEndpoint } from "../test/local-aws/clients";
import { exampleLandscape } from "../test/support/landscapes";
import { repository } from "../test/support/repository";
import type { Measurement } from "./measurement";

const accounts = 100;
const regions = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"];
const vpcsOfPlace = 5;
const placesAtOnce = 10;
/** Milliseconds after which the stand-in answers. */
const latency = 20;

/** A sweep of a hundred accounts in four regions with five VPCs each, in this one process; on AWS each place has its own. */
export async function* sweep(): AsyncIterable<Measurement> {
  const wanted = wantedOf(exampleLandscape());
  const child = fork(
    path.join(repository, "bin", "run.js"),
    ["bench/sweep-stand-in.ts", wanted.flowLogs.destinationArn],
    { cwd: repository },
  );
  try {
    const port = await new Promise<number>((resolve) =>
      child.once("message", (message) => resolve(Number(message))),
    );
    yield* measurements("sweep that switches everything on", await measured(port, wanted), 6);
    yield* measurements("sweep that finds everything on", await measured(port, wanted), 3);
  } finally {
    child.kill();
  }
}

interface Sweep {
  readonly seconds: number;
  readonly calls: number;
  readonly records: readonly SweepRecord[];
  readonly mebibytes: number;
}

async function measured(port: number, wanted: SweepSetting["wanted"]): Promise<Sweep> {
  const count = async () => Number(await (await fetch(`http://127.0.0.1:${port}/count`)).text());
  const before = await count();
  const records: SweepRecord[] = [];
  const places = Array.from({ length: accounts }, (_, index) => String(100_000_000_000 + index)).flatMap(
    (account) => regions.map((region) => ({ account, region })),
  );
  const shared = sharedSetting(port);
  const start = performance.now();
  await Promise.all(
    Array.from({ length: placesAtOnce }, async () => {
      for (let place = places.pop(); place; place = places.pop()) {
        records.push(await run(settingFor(port, shared, wanted, place), sweepPlace, place));
      }
    }),
  );
  return {
    seconds: (performance.now() - start) / 1000,
    calls: (await count()) - before,
    records,
    mebibytes: process.memoryUsage.rss() / 1024 / 1024,
  };
}

function settingFor(
  port: number,
  shared: Omit<SweepSetting, "wanted" | "enter">,
  wanted: SweepSetting["wanted"],
  { account, region }: { readonly account: string; readonly region: string },
): SweepSetting {
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region,
    retryMode: "adaptive",
    maxAttempts: 8,
    credentials: { accessKeyId: account, secretAccessKey: "x" },
  } as const;
  return {
    ...shared,
    wanted: { ...wanted, regions },
    enter: async () => ({
      ec2: new EC2Client(settings),
      resolver: new Route53ResolverClient(settings),
      s3Control: () => new S3ControlClient({ ...settings, ...s3ControlEndpoint(port) }),
      detection: noDetection,
    }),
  };
}

/** None of the accounts administers detection. */
const noDetection = (): never => {
  throw new Error("no account here administers detection");
};

/** What a function makes once. */
function sharedSetting(port: number): Omit<SweepSetting, "wanted" | "enter"> {
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "222222222222", secretAccessKey: "x" },
  } as const;
  return {
    organizations: new OrganizationsClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true, maxAttempts: 8 }),
    announce: async () => undefined,
    metrics: new CloudWatchClient(settings),
    records: {
      put: async () => undefined,
      async *all() {},
      told: async () => [],
      tell: async () => undefined,
    },
    clock: systemClock,
    placesBucket: "places",
  };
}

/** Its time against calls that wait for nothing but the answer, as many at once; and its calls, which AWS throttles. */
function* measurements(
  what: string,
  { seconds, calls, records, mebibytes }: Sweep,
  callsAVpc: number,
): Iterable<Measurement> {
  const vpcs = records.length * vpcsOfPlace;
  const ideal = (calls * latency) / 1000 / placesAtOnce;
  const refused = records.filter(({ refused: all }) => all.length > 0).length;
  const covered = records.reduce((sum, record) => sum + coveredIn(record), 0);
  const size = `${accounts} accounts, ${regions.length} regions, ${vpcsOfPlace} VPCs each`;
  yield {
    what: `${what}: ${size}`,
    baseline: "its calls at 20 ms, ten at once",
    ratio: seconds / ideal,
    goal: 4,
    detail:
      `${seconds.toFixed(0)} s, ${covered} of ${vpcs} VPCs covered, ${refused} places refused, ` +
      `${mebibytes.toFixed(0)} MiB`,
  };
  yield {
    what: `${what}: calls`,
    baseline: "one call a VPC",
    ratio: calls / vpcs,
    goal: callsAVpc,
    detail: `${calls} calls for ${vpcs} VPCs, those that AWS throttled and that were asked again among them`,
  };
}

const coveredIn = ({ flowLogs, queryLogs, isolation }: SweepRecord): number =>
  Math.min(flowLogs.covered, queryLogs.covered, isolation?.covered ?? 0);
