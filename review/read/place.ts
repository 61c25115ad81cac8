import type { StackPlace } from "../graph";
import { isObject } from "./json";

const accountId = /(?<!\d)\d{12}(?!\d)/;

/** Account and Region of a stack, from the first block of the AWS provider in its configuration. */
export function placeOfConfiguration(provider: unknown): StackPlace {
  const [block] = isObject(provider) ? listOf(provider.aws) : [];
  return placeOfBlock(isObject(block) ? block : {});
}

/** The same of a plan's configuration, where each value stands in an expression. */
export function placeOfPlan(configuration: unknown): StackPlace {
  const providers = isObject(configuration) ? configuration.provider_config : undefined;
  const aws = isObject(providers) ? providers.aws : undefined;
  const expressions = isObject(aws) && isObject(aws.expressions) ? aws.expressions : {};
  return placeOfBlock(
    Object.fromEntries(
      Object.entries(expressions).map(([name, expression]) => [name, constantIn(expression)]),
    ),
  );
}

function constantIn(expression: unknown): unknown {
  if (Array.isArray(expression)) return expression.map(constantIn);
  if (!isObject(expression)) return undefined;
  if ("constant_value" in expression) return expression.constant_value;
  return Object.fromEntries(Object.entries(expression).map(([name, inner]) => [name, constantIn(inner)]));
}

function placeOfBlock(block: Readonly<Record<string, unknown>>): StackPlace {
  const [allowed] = listOf(block.allowed_account_ids);
  const [role] = listOf(block.assume_role);
  const [account] = accountId.exec(String(allowed ?? (isObject(role) ? role.role_arn : ""))) ?? [];
  const { region } = block;
  return {
    ...(account !== undefined && { account }),
    ...(typeof region === "string" && /^[a-z0-9-]+$/.test(region) && { region }),
  };
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
