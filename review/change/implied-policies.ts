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

const permissionTypes = ["aws_lambda_permission", "AWS::Lambda::Permission"];

export const isPermission = (type: string): boolean => permissionTypes.includes(type);

/** Names of the provider and of CloudFormation for what limits a permission, with the key of the condition. */
const limits: readonly (readonly [names: readonly string[], operator: string, key: string])[] = [
  [["source_arn", "SourceArn"], "ArnLike", "aws:sourcearn"],
  [["source_account", "SourceAccount"], "StringEquals", "aws:sourceaccount"],
  [["principal_org_id", "PrincipalOrgID"], "StringEquals", "aws:principalorgid"],
  [["function_url_auth_type", "FunctionUrlAuthType"], "StringEquals", "lambda:functionurlauthtype"],
  [["event_source_token", "EventSourceToken"], "StringEquals", "lambda:eventsourcetoken"],
];

/** What a permission adds to the policy of a function. Source: "AddPermission" (Lambda API reference). */
export function permissionOf({ type, attributes }: Resource): PolicyDocument | undefined {
  if (!isPermission(type)) return undefined;
  const said = (names: readonly string[]): Value | undefined =>
    attributes[names[permissionTypes.indexOf(type)] ?? ""];
  const Condition = limits.flatMap(([names, operator, key]) => {
    const value = said(names);
    return value === undefined || value === leftToAws ? [] : [{ operator, key, values: [String(value)] }];
  });
  const id = String(said(["principal", "Principal"]));
  const name = said(["function_name", "FunctionName"]);
  const qualifier = said(["qualifier", "Qualifier"]);
  return {
    carrier: "resource",
    at: "permission",
    statements: [
      {
        Effect: "Allow",
        Action: [String(said(["action", "Action"]))],
        Resource: [qualifier === undefined || isUnknown(qualifier) ? String(name) : `${name}:${qualifier}`],
        Principal: [{ type: id.endsWith(".amazonaws.com") ? "Service" : "AWS", id }],
        ...(Condition.length > 0 && { Condition }),
      },
    ],
  };
}
