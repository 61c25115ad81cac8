import { isUnknown, leftToAws, type Resource, type Value } from "../graph";
import type { PolicyDocument } from "../policies";

/** A key without a policy lets its account decide. Source: "Default key policy" (AWS KMS). */
export function defaultKeyPolicy({ type, attributes }: Resource): PolicyDocument | undefined {
  const isKey = /^(aws_kms_(replica_)?key|AWS::KMS::Key)$/.test(type);
  const policy = attributes.policy ?? attributes.KeyPolicy ?? leftToAws;
  if (!isKey || policy !== leftToAws) return undefined;
  const account = { type: "AWS", id: "everyone whom the key's account lets" };
  return {
    carrier: "resource",
    at: "policy",
    statements: [{ Effect: "Allow", Action: ["kms:*"], Resource: ["*"], Principal: [account] }],
  };
}

/** Names that the provider and CloudFormation give to what a permission of a function says. */
const permissionNames = {
  aws_lambda_permission: {
    action: "action",
    principal: "principal",
    name: "function_name",
    qualifier: "qualifier",
    limits: [
      ["source_arn", "ArnLike", "aws:sourcearn"],
      ["source_account", "StringEquals", "aws:sourceaccount"],
      ["principal_org_id", "StringEquals", "aws:principalorgid"],
      ["function_url_auth_type", "StringEquals", "lambda:functionurlauthtype"],
      ["event_source_token", "StringEquals", "lambda:eventsourcetoken"],
    ],
  },
  "AWS::Lambda::Permission": {
    action: "Action",
    principal: "Principal",
    name: "FunctionName",
    qualifier: "Qualifier",
    limits: [
      ["SourceArn", "ArnLike", "aws:sourcearn"],
      ["SourceAccount", "StringEquals", "aws:sourceaccount"],
      ["PrincipalOrgID", "StringEquals", "aws:principalorgid"],
      ["FunctionUrlAuthType", "StringEquals", "lambda:functionurlauthtype"],
      ["EventSourceToken", "StringEquals", "lambda:eventsourcetoken"],
    ],
  },
} as const;

export const isPermission = (type: string): type is keyof typeof permissionNames =>
  Object.hasOwn(permissionNames, type);

/** What a permission adds to the policy of a function. Source: "AddPermission" (Lambda API reference). */
export function permissionOf({ type, attributes }: Resource): PolicyDocument | undefined {
  if (!isPermission(type)) return undefined;
  const names = permissionNames[type];
  const Condition = names.limits.flatMap(([attribute, operator, key]) => {
    const value: Value | undefined = attributes[attribute];
    return value === undefined || value === leftToAws ? [] : [{ operator, key, values: [String(value)] }];
  });
  const [id, name] = [String(attributes[names.principal]), attributes[names.name]];
  const qualifier = attributes[names.qualifier];
  return {
    carrier: "resource",
    at: "permission",
    statements: [
      {
        Effect: "Allow",
        Action: [String(attributes[names.action])],
        Resource: [qualifier === undefined || isUnknown(qualifier) ? String(name) : `${name}:${qualifier}`],
        Principal: [{ type: id.endsWith(".amazonaws.com") ? "Service" : "AWS", id }],
        ...(Condition.length > 0 && { Condition }),
      },
    ],
  };
}
