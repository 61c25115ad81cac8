import { type Static, Type } from "@sinclair/typebox";
import { AccountId, closed, RegionName } from "../schema/texts";

const name = Type.String({ minLength: 1 });
const State = Type.Optional(Type.Literal("retired"));
/** The kit has made it, and Terraform keeps it. */
const Made = Type.Optional(Type.Literal(true));

const DeployedAccount = Type.Object(
  {
    name,
    /** Absent until bootstrap has made the account. */
    id: Type.Optional(AccountId),
    /** Core roles that the account serves. */
    core: Type.Optional(Type.Array(name)),
    made: Made,
    state: State,
  },
  closed,
);

const DeployedUnit = Type.Object({ path: name, id: Type.Optional(name), made: Made, state: State }, closed);

const DeployedRegion = Type.Object({ name: RegionName, state: State }, closed);

const DeployedStack = Type.Object(
  {
    name,
    account: AccountId,
    region: RegionName,
    /** Role by which Terraform enters the account; absent for the management account. */
    role: Type.Optional(name),
    /** Addresses of what holds data, identity or evidence: Terraform destroys none of it. */
    kept: Type.Optional(Type.Array(name)),
    /** Addresses of what switches on and configures a service of `detection`: left out, the service goes on as it is. */
    services: Type.Optional(Type.Array(name)),
    /** Addresses of what was given up: Terraform forgets them, whatever it still finds in its state. */
    forgotten: Type.Optional(Type.Array(name)),
  },
  closed,
);

/** What a landscape has ever had deployed and what has not been given up since: `deployed.lock.json` beside it. */
export const DeployedSchema = Type.Object(
  {
    version: Type.Literal(1),
    names: Type.Object(
      {
        organization: name,
        organizationId: Type.Optional(name),
        partition: name,
        homeRegion: RegionName,
        distribution: name,
        /** Where Terraform's state lies; absent in files that were written before it was recorded. */
        backend: Type.Optional(name),
      },
      closed,
    ),
    regions: Type.Array(DeployedRegion),
    accounts: Type.Array(DeployedAccount),
    organizationalUnits: Type.Array(DeployedUnit),
    stacks: Type.Array(DeployedStack),
  },
  closed,
);

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export type Deployed = Frozen<Static<typeof DeployedSchema>>;
export type DeployedStack = Deployed["stacks"][number];
export type DeployedAccount = Deployed["accounts"][number];
export type DeployedUnit = Deployed["organizationalUnits"][number];
