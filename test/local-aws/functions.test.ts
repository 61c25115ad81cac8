import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { CreateOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { strToU8, zipSync } from "fflate";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

const archive = (code: string) => zipSync({ "index.js": strToU8(code) });

describeWithEmulator("functions on the local AWS", () => {
  let front: Front;
  let lambda: LambdaClient;
  const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;

  const create = (FunctionName: string, code: string, roleName = "runs-functions") =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: role(roleName),
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Timeout: 2,
        Environment: { Variables: { GREETING: "hello" } },
        LoggingConfig: { LogFormat: "JSON", LogGroup: `/aws/lambda/${FunctionName}` },
        Code: { ZipFile: archive(code) },
      }),
    );

  const invoke = async (FunctionName: string, event: unknown = {}) => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    return { FunctionError, answer: JSON.parse(Buffer.from(Payload ?? []).toString()) as unknown };
  };

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    await new OrganizationsClient(clientSettings(front)).send(
      new CreateOrganizationCommand({ FeatureSet: "ALL" }),
    );
    lambda = new LambdaClient(clientSettings(front));
    const iam = new IAMClient(clientSettings(front));
    for (const [RoleName, Service] of [
      ["runs-functions", "lambda.amazonaws.com"],
      ["runs-machines", "ec2.amazonaws.com"],
    ]) {
      await iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
          }),
        }),
      );
    }
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: "runs-functions",
        PolicyName: "nothing",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "sqs:ListQueues", Resource: "*" }],
        }),
      }),
    );
  });
  afterAll(() => front.stop());

  it("run from their own archive, with event, environment and the role's own session", async () => {
    await create(
      "greets",
      `exports.handler = async ({ name }, { awsRequestId }) => ({
        text: process.env.GREETING + " " + name, id: awsRequestId.length, key: process.env.AWS_ACCESS_KEY_ID.slice(0, 4), path: process.env.HOME });`,
    );
    expect(await invoke("greets", { name: "ann" })).toEqual({
      FunctionError: undefined,
      answer: { text: "hello ann", id: 36, key: "ASIA" },
    });
    await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: "greets",
        ZipFile: archive("exports.handler = async () => 'changed';"),
      }),
    );
    expect((await invoke("greets")).answer).toBe("changed");
  });

  it("are judged as their role: what it may not do, they are refused", async () => {
    await create(
      "oversteps",
      `exports.handler = async () => {
        const body = "Action=ListUsers&Version=2010-05-08";
        const { createHash, createHmac } = require("node:crypto");
        const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token, AWS_ENDPOINT_URL: url } = process.env;
        const time = new Date().toISOString().replace(/[-:]|\\.\\d+/g, "");
        const scope = time.slice(0, 8) + "/us-east-1/iam/aws4_request";
        const sha = (text) => createHash("sha256").update(text).digest("hex");
        const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
        const canonical = ["POST", "/", "", "host:" + new URL(url).host, "x-amz-date:" + time, "", "host;x-amz-date", sha(body)].join("\\n");
        const key = scope.split("/").reduce(hmac, "AWS4" + secret);
        const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha(canonical)].join("\\n")).toString("hex");
        const answer = await fetch(url, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded",
          "x-amz-date": time, "x-amz-security-token": token,
          authorization: "AWS4-HMAC-SHA256 Credential=" + id + "/" + scope + ", SignedHeaders=host;x-amz-date, Signature=" + signature } });
        return (await answer.text()).match(/assumed-role\\/[^ ]+ is not authorized to perform: iam:ListUsers/)?.[0];
      };`,
    );
    expect((await invoke("oversteps")).answer).toBe(
      "assumed-role/runs-functions/function is not authorized to perform: iam:ListUsers",
    );
  });

  it("fail as Lambda says it: an error, the end of the process, time that is over", async () => {
    await create("throws", "exports.handler = async () => { throw new TypeError('no'); };");
    await create("exits", "exports.handler = async () => process.exit(3);");
    await create("hangs", "exports.handler = () => new Promise(() => setInterval(() => {}, 1000));");
    expect(await invoke("throws")).toEqual({
      FunctionError: "Unhandled",
      answer: { errorType: "TypeError", errorMessage: "no" },
    });
    expect((await invoke("exits")).answer).toMatchObject({ errorType: "Runtime.ExitError" });
    expect((await invoke("hangs")).answer).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: "Task timed out after 2 seconds",
    });
  });

  it("do not run where there is none, nor as a role that does not trust Lambda", async () => {
    await expect(invoke("missing")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await create("mistrusted", "exports.handler = async () => 1;", "runs-machines").catch(() => undefined);
    await expect(invoke("mistrusted")).rejects.toMatchObject({
      name: expect.stringMatching(/AccessDenied|ResourceNotFound/),
    });
  });

  it("keep where they log", async () => {
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: "greets" }));
    expect(Configuration?.LoggingConfig).toEqual({ LogFormat: "JSON", LogGroup: "/aws/lambda/greets" });
  });
});
