import { type Attributes, isUnknown, leftToAws, marker, type Resource, type Value } from "./graph";
import { isObject } from "./read/json";
import type { PolicyCarrier } from "./rules/terms";

/** A statement in one form, however its author wrote it: lists where one would do, keys of conditions in small letters. */
export interface Statement {
  readonly Effect: string;
  readonly Sid?: string;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Principal?: readonly Principal[];
  readonly NotPrincipal?: readonly Principal[];
  readonly Condition?: readonly Condition[];
}

export interface Principal {
  readonly type: string;
  readonly id: string;
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A policy document where it stands; without statements where it is not known before apply. */
export interface PolicyDocument {
  readonly carrier: PolicyCarrier;
  /** Names of attributes, joined by dots. */
  readonly at: string;
  readonly statements: readonly Statement[] | undefined;
  /** Whether a condition, the principals or the actions of some statement are known after apply only. */
  readonly isPartlyUnread?: boolean;
}

/** Attributes that hold a policy, whatever else a type has: what is unknown there is a policy nobody has read. */
const policyAttributes = new Set([
  "policy",
  "assume_role_policy",
  "inline_policy",
  "access_policy",
  "access_policies",
  "policy_document",
  "PolicyDocument",
  "AssumeRolePolicyDocument",
  "KeyPolicy",
  "ResourcePolicy",
  "AccessPolicies",
]);

const identityTypes = new Set([
  "aws_iam_policy",
  "aws_iam_role_policy",
  "aws_iam_user_policy",
  "aws_iam_group_policy",
  "aws_iam_role",
  "aws_ssoadmin_permission_set_inline_policy",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::IAM::User",
  "AWS::IAM::Group",
]);

function carrierOf({ type, attributes }: Resource, at: string): PolicyCarrier {
  if (/^(assume_role_policy|AssumeRolePolicyDocument)$/.test(at)) return "trust";
  if (type === "aws_organizations_policy") {
    return attributes.type === "RESOURCE_CONTROL_POLICY" ? "resource-control" : "service-control";
  }
  // It narrows what goes through the endpoint, and grants nothing.
  if (type === "aws_vpc_endpoint" || type === "AWS::EC2::VPCEndpoint") return "endpoint";
  return identityTypes.has(type) ? "identity" : "resource";
}

/** Every policy document that a resource carries. */
export function policiesOf(resource: Resource): PolicyDocument[] {
  // Other kinds of organization policies grant and deny nothing.
  if (resource.type === "aws_organizations_policy" && !isControlPolicy(resource)) return [];
  const found: PolicyDocument[] = [];
  const walk = (value: Value, at: string): void => {
    const document = documentOf(value, at, resource.type);
    if (document) {
      found.push({ carrier: carrierOf(resource, at), at, ...document });
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, at);
    } else if (isObject(value)) {
      for (const [name, item] of Object.entries(value as Attributes)) walk(item, at ? `${at}.${name}` : name);
    }
  };
  walk(resource.attributes, "");
  return found;
}

/** What has no type is a service control policy. Source: argument `type` of aws_organizations_policy. */
const isControlPolicy = ({ attributes: { type = "SERVICE_CONTROL_POLICY" } }: Resource): boolean =>
  isUnknown(type) || /_CONTROL_POLICY$/.test(String(type));

const holdsPolicy = (type: string, at: string): boolean =>
  policyAttributes.has(at.slice(at.lastIndexOf(".") + 1)) ||
  (type === "aws_organizations_policy" && at === "content");

function documentOf(
  value: Value,
  at: string,
  type: string,
): Pick<PolicyDocument, "statements" | "isPartlyUnread"> | undefined {
  const document = typeof value === "string" ? parsed(value) : value;
  if (isObject(document) && "Statement" in document) {
    return { statements: statementsOf(document), ...(hasOpenParts(document) && { isPartlyUnread: true }) };
  }
  return isUnknown(value) && value !== leftToAws && holdsPolicy(type, at)
    ? { statements: undefined }
    : undefined;
}

const parts = ["Condition", "Principal", "NotPrincipal", "Action", "NotAction", "Effect"] as const;

const hasOpenParts = ({ Statement }: Record<string, unknown>): boolean =>
  (Array.isArray(Statement) ? Statement : [Statement])
    .filter(isObject)
    .some((statement) => parts.some((part) => isWhollyUnknown(statement[part])));

function parsed(text: string): unknown {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith("{")) return undefined;
  try {
    return JSON.parse(trimmed);
  } catch {
    return undefined;
  }
}

/** Nothing where a statement as a whole is known after apply only. */
function statementsOf({ Statement }: Record<string, unknown>): Statement[] | undefined {
  const list = Array.isArray(Statement) ? Statement : [Statement];
  if (list.some(isUnknown)) return undefined;
  return list.filter(isObject).map((statement) => ({
    Effect: String(statement.Effect),
    ...(typeof statement.Sid === "string" && { Sid: statement.Sid }),
    ...texts(statement, "Action", "NotAction", "Resource", "NotResource"),
    ...principals(statement, "Principal", "NotPrincipal"),
    ...("Condition" in statement && { Condition: conditionsOf(statement.Condition) }),
  }));
}

const isWhollyUnknown = (value: unknown): boolean => typeof value === "string" && value.startsWith(marker);

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

const texts = (statement: Record<string, unknown>, ...names: string[]) =>
  Object.fromEntries(
    names.filter((name) => name in statement).map((name) => [name, listOf(statement[name])]),
  );

const principals = (statement: Record<string, unknown>, ...names: string[]) =>
  Object.fromEntries(
    names.filter((name) => name in statement).map((name) => [name, principalsOf(statement[name])]),
  );

/** `"*"` and `{"AWS": "*"}` are the same to AWS. Source: "AWS JSON policy elements: Principal". */
const principalsOf = (value: unknown): Principal[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([type, ids]) => listOf(ids).map((id) => ({ type, id })))
    : listOf(value).map((id) => ({ type: "AWS", id }));

const conditionsOf = (value: unknown): Condition[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([operator, keys]) =>
        Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => ({
          operator,
          key: key.toLowerCase(),
          values: listOf(values),
        })),
      )
    : [];
