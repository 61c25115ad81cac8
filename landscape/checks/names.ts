import { limitOf } from "../../quotas";
import { type BucketKind, bucketNameOf } from "../names";
import { type Finding, show } from "../problems";
import { type Check, regions, type SoundPart } from "./check";

/** Buckets of which there is one in each region of evidence, and those of the home region. */
const regionalKinds: readonly BucketKind[] = ["evidence", "evidence-access", "tools"];
const homeKinds: readonly BucketKind[] = [
  "access-logs",
  "cloudtrail",
  "config-history",
  "dns-queries",
  "findings",
  "flow-logs",
  "query-results",
  "state",
  "sweeps",
];

const anyAccount = "0".repeat(12);

/** Account and region are part of a bucket's name, so that the organization's has the less room the longer these are. */
function bucketNamesFit(file: SoundPart): Finding[] {
  const { organization, homeRegion, forensics } = file;
  const watched = regions(file).map(({ name }) => name);
  const name = organization?.name;
  if (name === undefined) return [];
  const of = (kinds: readonly BucketKind[], places: readonly (string | undefined)[]) =>
    kinds.flatMap((kind) => places.map((region = "") => bucketNameOf(name, kind, anyAccount, region)));
  const names = [
    ...of(homeKinds, [homeRegion]),
    ...(forensics === undefined ? [] : of(regionalKinds, [homeRegion, ...(forensics.regions ?? watched)])),
  ];
  const longest = names.reduce((a, b) => (b.length > a.length ? b : a), "");
  const limit = limitOf("bucket-name");
  const tooMany = longest.length - limit;
  if (tooMany <= 0) return [];
  return [
    {
      path: ["organization", "name"],
      message:
        `${show(name)} has ${name.length} characters and makes a bucket's name of ${longest.length} ` +
        `(${longest.replace(anyAccount, "<account>")}); S3 takes ${limit}: use at most ${name.length - tooMany} characters`,
    },
  ];
}

export const nameChecks: readonly Check[] = [bucketNamesFit];
