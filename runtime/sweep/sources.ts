import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { utc } from "../shared/clock";
import type { Place } from "./place";
import type { Silence, Source } from "./record";

/** A source's bucket, and the folder of a place in it: `{account}`, `{region}` are filled in. */
export interface Delivery {
  readonly bucket: string;
  readonly folder: string;
  /** How a day's folder is named below it: `yyyy/MM/dd`, or AWS's `year=yyyy/month=MM/day=dd`. */
  readonly days: "slashed" | "hive";
  /** Folders, such as those of VPCs, stand between the place's folder and its days. */
  readonly divided?: true;
  /** Hours after which nothing new means that nothing comes any more. */
  readonly silentAfter: number;
}

export type LogTableTime = Readonly<Record<Source, Delivery>>;

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Whether a source still delivers for a place, by the newest key in its bucket. Keys come in the order of days, so
 * that today's and the days before are looked at, newest first, and then whether there ever was one.
 */
export async function judgeSource(
  s3: S3Client,
  source: Source,
  { bucket, folder, days, divided, silentAfter }: Delivery,
  place: Place,
  now: Date,
): Promise<Silence | undefined> {
  const prefix = folder.replace("{account}", place.account).replace("{region}", place.region);
  const prefixes = divided ? await foldersBelow(s3, bucket, prefix) : [prefix];
  const backTo = Math.ceil((silentAfter * hour) / day);
  for (let back = 0; back <= backTo; back += 1) {
    const folder = dayFolder(new Date(now.getTime() - back * day), days);
    const newest = await newestOf(
      s3,
      bucket,
      prefixes.map((one) => `${one}${folder}`),
    );
    if (newest === undefined) continue;
    return now.getTime() - newest.getTime() < silentAfter * hour ? undefined : { source, last: utc(newest) };
  }
  const ever = await newestOf(s3, bucket, prefixes);
  return { source, ...(ever && { last: utc(ever) }) };
}

async function newestOf(
  s3: S3Client,
  bucket: string,
  prefixes: readonly string[],
): Promise<Date | undefined> {
  const dates = await Promise.all(prefixes.map((prefix) => newestBelow(s3, bucket, prefix)));
  return dates.reduce(
    (latest, date) => (latest === undefined || (date && date > latest) ? date : latest),
    undefined,
  );
}

async function foldersBelow(s3: S3Client, Bucket: string, Prefix: string): Promise<string[]> {
  const { CommonPrefixes = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: "/" }));
  return CommonPrefixes.map((one) => one.Prefix ?? "");
}

/** Time of the last object below a prefix, as S3 received it. */
async function newestBelow(s3: S3Client, Bucket: string, Prefix: string): Promise<Date | undefined> {
  let newest: Date | undefined;
  let ContinuationToken: string | undefined;
  do {
    const { Contents = [], NextContinuationToken } = await s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix,
        ...(ContinuationToken !== undefined && { ContinuationToken }),
      }),
    );
    for (const { LastModified } of Contents)
      if (LastModified && (newest === undefined || LastModified > newest)) newest = LastModified;
    ContinuationToken = NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return newest;
}

function dayFolder(date: Date, days: Delivery["days"]): string {
  const [year, month, dayOfMonth] = date.toISOString().slice(0, 10).split("-");
  return days === "slashed"
    ? `${year}/${month}/${dayOfMonth}/`
    : `year=${year}/month=${month}/day=${dayOfMonth}/`;
}
