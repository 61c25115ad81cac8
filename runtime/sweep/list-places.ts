import { PutObjectCommand } from "@aws-sdk/client-s3";
import { Type } from "@sinclair/typebox";
import type { Step } from "../shared/step";
import { liveAccounts } from "./accounts";
import { sweepNeedsInHub } from "./needs";
import { type Place, placeSchema } from "./place";
import type { SweepSetting } from "./setting";

const input = Type.Object({
  /** Name of the execution, which names the list. */
  execution: Type.String({ pattern: "^[A-Za-z0-9_-]{1,80}$" }),
  /** Only these; every account and watched region where left out. */
  places: Type.Optional(Type.Array(placeSchema, { minItems: 1 })),
});

const output = Type.Object({
  bucket: Type.String(),
  key: Type.String(),
  count: Type.Integer(),
  /** Whether these are all there are. */
  whole: Type.Boolean(),
});

/** Writes down which places to look at: every account that there is now, in every watched region. */
export const listPlaces: Step<typeof input, typeof output, SweepSetting> = {
  id: "list-places",
  title: "Accounts that there are now, and regions that are watched",
  class: "observe",
  criticality: "critical",
  input,
  output,
  needs: sweepNeedsInHub,
  handle: async (setting, { execution, places }) => {
    const all = await placesOf(setting, places);
    const key = `sweeps/${execution}.json`;
    await setting.s3.send(
      new PutObjectCommand({
        Bucket: setting.placesBucket,
        Key: key,
        Body: JSON.stringify(all),
        ContentType: "application/json",
      }),
    );
    return { bucket: setting.placesBucket, key, count: all.length, whole: places === undefined };
  },
};

/** Not the landscape's list: an account that nobody listed is watched all the same. */
async function placesOf({ organizations, wanted }: SweepSetting, named?: readonly Place[]): Promise<Place[]> {
  const accounts = await liveAccounts(organizations);
  const places =
    named ?? accounts.flatMap(({ id }) => wanted.regions.map((region) => ({ account: id, region })));
  const joinedAt = new Map(accounts.map(({ id, joined }) => [id, joined]));
  return places.map(({ account, region }) => {
    const joined = joinedAt.get(account);
    return { account, region, ...(joined !== undefined && { joined }) };
  });
}
