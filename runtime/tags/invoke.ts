import { randomUUID } from "node:crypto";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { ask } from "../shared/invoke";
import { type TagInvocation, type TagRequest, type TagResult, tagPartition } from "./request";

/** Errors by which the function says no, before anything was tagged. */
const refusals = /^(ContractBroken|NotPossible)$/;

export interface TagFunction {
  readonly documents: DynamoDBDocumentClient;
  readonly lambda: LambdaClient;
  readonly table: string;
  readonly functionName: string;
}

/**
 * Asks the hub's function to tag resources with a case, or to take its tag off: the request is written under the case,
 * which IAM allows to sessions of that case only, and the function reads it there.
 *
 * @throws NotPossible where the function refuses, with its reason
 */
export async function askForTags(
  { documents, lambda, table, functionName }: TagFunction,
  { case: caseId, remove = false }: Pick<TagInvocation, "case" | "remove">,
  request: TagRequest,
): Promise<TagResult> {
  const item = randomUUID();
  await documents.send(
    new PutCommand({
      TableName: table,
      Item: { case: tagPartition(caseId, remove), item, ...request },
    }),
  );
  const invocation: TagInvocation = { case: caseId, item, ...(remove && { remove }) };
  return ask<TagResult>(lambda, { functionName, who: "the function that tags", refusals }, invocation);
}
