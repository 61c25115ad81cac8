import type { FrontContext } from "../front";
import type { Gap } from "./gap";

const create = /^POST \/2015-03-31\/functions\/?$/;
const update = /^PUT \/2015-03-31\/functions\/([^/]+)\/configuration$/;
const read = /^GET \/2015-03-31\/functions\/([^/]+)(\/configuration)?$/;

/** Configurations as they were given, by account, region and name of the function. */
const configurations = ({ memory }: FrontContext) =>
  memory("lambda-logging-config", () => new Map<string, unknown>());

export const lambdaLoggingConfig: Gap = {
  id: "lambda-logging-config",
  kind: "completed",
  resources: ["aws_lambda_function"],
  because: "the emulator forgets where a function logs, so that a second plan sets it again",
  concerns: ({ service, operation }) =>
    service === "lambda" && [create, update, read].some((pattern) => pattern.test(operation)),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const name = (update.exec(call.operation) ?? read.exec(call.operation))?.[1];
    const key = `${account}:${call.region}:${decodeURIComponent(name ?? String(call.parameters.FunctionName))}`;
    if (!read.test(call.operation)) {
      const { LoggingConfig } = call.parameters;
      if (LoggingConfig !== undefined) configurations(context).set(key, LoggingConfig);
      return undefined;
    }
    const LoggingConfig = configurations(context).get(key);
    const answer = await context.forward(call);
    if (LoggingConfig === undefined || answer.status !== 200) return answer;
    const body = JSON.parse(answer.body.toString()) as { Configuration?: object };
    const completed = body.Configuration
      ? { ...body, Configuration: { ...body.Configuration, LoggingConfig } }
      : { ...body, LoggingConfig };
    return { ...answer, body: JSON.stringify(completed) };
  },
};
