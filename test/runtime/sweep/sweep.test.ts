import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  CreateFlowLogsCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeFlowLogsCommand,
  EC2Client,
  GetEbsEncryptionByDefaultCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import {
  CreateResolverQueryLogConfigCommand,
  ListResolverQueryLogConfigAssociationsCommand,
  Route53ResolverClient,
} from "@aws-sdk/client-route53resolver";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from "@aws-sdk/client-s3-control";
import { STSClient } from "@aws-sdk/client-sts";
import { utc } from "../../../runtime/shared/clock";
import { run } from "../../../runtime/shared/step";
import { listPlaces } from "../../../runtime/sweep/list-places";
import type { SweepRecord } from "../../../runtime/sweep/record";
import type { SweepSetting } from "../../../runtime/sweep/setting";
import { judgeSource } from "../../../runtime/sweep/sources";
import { summarize } from "../../../runtime/sweep/summarize";
import { sweepPlace } from "../../../runtime/sweep/sweep-place";
import type { Wanted } from "../../../runtime/sweep/wanted";
import { wantedOf } from "../../../stacks/sweep-wanted";
import { assumeRole, clientSettings, type Keys, s3ControlEndpoint } from "../../local-aws/clients";
import type { Front } from "../../local-aws/front";
import { startLocalAws } from "../../local-aws/local-aws";
import { exampleLandscape } from "../../support/landscapes";
import { describeWithEmulator } from "../../support/with-tools";

const region = "eu-west-1";

/** No member administers detection. */
const noDetection = (): never => {
  throw new Error("a member was asked for services that detect");
};

describeWithEmulator("a sweep", () => {
  let front: Front;
  let security: string;
  let member: string;
  let memberKeys: Keys;
  let wanted: Wanted;
  let records: Map<string, SweepRecord>;
  let now: Date;
  let told: readonly string[];
  let announced: string[];

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    const organizations = new OrganizationsClient(clientSettings(front));
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const create = async (AccountName: string) =>
      (
        await organizations.send(
          new CreateAccountCommand({ AccountName, Email: `${AccountName}@example.com` }),
        )
      ).CreateAccountStatus?.AccountId ?? "";
    security = await create("security");
    member = await create("payments");
    memberKeys = await keysOf(member);
    await shareQueryLog(await keysOf(security), organizations);
    const base = wantedOf(exampleLandscape());
    wanted = { ...base, queryLog: { ...base.queryLog, owner: security } };
    const s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
    for (const Bucket of ["places", ...Object.values(wanted.deliveries).map(({ bucket }) => bucket)]) {
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
      );
    }
  });

  afterAll(() => front.stop());

  beforeEach(() => {
    records = new Map();
    told = [];
    announced = [];
    now = new Date();
  });

  const keysOf = (account: string): Promise<Keys> =>
    assumeRole(
      new STSClient(clientSettings(front)),
      `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
    );

  async function shareQueryLog(keys: Keys, organizations: OrganizationsClient): Promise<void> {
    await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "ram.amazonaws.com" }));
    await new RAMClient(clientSettings(front)).send(new EnableSharingWithAwsOrganizationCommand({}));
    const resolver = new Route53ResolverClient(clientSettings(front, keys));
    const { ResolverQueryLogConfig } = await resolver.send(
      new CreateResolverQueryLogConfigCommand({
        Name: "acme-ir-dns-queries",
        DestinationArn: "arn:aws:s3:::dns",
        CreatorRequestId: "one",
      }),
    );
    const ram = new RAMClient(clientSettings(front, keys));
    const { resourceShare } = await ram.send(new CreateResourceShareCommand({ name: "dns" }));
    await ram.send(
      new AssociateResourceShareCommand({
        resourceShareArn: resourceShare?.resourceShareArn,
        resourceArns: [ResolverQueryLogConfig?.Arn ?? ""],
      }),
    );
  }

  const client = (keys = memberKeys, where = region) => clientSettings(front, keys, where);

  /** A handler that fails some calls before they reach AWS. */
  const failing = (settings: ReturnType<typeof client>, fails: (operation: string) => Error | undefined) => ({
    ...settings,
    requestHandler: {
      ...settings.requestHandler,
      handle: async (request: { readonly body?: unknown; readonly headers: Record<string, string> }) => {
        const text = `${request.headers["x-amz-target"] ?? ""} ${String(request.body)}`;
        const error = fails(text);
        if (error) throw error;
        return settings.requestHandler.handle(request as never);
      },
    } as never,
  });

  const s3Control = () => new S3ControlClient({ ...client(), ...s3ControlEndpoint(front.port) });

  const setting = (change: Partial<SweepSetting> = {}): SweepSetting => ({
    wanted,
    enter: async ({ region: where }) => ({
      ec2: new EC2Client(client(memberKeys, where)),
      resolver: new Route53ResolverClient(client(memberKeys, where)),
      s3Control,
      detection: noDetection,
    }),
    organizations: new OrganizationsClient(clientSettings(front)),
    s3: new S3Client({ ...clientSettings(front), forcePathStyle: true }),
    announce: async (text) => {
      announced.push(text);
    },
    metrics: new CloudWatchClient(clientSettings(front)),
    records: {
      put: async (record) => {
        records.set(`${record.account} ${record.region}`, record);
      },
      async *all() {
        yield* records.values();
      },
      told: async () => told,
      tell: async (silent) => {
        told = silent;
      },
    },
    clock: { now: () => now, sleep: async () => undefined },
    placesBucket: "places",
    ...change,
  });

  const sweep = (where = region, change: Partial<SweepSetting> = {}) =>
    run(setting(change), sweepPlace, { account: member, region: where });

  /** The emulator has every region enabled. */
  const notEnabled = () => {
    const ec2 = new EC2Client(client());
    ec2.send = async () => ({ Regions: [{ RegionName: "ap-east-1", OptInStatus: "not-opted-in" }] });
    return ec2;
  };

  const hours = (count: number) => count * 3_600_000;
  const whole = () => ({ execution: "one", started: utc(now), count: 0, whole: true });

  const createVpc = async (where = region): Promise<string> =>
    (await new EC2Client(client(memberKeys, where)).send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" })))
      .Vpc?.VpcId ?? "";

  const flowLogsOf = async (vpc: string, where = region) =>
    (
      await new EC2Client(client(memberKeys, where)).send(
        new DescribeFlowLogsCommand({ Filter: [{ Name: "resource-id", Values: [vpc] }] }),
      )
    ).FlowLogs ?? [];

  const associated = async (where = region) =>
    (
      await new Route53ResolverClient(client(memberKeys, where)).send(
        new ListResolverQueryLogConfigAssociationsCommand({}),
      )
    ).ResolverQueryLogConfigAssociations?.map(({ ResourceId }) => ResourceId) ?? [];

  it("switches on what a VPC lacks, as the organization's logs are read, and changes nothing twice", async () => {
    const vpc = await createVpc();
    const first = await sweep();
    expect(first.flowLogs.repaired).toContain(vpc);
    expect(first.queryLogs.repaired).toContain(vpc);
    expect(first).toMatchObject({
      refused: [],
      flowLogs: { covered: first.vpcs },
      queryLogs: { covered: first.vpcs },
    });
    const [log] = await flowLogsOf(vpc);
    expect(log).toMatchObject({
      LogDestination: wanted.flowLogs.destinationArn,
      LogFormat: wanted.flowLogs.format,
      MaxAggregationInterval: 60,
      TrafficType: "ALL",
      DestinationOptions: { FileFormat: "parquet", HiveCompatiblePartitions: true, PerHourPartition: true },
    });
    expect(await associated()).toContain(vpc);

    const second = await sweep();
    expect(second).toMatchObject({
      vpcs: first.vpcs,
      flowLogs: { covered: first.vpcs, repaired: [] },
      queryLogs: { covered: first.vpcs, repaired: [] },
      refused: [],
    });
    expect(await flowLogsOf(vpc)).toHaveLength(1);
    expect(records.get(`${member} ${region}`)).toEqual(second);
  });

  it("may run twice at once", async () => {
    const vpc = await createVpc();
    const results = await Promise.all([sweep(), sweep(), sweep()]);
    for (const { refused, vpcs, flowLogs } of results)
      expect([refused, flowLogs.covered]).toEqual([[], vpcs]);
    expect(await flowLogsOf(vpc)).toHaveLength(1);
    expect((await associated()).filter((id) => id === vpc)).toHaveLength(1);
  });

  it("goes on where a call fails, and says what was refused and why", async () => {
    const vpc = await createVpc();
    const throttled = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
    const record = await sweep(region, {
      enter: async () => ({
        detection: noDetection,
        s3Control,
        ec2: new EC2Client(client()),
        resolver: new Route53ResolverClient(
          failing(client(), (call) => (call.includes("ListResolverQueryLogConfigs") ? throttled : undefined)),
        ),
      }),
    });
    expect(record.flowLogs.repaired).toContain(vpc);
    expect(record.queryLogs.covered).toBe(0);
    expect(record.refused).toEqual([{ what: "query logging", why: "ThrottlingException: Rate exceeded" }]);
    expect((await sweep()).queryLogs.repaired).toContain(vpc);
  });

  it("tells of an account that it can't enter, and is no error for the others", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDenied" });
    const record = await sweep(region, { enter: () => Promise.reject(denied) });
    expect(record).toMatchObject({
      vpcs: 0,
      refused: [{ what: "entering the account", why: "AccessDenied: not authorized" }],
    });
  });

  it("leaves a log of another form to its owner, and says what to do", async () => {
    const vpc = await createVpc();
    await new EC2Client(client()).send(
      new CreateFlowLogsCommand({
        ResourceType: "VPC",
        ResourceIds: [vpc],
        TrafficType: "REJECT",
        LogDestinationType: "s3",
        LogDestination: wanted.flowLogs.destinationArn,
      }),
    );
    const { refused, flowLogs, vpcs } = await sweep();
    expect(flowLogs.covered).toBe(vpcs - 1);
    expect(refused).toEqual([
      {
        what: expect.stringContaining(vpc),
        why: expect.stringMatching(
          /records REJECT only, is not Parquet in hourly folders.*its owner deletes it/,
        ),
      },
    ]);
    expect(await flowLogsOf(vpc)).toHaveLength(1);
  });

  it("makes settings stricter only where the landscape says so, and records what it found", async () => {
    const where = "us-east-1";
    expect((await sweep(where)).deviations).toContainEqual({
      setting: "ebsEncryptionByDefault",
      found: "off",
      made: "on",
    });
    const encrypted = async () =>
      (await new EC2Client(client(memberKeys, where)).send(new GetEbsEncryptionByDefaultCommand({})))
        .EbsEncryptionByDefault;
    expect(await encrypted()).toBe(false);
    const heal = { ...wanted, settings: { ...wanted.settings, ebsEncryptionByDefault: "heal" as const } };
    expect((await sweep(where, { wanted: heal })).repairs).toEqual([
      { setting: "ebsEncryptionByDefault", found: "off", made: "on" },
    ]);
    expect(await encrypted()).toBe(true);
    expect((await sweep(where, { wanted: heal })).repairs).toEqual([]);
  });

  it("blocks public buckets of a whole account, in the home region alone, and takes no switch away", async () => {
    const switches = async () =>
      (await s3Control().send(new GetPublicAccessBlockCommand({ AccountId: member })))
        .PublicAccessBlockConfiguration;
    const isOfBuckets = ({ setting: name }: { readonly setting: string }) => name === "blockPublicBuckets";
    expect((await sweep("us-east-1")).deviations.filter(isOfBuckets)).toEqual([]);
    const all = "BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets";
    const missing = { setting: "blockPublicBuckets", found: "off", made: all };
    expect((await sweep()).deviations.filter(isOfBuckets)).toEqual([missing]);
    await s3Control().send(
      new PutPublicAccessBlockCommand({
        AccountId: member,
        PublicAccessBlockConfiguration: { IgnorePublicAcls: true },
      }),
    );
    const heal = { ...wanted, settings: { ...wanted.settings, blockPublicBuckets: "heal" as const } };
    expect((await sweep(region, { wanted: heal })).repairs).toEqual([
      { ...missing, found: "IgnorePublicAcls" },
    ]);
    expect(Object.values((await switches()) ?? {})).toEqual([true, true, true, true]);
    expect((await sweep(region, { wanted: heal })).repairs).toEqual([]);
  });

  it("asserts every setting, though another can't be read", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDenied" });
    const { refused, deviations } = await sweep(region, {
      enter: async () => ({
        detection: noDetection,
        s3Control,
        resolver: new Route53ResolverClient(client()),
        ec2: new EC2Client(
          failing(client(), (call) => (call.includes("GetEbsEncryption") ? denied : undefined)),
        ),
      }),
    });
    expect(refused).toContainEqual({ what: "ebsEncryptionByDefault", why: "AccessDenied: not authorized" });
    expect(deviations.map(({ setting: name }) => name)).toContain("blockPublicSnapshots");
  });

  it("tells of enabled regions that nobody watches, once an account and not where a guardrail denies them", async () => {
    const reported = { ...wanted, reportUnwatched: true };
    const { unwatched } = await sweep(region, { wanted: reported });
    expect(unwatched).toContain("eu-central-1");
    expect(unwatched).not.toContain("us-east-1");
    expect((await sweep("us-east-1", { wanted: reported })).unwatched).toEqual([]);
    expect((await sweep()).unwatched).toEqual([]);
  });

  describe("of sources", () => {
    const put = async (key: string) => {
      const s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
      await s3.send(
        new PutObjectCommand({ Bucket: wanted.deliveries.cloudtrail.bucket, Key: key, Body: "x" }),
      );
    };
    const folder = (date: Date) =>
      `AWSLogs/o-a1b2c3d4e5/${member}/CloudTrail-Digest/us-east-1/${date.toISOString().slice(0, 10).replaceAll("-", "/")}`;
    const ofTrail = async () =>
      (await sweep("us-east-1")).silent.filter(({ source }) => source === "cloudtrail");

    it("says which never delivered, which no longer do, and nothing of those that do", async () => {
      expect(await ofTrail()).toEqual([{ source: "cloudtrail" }]);
      const delivered = new Date();
      await put(`${folder(delivered)}/digest.json.gz`);
      expect(await ofTrail()).toEqual([]);
      now = new Date(delivered.getTime() + 5 * 3_600_000);
      expect(await ofTrail()).toEqual([]);
      now = new Date(delivered.getTime() + 7 * 3_600_000);
      expect(await ofTrail()).toEqual([{ source: "cloudtrail", last: expect.stringMatching(/Z$/) }]);
      now = new Date(delivered.getTime() + 20 * 86_400_000);
      expect(await ofTrail()).toEqual([{ source: "cloudtrail", last: expect.stringMatching(/Z$/) }]);
    });

    it("expects nothing yet of an account that has just joined", async () => {
      const place = { account: member, region: "us-west-2" };
      const joined = (ago: number) => ({ ...place, joined: utc(new Date(now.getTime() - hours(ago))) });
      expect(await run(setting(), sweepPlace, joined(2))).toMatchObject({ silent: [], young: true });
      expect((await run(setting(), sweepPlace, joined(7))).silent).toEqual([{ source: "cloudtrail" }]);
    });

    it("looks at the last folder of each level, however long the history is", async () => {
      let calls = 0;
      const s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
      const inner = s3.send.bind(s3);
      s3.send = ((command: never) => {
        calls += 1;
        return inner(command);
      }) as never;
      const place = { account: "888888888888", region };
      const { bucket, folder } = wanted.deliveries["flow-logs"];
      const prefix = folder.replace("{account}", place.account).replace("{region}", region);
      for (const day of ["01", "02", "03"]) {
        for (const hour of ["00", "13"]) {
          for (const part of [1, 2, 3]) {
            await new S3Client({ ...clientSettings(front), forcePathStyle: true }).send(
              new PutObjectCommand({
                Bucket: bucket,
                Key: `${prefix}year=2025/month=02/day=${day}/hour=${hour}/${part}.parquet`,
                Body: "x",
              }),
            );
          }
        }
      }
      const silence = await judgeSource(
        s3,
        "flow-logs",
        wanted.deliveries["flow-logs"],
        place,
        new Date(now.getTime() + hours(24 * 30)),
      );
      expect(silence).toEqual({ source: "flow-logs", last: expect.stringMatching(/Z$/) });
      // Today's folder, then year, month, day, hour and what lies in it.
      expect(calls).toBe(6);
    });

    it("asks for no other VPC's folder where the first tells that logs come, and for all where it does not", async () => {
      const s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
      const place = { account: "999999999999", region };
      const source = wanted.deliveries["dns-queries"];
      const folder = source.folder.replace("{account}", place.account).replace("{region}", region);
      const today = now.toISOString().slice(0, 10).replaceAll("-", "/");
      const put = (vpc: string, day: string) =>
        s3.send(
          new PutObjectCommand({ Bucket: source.bucket, Key: `${folder}${vpc}/${day}/1.gz`, Body: "x" }),
        );
      await put("vpc-1", today);
      await put("vpc-2", today);
      await put("vpc-3", today);
      const asked: string[] = [];
      const counted = new S3Client({ ...clientSettings(front), forcePathStyle: true });
      counted.middlewareStack.add(
        (next) => (args) => {
          asked.push((args.input as { Prefix: string }).Prefix.replace(folder, ""));
          return next(args);
        },
        { step: "initialize" },
      );
      expect(await judgeSource(counted, "dns-queries", source, place, now)).toBeUndefined();
      expect(asked).toEqual(["", `vpc-1/${today}/`]);
      asked.length = 0;
      const later = new Date(now.getTime() + hours(72));
      expect(await judgeSource(counted, "dns-queries", source, place, later)).toEqual({
        source: "dns-queries",
        last: expect.stringMatching(/Z$/),
      });
      expect(new Set(asked.map((prefix) => prefix.split("/")[0]))).toEqual(
        new Set(["", "vpc-1", "vpc-2", "vpc-3"]),
      );
    });

    it("takes a VPC for silent only where something in it sends, and asks for names", async () => {
      const where = region;
      const ec2 = new EC2Client(client(memberKeys, where));
      const vpc = await createVpc(where);
      const silent = async () =>
        (await sweep(where)).silent.map(({ source }) => source).filter((source) => source !== "cloudtrail");
      await sweep(where);
      now = new Date(now.getTime() + hours(72));
      expect(await silent()).toEqual([]);
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.9.1.0/24" }));
      const { NetworkInterface } = await ec2.send(
        new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId }),
      );
      expect(await silent()).toEqual([]);
      const { Instances: [instance] = [] } = await ec2.send(
        new RunInstancesCommand({
          ImageId: "ami-12c6146b",
          MinCount: 1,
          MaxCount: 1,
          InstanceType: "t3.micro",
          SubnetId: Subnet?.SubnetId,
        }),
      );
      expect(await silent()).toEqual(["flow-logs", "dns-queries"]);
      expect([NetworkInterface?.Status, instance?.InstanceId]).toEqual(["available", expect.any(String)]);
      now = new Date();
      // Switched on just now: nothing can be there yet.
      expect(await silent()).toEqual([]);
    });
  });

  it("lists every account that there is now in every watched region, and only those that are asked for", async () => {
    const places = async (key: string) => {
      const { Body } = await setting().s3.send(new GetObjectCommand({ Bucket: "places", Key: key }));
      return JSON.parse((await Body?.transformToString()) ?? "") as unknown[];
    };
    const all = await run(setting(), listPlaces, { execution: "one" });
    expect(all).toMatchObject({ bucket: "places", key: "sweeps/one.json", count: 6 });
    expect(await places(all.key)).toContainEqual({
      account: member,
      region: "us-east-1",
      joined: expect.stringMatching(/Z$/),
    });
    const asked = [{ account: member, region }];
    const some = await run(setting(), listPlaces, { execution: "two", places: asked });
    expect([all.whole, some.whole]).toEqual([true, false]);
    expect(await places(some.key)).toEqual([{ ...asked[0], joined: expect.stringMatching(/Z$/) }]);
  });

  it("takes accounts by their state, and an answer without any as an error", async () => {
    const answering = (Accounts: unknown[]) => {
      const organizations = new OrganizationsClient(clientSettings(front));
      organizations.send = async () => ({ Accounts });
      return organizations;
    };
    const suspended = { Id: "333333333333", State: "SUSPENDED", Status: "ACTIVE" };
    const listed = await run(
      setting({ organizations: answering([{ Id: member, State: "ACTIVE" }, suspended]) }),
      listPlaces,
      { execution: "three" },
    );
    expect(listed.count).toBe(2);
    await expect(
      run(setting({ organizations: answering([suspended]) }), listPlaces, { execution: "four" }),
    ).rejects.toThrow("no active account");
  });

  it("knows a region that an account has not enabled, and expects nothing there", async () => {
    const where = "ap-east-1";
    const entered: string[] = [];
    const record = await sweep(where, {
      wanted: { ...wanted, regions: [...wanted.regions, where], optInRegions: [where] },
      enter: async (place) => {
        entered.push(place.region);
        return { ...(await setting().enter(place)), ec2: notEnabled() };
      },
    });
    expect(record).toMatchObject({ notEnabled: true, refused: [], silent: [], vpcs: 0 });
    expect(entered).toEqual([region]);
  });

  it("counts for alarms what the records tell, and forgets places that are gone", async () => {
    const record = await sweep("us-east-1", { enter: () => Promise.reject(new Error("no")) });
    records.set("gone", { ...record, at: utc(new Date(now.getTime() - 49 * 3_600_000)), unwatched: ["x"] });
    records.set("elsewhere", { ...record, region: "ap-south-1", unwatched: ["x"] });
    records.set("uncovered", {
      ...record,
      region,
      vpcs: 3,
      flowLogs: { covered: 3, repaired: [] },
      queryLogs: { covered: 1, repaired: [] },
      refused: [],
      silent: [{ source: "flow-logs" }],
    });
    records.set("young", { ...record, account: "999999999999", silent: [], young: true });
    expect(await run(setting(), summarize, whole())).toMatchObject({
      places: 3,
      SilentSources: 1 + record.silent.length,
      UncoveredVpcs: 2,
      RefusedPlaces: 1,
      UnwatchedRegions: 0,
    });
  });

  it("counts places of which nothing was written down, and only a sweep of all places as one", async () => {
    const sent: (string | undefined)[][] = [];
    const metrics = new CloudWatchClient(clientSettings(front));
    metrics.send = async ({ input }: { input: { MetricData: { MetricName: string }[] } }) => {
      sent.push(input.MetricData.map(({ MetricName }) => MetricName));
    };
    await run(setting({ metrics }), summarize, { ...whole(), whole: false });
    records.set("seen", { ...(await sweep("us-east-1")), refused: [] });
    records.delete(`${member} us-east-1`);
    const later = utc(new Date(now.getTime() + hours(1)));
    expect(
      await run(setting({ metrics }), summarize, { ...whole(), started: later, count: 4 }),
    ).toMatchObject({
      places: 1,
      RefusedPlaces: 4,
    });
    expect(await run(setting({ metrics }), summarize, { ...whole(), count: 4 })).toMatchObject({
      RefusedPlaces: 3,
    });
    expect(sent.map((all) => all.includes("WholeSweeps"))).toEqual([false, true, true]);
  });

  it("tells of each source that falls silent, and of each that recovers, once", async () => {
    const record = await sweep("us-east-1");
    records.clear();
    const tellOf = async (silent: SweepRecord["silent"]) => {
      records.set("one", { ...record, silent });
      await run(setting(), summarize, whole());
      return announced.splice(0);
    };
    const source = (name: string) => `${name} of ${member} in us-east-1`;
    expect(await tellOf([{ source: "cloudtrail" }])).toEqual([
      expect.stringContaining(`silent: ${source("cloudtrail")}.`),
    ]);
    expect(await tellOf([{ source: "cloudtrail" }])).toEqual([]);
    // A second one is told of while the first still is silent.
    expect(await tellOf([{ source: "cloudtrail" }, { source: "flow-logs" }])).toEqual([
      expect.stringContaining(`silent: ${source("flow-logs")}.`),
    ]);
    expect(await tellOf([{ source: "flow-logs" }])).toEqual([
      expect.stringMatching(/delivers again.*cloudtrail/),
    ]);
    expect(await tellOf([])).toEqual([expect.stringMatching(/delivers again.*flow-logs/)]);
    expect(told).toEqual([]);
  });

  it("tells again of what could not be told", async () => {
    const record = await sweep("us-east-1");
    records.set(`${member} us-east-1`, { ...record, silent: [{ source: "cloudtrail" }] });
    const failing = { announce: () => Promise.reject(new Error("no bus")) };
    await expect(run(setting(failing), summarize, whole())).rejects.toThrow("no bus");
    await run(setting(), summarize, whole());
    expect(announced).toHaveLength(1);
  });
});
