import { type Static, Type } from "@sinclair/typebox";
import { closed, literals } from "./texts";

const asserted = (what: string) =>
  Type.Optional(literals(["heal", "report"] as const, `${what}: made so in every account, or reported`));

export const Sweep = Type.Object(
  {
    everyHours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 24,
        description: "Hours from one look at every account and region to the next",
        errorMessage: "is not a number of hours from 1 to 24",
      }),
    ),
    placesAtOnce: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 500,
        description:
          "Accounts and regions that are looked at at the same time, each by a function in the hub's account",
        errorMessage: "is not a number of places from 1 to 500",
      }),
    ),
    ebsEncryptionByDefault: asserted("New volumes are encrypted"),
    blockPublicSnapshots: asserted("Snapshots can't be made public"),
    blockPublicBuckets: asserted("No bucket of an account can be made public"),
  },
  {
    ...closed,
    description: "What looks at every account and region, and switches on logging where it is missing",
  },
);

export type SweepFile = Static<typeof Sweep>;
