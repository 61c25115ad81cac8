import { type _Object, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { Landscape } from "../../landscape";
import { bucketName, type LogKind, organizationId } from "../../landscape/names";
import { lateness } from "../../questions/render";
import type { TableName } from "../../questions/table";
import { bucketOfTable } from "../../questions/tables/placement";
import type { Window } from "./scope";

/** Folders of the central buckets, and what lies in them: what there is to ask, and how much of it. */
export class CentralLogs {
  constructor(
    private readonly s3: S3Client,
    private readonly landscape: Landscape,
  ) {}

  /** Ids of the accounts that have logs of a table, closed ones too. */
  async accounts(table: TableName, regions: readonly string[]): Promise<string[]> {
    switch (table) {
      case "cloudtrail": {
        const names = await this.folders("cloudtrail", `AWSLogs/${organizationId(this.landscape)}/`);
        return names.filter((name) => /^\d{12}$/.test(name));
      }
      case "flow_logs":
        return (await this.folders("flow-logs", "AWSLogs/")).flatMap(
          (name) => /=(\d{12})$/.exec(name)?.[1] ?? [],
        );
      case "dns_queries": {
        const all = await Promise.all(
          regions.map((region) => this.folders("dns-queries", `${region}/AWSLogs/`)),
        );
        return [...new Set(all.flat())].sort();
      }
    }
  }

  /** Ids of the VPCs of an account that have looked names up. */
  async vpcs(account: string, regions: readonly string[]): Promise<string[]> {
    const all = await Promise.all(
      regions.map((region) => this.folders("dns-queries", `${region}/AWSLogs/${account}/vpcdnsquerylogs/`)),
    );
    return [...new Set(all.flat())].sort();
  }

  /** Regions in which an account has logs of a table. */
  private async regionsOf(table: TableName, account: string, regions: readonly string[]): Promise<string[]> {
    const prefix = accountPrefix(table, organizationId(this.landscape), account);
    if (prefix === undefined) return [...regions];
    const names = (await this.folders(bucketOfTable[table], prefix)).map((name) =>
      name.replace(/^aws-region=/, ""),
    );
    return names.filter((name) => regions.includes(name));
  }

  /** Bytes that lie in an account's folders for a time. */
  async bytes(
    table: TableName,
    account: string,
    regions: readonly string[],
    window: Window,
  ): Promise<number> {
    const there = await this.regionsOf(table, account, regions);
    const sizes = await Promise.all(there.map((region) => this.bytesOf(table, account, region, window)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  private async bytesOf(table: TableName, account: string, region: string, window: Window): Promise<number> {
    if (table === "dns_queries") {
      const vpcs = await this.vpcs(account, [region]);
      const sizes = await Promise.all(
        vpcs.map((vpc) =>
          this.sum("dns-queries", `${region}/AWSLogs/${account}/vpcdnsquerylogs/${vpc}/`, window, slashed),
        ),
      );
      return sizes.reduce((sum, size) => sum + size, 0);
    }
    const prefix = `${accountPrefix(table, organizationId(this.landscape), account)}`;
    return table === "cloudtrail"
      ? this.sum("cloudtrail", `${prefix}${region}/`, window, slashed)
      : this.sum("flow-logs", `${prefix}aws-region=${region}/`, window, hive);
  }

  /** Keys come in the order of days, so that only those of the time are listed. */
  private async sum(
    kind: LogKind,
    Prefix: string,
    { from, to }: Window,
    folder: (day: string) => string,
  ): Promise<number> {
    const last = `${Prefix}${folder(dayOf(new Date(to.getTime() + lateness)))}/~`;
    let after = `${Prefix}${folder(dayOf(from))}`;
    let total = 0;
    for (;;) {
      const { Contents = [], IsTruncated } = await this.s3.send(
        new ListObjectsV2Command({ Bucket: bucketName(this.landscape, kind), Prefix, StartAfter: after }),
      );
      const inTime = Contents.filter(({ Key = "" }) => Key <= last);
      total += inTime.reduce((sum, { Size = 0 }: _Object) => sum + Size, 0);
      if (!IsTruncated || inTime.length < Contents.length) return total;
      after = Contents[Contents.length - 1]?.Key ?? after;
    }
  }

  private async folders(kind: LogKind, Prefix: string): Promise<string[]> {
    const names: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const { CommonPrefixes = [], NextContinuationToken } = await this.s3.send(
        new ListObjectsV2Command({
          Bucket: bucketName(this.landscape, kind),
          Prefix,
          Delimiter: "/",
          ...(ContinuationToken !== undefined && { ContinuationToken }),
        }),
      );
      names.push(...CommonPrefixes.map((one) => (one.Prefix ?? "").slice(Prefix.length, -1)));
      ContinuationToken = NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return names;
  }
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
const slashed = (day: string): string => day.replaceAll("-", "/");
const hive = (day: string): string => {
  const [year, month, date] = day.split("-");
  return `year=${year}/month=${month}/day=${date}`;
};

/** Folder of an account above those of its regions; for names looked up the region comes first. */
function accountPrefix(table: TableName, organization: string, account: string): string | undefined {
  switch (table) {
    case "cloudtrail":
      return `AWSLogs/${organization}/${account}/CloudTrail/`;
    case "flow_logs":
      return `AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/`;
    case "dns_queries":
      return undefined;
  }
}
