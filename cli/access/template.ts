import type { PolicyDocument } from "../../policies/document";

/** A CloudFormation template as text carries it, and the values with which it is deployed. */
export interface DeployedTemplate {
  readonly template: RawTemplate;
  readonly account: string;
  readonly partition: string;
  /** Left out, a template that asks for its region is refused. */
  readonly region?: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface RawTemplate {
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, RawResource>>;
}

interface RawResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** An IAM role as it stands in an account. */
export interface StandingRole {
  readonly arn: string;
  readonly account: string;
  readonly trust: PolicyDocument;
  readonly policies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
}

/** The roles that a template makes in an account, as CloudFormation would fill it in. */
export function rolesOf(deployed: DeployedTemplate): StandingRole[] {
  const { template, account, partition } = deployed;
  const made = Object.fromEntries(
    Object.entries(template.Resources).filter(
      ([, { Condition }]) => Condition === undefined || holds(template.Conditions?.[Condition], deployed),
    ),
  );
  const policy = (reference: unknown): PolicyDocument => {
    const name = (reference as { Ref: string }).Ref;
    return filledIn(made[name]?.Properties.PolicyDocument, deployed) as PolicyDocument;
  };
  return Object.values(made)
    .filter(({ Type }) => Type === "AWS::IAM::Role")
    .map(({ Properties: properties }) => ({
      arn: `arn:${partition}:iam::${account}:role${String(properties.Path)}${String(filledIn(properties.RoleName, deployed))}`,
      account,
      trust: filledIn(properties.AssumeRolePolicyDocument, deployed) as PolicyDocument,
      policies: [
        // A policy of AWS's own is named by its ARN, and its text is not the template's.
        ...list(properties.ManagedPolicyArns)
          .filter((reference) => typeof reference !== "string")
          .map(policy),
        ...list(properties.Policies).map(
          (inline) =>
            filledIn((inline as { PolicyDocument: unknown }).PolicyDocument, deployed) as PolicyDocument,
        ),
      ],
      ...(properties.PermissionsBoundary !== undefined && {
        boundary: policy(properties.PermissionsBoundary),
      }),
    }));
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The functions that the kit's templates use. */
function filledIn(value: unknown, deployed: DeployedTemplate): unknown {
  if (Array.isArray(value)) return value.map((item) => filledIn(item, deployed));
  if (value === null || typeof value !== "object") return value;
  const {
    Ref,
    "Fn::Sub": text,
    "Fn::If": choice,
  } = value as { Ref?: string; "Fn::Sub"?: string; "Fn::If"?: [string, unknown, unknown] };
  if (choice !== undefined) {
    const [condition, then, otherwise] = choice;
    return filledIn(holds(deployed.template.Conditions?.[condition], deployed) ? then : otherwise, deployed);
  }
  if (Ref !== undefined) return referenced(Ref, deployed);
  if (text !== undefined) {
    return text
      .replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => referenced(name, deployed))
      .replaceAll("${!", "${");
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filledIn(inner, deployed)]));
}

function referenced(name: string, { account, partition, region, parameters }: DeployedTemplate): string {
  const values: Readonly<Record<string, string>> = {
    "AWS::AccountId": account,
    "AWS::Partition": partition,
    ...(region !== undefined && { "AWS::Region": region }),
    ...parameters,
  };
  const value = values[name];
  if (value === undefined) throw new Error(`the template refers to ${name}, which has no value`);
  return value;
}

function holds(condition: unknown, deployed: DeployedTemplate): boolean {
  const { "Fn::Not": not, "Fn::Equals": equals } = condition as {
    "Fn::Not"?: unknown[];
    "Fn::Equals"?: unknown[];
  };
  if (not) return !holds(not[0], deployed);
  if (equals) return filledIn(equals[0], deployed) === filledIn(equals[1], deployed);
  throw new Error(`the template has a condition of an unknown kind: ${JSON.stringify(condition)}`);
}
