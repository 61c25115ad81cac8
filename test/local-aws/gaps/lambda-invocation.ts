import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { type FunctionConfiguration, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { unzipSync } from "fflate";
import { managementKeys } from "../accounts";
import type { FrontContext } from "../front";
import { type AwsAnswer, type AwsCall, dig, errorAnswer, jsonAnswer, parseXml, text } from "../protocol";
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
    const archive = archives(context).get(key);
    if (!archive) {
      return errorAnswer(call, 404, "ResourceNotFoundException", `Function not found: ${name}`);
    }
    const configuration = await context.accounts
      .lambda(account, call.region)
      .send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return run(call, context, configuration, archive);
  },
};

async function run(
  call: AwsCall,
  context: FrontContext,
  { Role = "", Environment, Timeout = 3, FunctionName = "" }: FunctionConfiguration,
  archive: Buffer,
): Promise<AwsAnswer> {
  const session = await sessionOf(context, Role);
  if (session === undefined) {
    return errorAnswer(
      call,
      403,
      "AccessDeniedException",
      `The role ${Role} of the function cannot be assumed by Lambda.`,
    );
  }
  const folder = mkdtempSync(path.join(tmpdir(), "local-aws-function-"));
  try {
    for (const [file, content] of Object.entries(unzipSync(archive))) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), content);
    }
    writeFileSync(path.join(folder, "local-runtime.js"), localRuntime);
    const answer = await invoked(
      folder,
      {
        PATH: process.env.PATH,
        ...Environment?.Variables,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${context.port()}`,
        AWS_ENDPOINT_URL_S3_CONTROL: `http://s3-control.localhost:${context.port()}`,
        AWS_REGION: call.region,
        AWS_LAMBDA_FUNCTION_NAME: FunctionName,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
        AWS_EC2_METADATA_DISABLED: "true",
      },
      JSON.parse(call.body.toString() || "null"),
      Timeout * 1000,
    );
    const failed = "errorType" in answer;
    const plain = jsonAnswer(failed ? answer : (answer.result ?? null));
    return failed ? { ...plain, headers: { ...plain.headers, "x-amz-function-error": "Unhandled" } } : plain;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Lambda's own runtime does with a CommonJS handler. */
const localRuntime = `const dns = require("dns");
const { lookup } = dns;
// S3 Control's client puts the account before the host. Names under localhost are this machine's (RFC 6761).
dns.lookup = (name, options, done) =>
  lookup(name.endsWith(".localhost") ? "127.0.0.1" : name, options, done);
process.on("message", async ({ event, context }) => {
  let answer;
  try {
    answer = { result: await require("./index.js").handler(event, context) };
  } catch (error) {
    answer = { errorType: error.name, errorMessage: error.message };
  }
  process.send(answer, () => process.exit());
});`;

type Answer = { readonly result: unknown } | { readonly errorType: string; readonly errorMessage: string };

let invocations = 0;

function invoked(folder: string, env: NodeJS.ProcessEnv, event: unknown, timeout: number): Promise<Answer> {
  invocations += 1;
  const awsRequestId = `00000000-0000-4000-8000-${String(invocations).padStart(12, "0")}`;
  return new Promise((resolve) => {
    const child = fork(path.join(folder, "local-runtime.js"), [], {
      env,
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let log = "";
    child.stderr?.on("data", (chunk) => {
      log += String(chunk);
    });
    const timer = setTimeout(() => {
      resolve({
        errorType: "Sandbox.Timedout",
        errorMessage: `Task timed out after ${timeout / 1000} seconds`,
      });
      child.kill("SIGKILL");
    }, timeout);
    child.on("message", (answer) => resolve(answer as Answer));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ errorType: "Runtime.ExitError", errorMessage: `exited with ${code}: ${log.slice(-500)}` });
    });
    child.send({ event, context: { awsRequestId } });
  });
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
