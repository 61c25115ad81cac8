import { type ListObjectsV2CommandOutput, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
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

/** Folders that are looked into at the same time: mostly the first tells that logs come, and no other is asked for. */
const atFirst = 1;
const atMost = 20;

/**
 * Whether a source still delivers for a place, by the newest key in its bucket. Folders are named by time, so that the
 * last of them holds the newest: what was delivered over years is not listed.
 */
export async function judgeSource(
  s3: S3Client,
  source: Source,
  { bucket, folder, days, divided, silentAfter }: Delivery,
  place: Place,
  now: Date,
): Promise<Silence | undefined> {
  const prefix = folder.replace("{account}", place.account).replace("{region}", place.region);
  const prefixes = divided ? (await levelOf(s3, bucket, prefix)).folders : [prefix];
  let last: Date | undefined;
  for (let from = 0, count = atFirst; from < prefixes.length; from += count, count = atMost) {
    const found = await Promise.all(
      prefixes.slice(from, from + count).map(async (one) => {
        const today = await newestBelow(s3, bucket, `${one}${dayFolder(now, days)}`);
        return today ?? newestBelow(s3, bucket, one);
      }),
    );
    last = latest([last, ...found]);
    if (last && now.getTime() - last.getTime() < silentAfter * hour) return undefined;
  }
  return { source, ...(last && { last: utc(last) }) };
}

const latest = (dates: readonly (Date | undefined)[]): Date | undefined =>
  dates.reduce((one, other) => (one === undefined || (other && other > one) ? other : one), undefined);

interface Level {
  readonly folders: readonly string[];
  readonly newest?: Date;
}

/** Folders directly below a prefix, and the time of the last object that lies beside them. */
async function levelOf(client: S3Client, Bucket: string, Prefix: string): Promise<Level> {
  const pages: ListObjectsV2CommandOutput[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix, Delimiter: "/" })) {
    pages.push(page);
  }
  const newest = latest(
    pages.flatMap(({ Contents = [] }) => Contents.map(({ LastModified }) => LastModified)),
  );
  return {
    folders: pages.flatMap(({ CommonPrefixes = [] }) => CommonPrefixes.map((one) => one.Prefix ?? "")),
    ...(newest && { newest }),
  };
}

/** Time of the last object in the last folder below a prefix, as S3 received it. */
async function newestBelow(s3: S3Client, bucket: string, prefix: string): Promise<Date | undefined> {
  const { folders, newest } = await levelOf(s3, bucket, prefix);
  const last = [...folders].sort().at(-1);
  return last === undefined ? newest : newestBelow(s3, bucket, last);
}

function dayFolder(date: Date, days: Delivery["days"]): string {
  const [year, month, dayOfMonth] = date.toISOString().slice(0, 10).split("-");
  return days === "slashed"
    ? `${year}/${month}/${dayOfMonth}/`
    : `year=${year}/month=${month}/day=${dayOfMonth}/`;
}
