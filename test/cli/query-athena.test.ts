import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  ListQueryExecutionsCommand,
} from "@aws-sdk/client-athena";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { run } from "../../cli/terraform";
import { bucketName, investigationWorkgroupName } from "../../landscape/names";
import { bucketOfTable } from "../../questions/tables/placement";
import { clientSettings } from "../local-aws/clients";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import type { Front } from "../local-aws/front";
import { startLocalAws } from "../local-aws/local-aws";
import { exampleLandscape } from "../support/landscapes";
import { repository } from "../support/repository";
import { describeWithEmulator } from "../support/with-tools";

const landscape = exampleLandscape();
const hub = "222222222222";

/** The emulator runs no SQL: what is asked, of which places and at what estimate, is what is looked at. */
describeWithEmulator("ir-kit query by Athena", () => {
  let front: Front;
  let directory: string;
  let s3: S3Client;
  let athena: AthenaClient;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: hub });
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-athena-"));
    s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
    athena = new AthenaClient(clientSettings(front));
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    for (const kind of Object.values(bucketOfTable)) {
      await s3.send(
        new CreateBucketCommand({ Bucket: bucketName(landscape, kind), CreateBucketConfiguration }),
      );
    }
    await athena.send(new CreateWorkGroupCommand({ Name: investigationWorkgroupName(landscape) }));
  });

  afterAll(async () => {
    await front.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const put = (table: keyof typeof bucketOfTable, Key: string, size: number) =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucketName(landscape, bucketOfTable[table]),
        Key,
        Body: "x".repeat(size),
      }),
    );

  const query = (...args: string[]) =>
    run(process.execPath, [path.join(repository, "bin", "ir-kit.js"), "query", ...args], {
      directory: repository,
      environment: localProcessEnvironment(localEnvironment(front.port, "eu-west-1", directory)),
    });

  const asked = async (): Promise<string[]> => {
    const { QueryExecutionIds = [] } = await athena.send(new ListQueryExecutionsCommand({}));
    const all = await Promise.all(
      QueryExecutionIds.map((QueryExecutionId) =>
        athena.send(new GetQueryExecutionCommand({ QueryExecutionId })),
      ),
    );
    return all.map(({ QueryExecution }) => QueryExecution?.Query ?? "");
  };

  const today = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  const trail = (account: string, region: string, name: string) =>
    `AWSLogs/o-a1b2c3d4e5/${account}/CloudTrail/${region}/${today}/${name}.json.gz`;

  it("says that there is nothing to ask where there are no logs", async () => {
    const { exitCode, output } = await query("what-root-did");
    expect([exitCode, await asked()]).toEqual([0, []]);
    expect(output).toContain("there are no such logs yet");
  });

  it("asks of the accounts that have logs, after an estimate of what lies in the time's folders", async () => {
    await put("cloudtrail", trail("555555555555", "eu-west-1", "a"), 30_000);
    await put("cloudtrail", trail("666666666666", "us-east-1", "b"), 50_000);
    await put(
      "cloudtrail",
      "AWSLogs/o-a1b2c3d4e5/555555555555/CloudTrail/eu-west-1/2020/01/01/old.json.gz",
      90_000,
    );
    const { exitCode, output } = await query("what-root-did", "--days", "2");
    expect(exitCode).toBe(0);
    expect(output).toContain("about 80.0 kB to read, $0.00005 at $5.00 a terabyte");
    const [sql] = await asked();
    expect(sql).toContain("account IN ('555555555555', '666666666666')");
    expect(sql).toContain("useridentity.type = 'Root'");
  });

  it("narrows to accounts that are asked for, and refuses one that has no logs", async () => {
    await query("what-root-did", "--account", "666666666666");
    expect((await asked()).some((sql) => sql.includes("account IN ('666666666666')"))).toBe(true);
    const before = (await asked()).length;
    const { exitCode, output } = await query("what-root-did", "--account", "777777777777");
    expect(exitCode).toBe(2);
    expect(output).toContain(
      "--account 777777777777: there are no such logs; there are 555555555555, 666666666666",
    );
    expect(await asked()).toHaveLength(before);
  });

  it("asks nothing above the sum that is allowed, unless told to", async () => {
    const before = (await asked()).length;
    const refused = await query("what-root-did", "--max-cost", "0");
    expect(refused.exitCode).toBe(2);
    expect(refused.output).toContain(
      "more than --max-cost $0.00000; narrow it by --account, --region or --days",
    );
    expect(await asked()).toHaveLength(before);
    expect((await query("what-root-did", "--max-cost", "0", "--yes")).exitCode).toBe(0);
    expect(await asked()).toHaveLength(before + 1);
  });

  it("says what an answer may lack: records that the trail does not keep, and days that are gone", async () => {
    const { exitCode, output } = await query(
      "objects-read",
      "--param",
      "bucket=acme-customers",
      "--days",
      "400",
    );
    expect(exitCode).toBe(0);
    expect(output).toContain("may not be all: no data events: logging.dataEvents lacks s3-read");
    expect(output).toContain("may not be all: looks back 400 days, and logs are kept for 365");
    expect((await query("what-root-did")).output).not.toContain("may not be all");
  });

  it("names the VPCs that have looked names up, as their table needs", async () => {
    await put("dns_queries", `eu-west-1/AWSLogs/555555555555/vpcdnsquerylogs/vpc-0aaa/${today}/q.log.gz`, 10);
    const { exitCode } = await query("who-looked-up-name", "--param", "domain=evil.example");
    expect(exitCode).toBe(0);
    expect((await asked()).some((sql) => sql.includes("vpc IN ('vpc-0aaa')"))).toBe(true);
  });

  it("finds flow logs by the folders of their days", async () => {
    const [year, month, day] = today.split("/");
    await put(
      "flow_logs",
      `AWSLogs/aws-account-id=555555555555/aws-service=vpcflowlogs/aws-region=eu-west-1/year=${year}/month=${month}/day=${day}/hour=03/f.parquet`,
      20_000_000,
    );
    const { output } = await query("ports-probed");
    expect(output).toContain("about 20.0 MB to read, $0.00010");
  });
});
