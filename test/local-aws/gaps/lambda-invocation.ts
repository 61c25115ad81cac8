import { createHash } from "node:crypto";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { type FunctionConfiguration, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { managementKeys } from "../accounts";
import { ExecutionEnvironment } from "../execution-environment";
import type { FrontContext } from "../front";
import { type AwsCall, dig, errorAnswer, jsonAnswer, parseXml, text } from "../protocol";
import type { Gap } from "./gap";

const create = /^POST \/2015-03-31\/functions\/?$/;
const update = /^PUT \/2015-03-31\/functions\/([^/]+)\/code$/;
const invoke = /^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Archives as they were given, by account, region and name of the function. */
const archives = ({ memory }: FrontContext) => memory("lambda-invocation", () => new Map<string, Buffer>());

const nameOf = (text: string): string => decodeURIComponent(text).replace(/^arn:.*:function:/, "");

/**
 * Runs the archive that was deployed, in a process of its own, with the environment and the role of the function; its
 * calls come back to the front and are judged as the role's.
 */
export const lambdaInvocation: Gap = {
  id: "lambda-invocation",
  kind: "answered",
  resources: ["lambda:InvokeFunction"],
  because: "the emulator runs functions in containers only, which this machine may not have",
  concerns: ({ service, operation }) =>
    service === "lambda" && [create, update, invoke].some((pattern) => pattern.test(operation)),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const name = nameOf(
      update.exec(call.operation)?.[1] ??
        invoke.exec(call.operation)?.[1] ??
        String(call.parameters.FunctionName),
    );
    const key = `${account}:${call.region}:${name}`;
    if (!invoke.test(call.operation)) {
      const code = (call.parameters.Code ?? call.parameters) as { readonly ZipFile?: string };
      if (code.ZipFile !== undefined) archives(context).set(key, Buffer.from(code.ZipFile, "base64"));
      return undefined;
    }
    const event: unknown = JSON.parse(call.body.toString() || "null");
    const answer = await invokeFunction(context, { account, region: call.region, name }, event);
    if ("refused" in answer) {
      return errorAnswer(call, answer.status, answer.refused, answer.message);
    }
    const failed = "errorType" in answer;
    const plain = jsonAnswer(failed ? answer : (answer.result ?? null));
    return failed ? { ...plain, headers: { ...plain.headers, "x-amz-function-error": "Unhandled" } } : plain;
  },
};

/** Where a function stands. */
export interface FunctionPlace {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** Runs a function with an event; Lambda refuses where there is none, or where its role does not trust Lambda. */
export async function invokeFunction(
  context: FrontContext,
  { account, region, name }: FunctionPlace,
  event: unknown,
) {
  const archive = archives(context).get(`${account}:${region}:${name}`);
  if (!archive) {
    const message = `Function not found: ${name}`;
    return { refused: "ResourceNotFoundException", status: 404, message } as const;
  }
  const configuration = await context.accounts
    .lambda(account, region)
    .send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  const key = environmentKey(configuration, archive);
  const environment =
    idleEnvironments(context).get(key)?.pop() ??
    (await startEnvironment(key, region, context, configuration, archive));
  if (environment === undefined) {
    const message = `The role ${configuration.Role} of the function cannot be assumed by Lambda.`;
    return { refused: "AccessDeniedException", status: 403, message } as const;
  }
  return environment.invoke(event, (configuration.Timeout ?? 3) * 1000);
}

/**
 * Environments that wait for their next event, as Lambda's do: what a function keeps outside of its handler is still
 * there, and its session is the one it began with.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const idleEnvironments = ({ memory }: FrontContext) =>
  memory("lambda-environments", () => new Map<string, ExecutionEnvironment[]>(), { copied: false });

/** An environment is used again only for the same code under the same configuration. */
const environmentKey = ({ FunctionArn, Role, Environment }: FunctionConfiguration, archive: Buffer): string =>
  JSON.stringify([
    FunctionArn,
    Role,
    Environment?.Variables,
    createHash("sha256").update(archive).digest("hex"),
  ]);

/** @returns nothing where the function's role doesn't trust Lambda */
async function startEnvironment(
  key: string,
  region: string,
  context: FrontContext,
  configuration: FunctionConfiguration,
  archive: Buffer,
): Promise<ExecutionEnvironment | undefined> {
  const session = await sessionOf(context, configuration.Role ?? "");
  if (session === undefined) return undefined;
  const idle = idleEnvironments(context);
  return new ExecutionEnvironment(
    archive,
    {
      PATH: process.env.PATH,
      ...configuration.Environment?.Variables,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${context.port()}`,
      AWS_ENDPOINT_URL_S3_CONTROL: `http://s3-control.localhost:${context.port()}`,
      AWS_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: configuration.FunctionName,
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    {
      idle: (environment) => idle.set(key, [...(idle.get(key) ?? []), environment]),
      ended: (environment) => {
        const others = (idle.get(key) ?? []).filter((other) => other !== environment);
        idle.set(key, others);
      },
    },
  );
}

/** A session of the function's role, which must trust Lambda. */
async function sessionOf(context: FrontContext, roleArn: string) {
  const [, , , , account = ""] = roleArn.split(":");
  const { Role } = await context.accounts
    .iam(account)
    .send(new GetRoleCommand({ RoleName: roleArn.slice(roleArn.lastIndexOf("/") + 1) }));
  if (!decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "").includes("lambda.amazonaws.com")) {
    return undefined;
  }
  const parameters = {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: roleArn,
    RoleSessionName: "function",
  };
  const call: AwsCall = {
    service: "sts",
    region: "us-east-1",
    accessKeyId: managementKeys.accessKeyId,
    protocol: "query",
    operation: "AssumeRole",
    parameters,
    method: "POST",
    target: "/",
    path: "/",
    query: new URLSearchParams(),
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${managementKeys.accessKeyId}/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: Buffer.from(new URLSearchParams(parameters).toString()),
  };
  const answer = await context.forward(call);
  await context.callers.learn(call, answer);
  const credentials = dig(parseXml(answer.body), "AssumeRoleResponse", "AssumeRoleResult", "Credentials");
  return {
    accessKeyId: text(dig(credentials, "AccessKeyId")) ?? "",
    secretAccessKey: text(dig(credentials, "SecretAccessKey")) ?? "",
    sessionToken: text(dig(credentials, "SessionToken")) ?? "",
  };
}
