import { type PriceId, prices } from "../landscape/prices";

/** A stack as Terraform reads it, as far as the model looks. */
export interface PricedStack {
  readonly name: string;
  readonly region: string;
  readonly resources: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Something that is paid for although nothing happens. */
export interface CostLine {
  readonly what: string;
  readonly stack: string;
  readonly region: string;
  readonly price: PriceId;
  readonly quantity: number;
  /** Of what there is one: the organization, or each account in it. */
  readonly each: "organization" | "account";
}

export interface CostInput {
  readonly stacks: readonly PricedStack[];
  /** Roles that the baseline puts into each account. */
  readonly rolesOfAccount: number;
  /** Hours from one sweep to the next. */
  readonly sweepEvery: number;
  readonly regions: number;
}

const hoursOfMonth = 730;

/** Seconds and gigabytes that looking at one place takes, on the safe side; `npm run bench` measures it. */
const placeSeconds = 3;
const placeGigabytes = 0.5;

const fixed: Readonly<Record<string, { readonly what: string; readonly price: PriceId }>> = {
  aws_kms_key: { what: "encryption keys", price: "kmsKey" },
  aws_cloudwatch_metric_alarm: { what: "alarms", price: "alarm" },
};

/** Subnets, each in a zone of its own, of the network in which endpoints stand. */
const zonesOfEndpoints = 2;

/** What stands, and is paid for as long as it does. */
export const standingCost = (stacks: readonly PricedStack[]): CostLine[] =>
  stacks.flatMap(({ name, region, resources }) => {
    const line = (what: string, price: PriceId, quantity: number): CostLine[] =>
      quantity === 0 ? [] : [{ what, stack: name, region, price, quantity, each: "organization" }];
    const endpoints = (resources.aws_vpc_endpoint ?? []).filter(
      ({ vpc_endpoint_type: type }) => type === "Interface",
    );
    return [
      ...Object.entries(fixed).flatMap(([type, { what, price }]) =>
        line(what, price, resources[type]?.length ?? 0),
      ),
      ...line("interface endpoints", "endpointHour", endpoints.length * zonesOfEndpoints * hoursOfMonth),
    ];
  });

/** What logging and detection cost in a month in which nothing happens, from the stacks that are deployed. */
export function idleCost({ stacks, rolesOfAccount, sweepEvery, regions }: CostInput): CostLine[] {
  const lines = standingCost(stacks);
  const has = (type: string, fits: (one: Readonly<Record<string, unknown>>) => boolean = () => true) =>
    stacks.find(({ resources }) => resources[type]?.some(fits));
  const unused = has("aws_accessanalyzer_analyzer", ({ type }) => type === "ORGANIZATION_UNUSED_ACCESS");
  const ofAccount = (
    stack: PricedStack | undefined,
    what: string,
    price: PriceId,
    quantity: number,
  ): CostLine[] =>
    stack ? [{ what, stack: stack.name, region: stack.region, price, quantity, each: "account" }] : [];
  const sweeps = hoursOfMonth / sweepEvery;
  const machine = stacks.find(({ name }) => name === "sweep");
  return [
    ...lines,
    ...ofAccount(unused, "the kit's own roles, looked at for unused access", "unusedAccess", rolesOfAccount),
    ...ofAccount(
      machine,
      "looking at an account's regions",
      "functionSeconds",
      sweeps * regions * placeSeconds * placeGigabytes,
    ),
  ];
}

export const dollars = (line: CostLine): number => {
  const { dollars: byRegion } = prices[line.price];
  return line.quantity * (byRegion[line.region as keyof typeof byRegion] ?? byRegion["us-east-1"]);
};

export const sum = (lines: readonly CostLine[]): number =>
  lines.reduce((total, line) => total + dollars(line), 0);
