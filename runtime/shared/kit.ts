/** What steps know of the kit and the organization: plain data, derived from the landscape by whoever runs them. */
export interface Kit {
  readonly partition: string;
  /** Id of the management account, to which no policy of the organization applies. */
  readonly managementAccount: string;
  /** Path of the kit's own roles, users and policies, such as `/acme-ir/`. */
  readonly iamPath: string;
  /** Name of the staged policy that denies everything. */
  readonly denyAllPolicy: string;
  /** ARN patterns of roles that deploy the kit or the landing zone: `*` stands for any characters. */
  readonly deployers: readonly string[];
  /** Regions in which an attacker's calls are looked for. */
  readonly regions: readonly string[];
}

/** The staged policy that denies everything, as it stands in an account. */
export const denyAllArn = (kit: Kit, account: string): string =>
  `arn:${kit.partition}:iam::${account}:policy${kit.iamPath}${kit.denyAllPolicy}`;

/** How names of the kit's functions, tables and documents begin, such as `acme-ir-`. */
export const kitNames = ({ iamPath }: Kit): string => `${iamPath.slice(1, -1)}-`;
