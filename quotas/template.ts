import { unknownText } from "./values";

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A CloudFormation template, as far as quotas look at it. */
export interface TemplateJson {
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

const account = "1".repeat(12);

/** What CloudFormation fills in, as long as it may become. */
const longest: Readonly<Record<string, string>> = {
  "AWS::AccountId": account,
  "AWS::Partition": "aws-us-gov",
  "AWS::Region": "ap-southeast-1",
  "AWS::StackName": "x".repeat(128),
  "AWS::URLSuffix": "amazonaws.com.cn",
  HubAccountId: account,
};

const filledIn = (text: string): string =>
  text
    .replace(/\$\{(?!!)([^}]+)\}/g, (_, name: string) => longest[name.trim()] ?? unknownText)
    .replaceAll("${!", "${");

/** Of two branches the longer. */
const longer = (one: unknown, other: unknown): unknown =>
  JSON.stringify(one).length >= JSON.stringify(other).length ? one : other;

/** A value of a template as the service receives it, references at their longest. */
export function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (value === null || typeof value !== "object") return value;
  const [[key, argument] = ["", undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (key === "Ref") return longest[String(argument)] ?? unknownText;
    if (key === "Fn::Sub") return filledIn(String(Array.isArray(argument) ? argument[0] : argument));
    if (key === "Fn::GetAtt") return unknownText;
    if (key === "Fn::If" && Array.isArray(argument))
      return longer(resolved(argument[1]), resolved(argument[2]));
    if (key === "Fn::Join" && Array.isArray(argument))
      return (resolved(argument[1]) as readonly unknown[]).map(String).join(String(argument[0]));
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each)]));
}
