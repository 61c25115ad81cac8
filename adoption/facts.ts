import { type Static, Type } from "@sinclair/typebox";

const account = Type.String({ pattern: "^\\d{12}$" });
const region = Type.String({ pattern: "^[a-z]{2,4}(-[a-z]+)+-\\d$" });
const closed = { additionalProperties: false } as const;
const list = <T extends Parameters<typeof Type.Array>[0]>(item: T) => Type.Optional(Type.Array(item));

/** What exists in an organization, as `ir-kit adopt` looks it up, or as somebody has collected it elsewhere. */
export const FactsSchema = Type.Object(
  {
    /** Administrators that were named for a service; `region` is absent where the service has one for all. */
    administrators: list(
      Type.Object(
        {
          service: Type.Union(
            ["access-analyzer", "guardduty", "inspector2", "macie", "securityhub"].map((name) =>
              Type.Literal(name),
            ),
          ),
          region: Type.Optional(region),
          account,
        },
        closed,
      ),
    ),
    detectors: list(
      Type.Object({ account, region, id: Type.String(), administrator: Type.Optional(account) }, closed),
    ),
    hubs: list(
      Type.Object(
        {
          account,
          region,
          configuration: Type.Optional(Type.Union([Type.Literal("LOCAL"), Type.Literal("CENTRAL")])),
        },
        closed,
      ),
    ),
    aggregators: list(Type.Object({ account, region, arn: Type.String() }, closed)),
    macie: list(Type.Object({ account, region }, closed)),
    analyzers: list(Type.Object({ account, region, name: Type.String(), type: Type.String() }, closed)),
    trails: list(
      Type.Object(
        {
          account,
          region,
          name: Type.String(),
          arn: Type.String(),
          organization: Type.Boolean(),
          bucket: Type.String(),
        },
        closed,
      ),
    ),
    recorders: list(Type.Object({ account, region, name: Type.String() }, closed)),
    queryLogs: list(Type.Object({ account, region, id: Type.String(), name: Type.String() }, closed)),
  },
  closed,
);

export type Facts = Static<typeof FactsSchema>;
