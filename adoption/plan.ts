import type { Landscape } from "../landscape/model";
import {
  accountId,
  analyzerKinds,
  analyzerName,
  queryLogName,
  recorderName,
  trailName,
} from "../landscape/names";
import { prices } from "../landscape/prices";
import { delegatedServices } from "../landscape/services";
import type { Facts } from "./facts";

/** Something that exists and becomes a resource of a stack: Terraform imports it with the next apply. */
export interface Import {
  readonly stack: string;
  readonly type: string;
  /** Part of the resource's name in the stack, where there are several of its type. */
  readonly named?: string;
  readonly id: string;
}

/** Something that exists and does not go together with what the landscape wants, and what to do. */
export interface Conflict {
  readonly what: string;
  readonly remedy: string;
}

export interface Adoption {
  readonly imports: readonly Import[];
  readonly conflicts: readonly Conflict[];
}

type Part = (landscape: Landscape, facts: Facts) => (Import | Conflict)[];

const security = ({ accounts }: Landscape): string => accountId(accounts.security);
const management = ({ accounts }: Landscape): string => accountId(accounts.management);
const watched = ({ regions }: Landscape, region: string): boolean => regions.includes(region);

const administrators: Part = (landscape, { administrators: all = [] }) =>
  all.flatMap(({ service, region = landscape.homeRegion, account }): (Import | Conflict)[] => {
    const delegation = delegations[service];
    if (!delegation?.wanted(landscape) || !watched(landscape, region)) return [];
    if (account !== security(landscape)) {
      return [
        {
          what: `${delegation.title} in ${region} is administered by account ${account}, not by the security account`,
          remedy: `end that delegation, or make ${account} the security account, or say detection.${delegation.field}.owner: existing`,
        },
      ];
    }
    const isOnce = delegation.once && region !== landscape.homeRegion;
    return isOnce
      ? []
      : [{ stack: `delegation-${region}`, type: delegation.type, id: delegation.id?.(account) ?? account }];
  });

interface Delegation {
  readonly title: string;
  readonly field: string;
  readonly type: string;
  readonly wanted: (landscape: Landscape) => boolean;
  /** One administrator for all regions. */
  readonly once?: true;
  readonly id?: (account: string) => string;
}

const delegations: Readonly<Record<string, Delegation>> = {
  "access-analyzer": {
    title: "IAM Access Analyzer",
    field: "accessAnalyzer",
    type: "aws_organizations_delegated_administrator",
    wanted: () => true,
    once: true,
    id: (account) => `${account}/${delegatedServices[0]}`,
  },
  guardduty: {
    title: "GuardDuty",
    field: "guardDuty",
    type: "aws_guardduty_organization_admin_account",
    wanted: ({ detection }) => detection?.guardDuty !== undefined,
  },
  inspector2: {
    title: "Inspector",
    field: "inspector",
    type: "aws_inspector2_delegated_admin_account",
    wanted: ({ detection }) => detection?.inspector !== undefined,
  },
  macie: {
    title: "Macie",
    field: "macie",
    type: "aws_macie2_organization_admin_account",
    wanted: ({ detection }) => detection?.macie === true,
  },
  securityhub: {
    title: "Security Hub",
    field: "securityHub",
    type: "aws_securityhub_organization_admin_account",
    wanted: ({ detection }) => detection?.securityHub !== undefined,
    once: true,
  },
};

const detectors: Part = (landscape, { detectors: all = [] }) =>
  all.flatMap(({ account, region, id, administrator }): (Import | Conflict)[] => {
    if (!landscape.detection?.guardDuty || !watched(landscape, region)) return [];
    if (administrator !== undefined && administrator !== security(landscape)) {
      return [
        {
          what: `the detector of account ${account} in ${region} is owned by administrator ${administrator}`,
          remedy: "disassociate it there first: an account has one administrator",
        },
      ];
    }
    const type = "aws_guardduty_detector";
    if (account === security(landscape)) return [{ stack: `administrator-${region}`, type, id }];
    if (account === management(landscape)) return [{ stack: `delegation-${region}`, type, id }];
    return [];
  });

const hubs: Part = (landscape, { hubs: all = [], aggregators = [] }) => {
  if (!landscape.detection?.securityHub) return [];
  const home = landscape.homeRegion;
  const own = all.find(({ account, region }) => account === security(landscape) && region === home);
  return [
    ...(own ? [{ stack: `administrator-${home}`, type: "aws_securityhub_account", id: own.account }] : []),
    ...(own?.configuration === "LOCAL"
      ? [
          {
            what: `Security Hub of the security account in ${home} is configured locally, account by account`,
            remedy:
              "the next deploy makes it central: standards that accounts have chosen are replaced by those of the landscape; compare them before",
          },
        ]
      : []),
    ...aggregators.flatMap(({ account, region, arn }): (Import | Conflict)[] => {
      if (account !== security(landscape)) return [];
      return region === home
        ? [{ stack: `detection-${home}`, type: "aws_securityhub_finding_aggregator", id: arn }]
        : [
            {
              what: `findings are aggregated in ${region}, not in the home region ${home}`,
              remedy: `delete that aggregator, or make ${region} the home region: there is one for all`,
            },
          ];
    }),
  ];
};

const macie: Part = (landscape, { macie: all = [] }) =>
  all.flatMap(({ account, region }): Import[] => {
    if (!landscape.detection?.macie || !watched(landscape, region)) return [];
    const type = "aws_macie2_account";
    if (account === security(landscape)) return [{ stack: `administrator-${region}`, type, id: account }];
    return account === management(landscape) ? [{ stack: `delegation-${region}`, type, id: account }] : [];
  });

const analyzers: Part = (landscape, { analyzers: all = [] }) =>
  all.flatMap(({ account, region, name, type }): (Import | Conflict)[] => {
    const { accessAnalyzer } = landscape.detection ?? {};
    if (!accessAnalyzer || account !== security(landscape) || !watched(landscape, region)) return [];
    const kind = analyzerKinds.find((one) => analyzerName(landscape, one) === name);
    if (kind)
      return [{ stack: `detection-${region}`, type: "aws_accessanalyzer_analyzer", named: kind, id: name }];
    return type === "ORGANIZATION_UNUSED_ACCESS" && accessAnalyzer.unusedAccessDays !== undefined
      ? [
          {
            what: `analyzer ${name} in ${region} looks for unused access already`,
            remedy: `two are paid twice, $${prices.unusedAccess.dollars["us-east-1"]} for each role and user: delete it, or leave out detection.accessAnalyzer.unusedAccessDays`,
          },
        ]
      : [];
  });

/** Names by which a landing zone of AWS Control Tower is known. Source: "Resources in the shared accounts". */
const ofControlTower = /^aws-controltower-/;

const trails: Part = (landscape, { trails: all = [] }) =>
  all.flatMap(({ account, name, arn, organization, bucket }): (Import | Conflict)[] => {
    if (landscape.logging.owner !== "kit" || account !== management(landscape) || !organization) return [];
    if (name === trailName(landscape)) return [{ stack: "trail", type: "aws_cloudtrail", id: arn }];
    const remedy = ofControlTower.test(name)
      ? "it is Control Tower's: set landingZone: control-tower"
      : "set logging.owner: existing, or delete it once the kit's own delivers";
    return [
      {
        what:
          `trail ${name} records the organization already, into ${bucket}; a second copy of management events costs ` +
          `$${prices.secondTrail.dollars["us-east-1"]} for 100,000`,
        remedy,
      },
    ];
  });

const recorders: Part = (landscape, { recorders: all = [] }) => {
  if (!landscape.detection?.config) return [];
  const others = all.filter(
    ({ name, region }) => name !== recorderName(landscape) && watched(landscape, region),
  );
  return others.map(({ account, region, name }) => ({
    what: `recorder ${name} of Config stands in account ${account}, ${region}, and AWS allows one`,
    remedy: ofControlTower.test(name)
      ? "it is Control Tower's: set landingZone: control-tower and detection.config: existing"
      : "set detection.config: existing, or delete it first",
  }));
};

const queryLogs: Part = (landscape, { queryLogs: all = [] }) =>
  all.flatMap(({ account, region, id, name }): Import[] =>
    landscape.logging.owner === "kit" &&
    account === security(landscape) &&
    watched(landscape, region) &&
    name === queryLogName(landscape)
      ? [{ stack: `detection-${region}`, type: "aws_route53_resolver_query_log_config", id }]
      : [],
  );

const parts: readonly Part[] = [
  administrators,
  detectors,
  hubs,
  macie,
  analyzers,
  trails,
  recorders,
  queryLogs,
];

/** What of the facts becomes the kit's, and what stands against it. */
export function planAdoption(landscape: Landscape, facts: Facts): Adoption {
  const all = parts.flatMap((part) => part(landscape, facts));
  return {
    imports: all.filter((one): one is Import => "stack" in one),
    conflicts: all.filter((one): one is Conflict => "remedy" in one),
  };
}
