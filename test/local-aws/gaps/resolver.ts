import { errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";
import { storeOf } from "./routes";

export const resolverTags: Gap = {
  id: "resolver-tags",
  kind: "answered",
  resources: ["aws_route53_resolver_query_log_config"],
  because: "the emulator keeps no tags of query-log configurations and of the firewall",
  concerns: (call) =>
    isCall("route53resolver", "ListTagsForResource", "TagResource", "UntagResource")(call) &&
    /:(resolver-query-log-config|firewall)/.test(String(call.parameters.ResourceArn)),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "resolver-tags", account, call.region);
    const arn = String(call.parameters.ResourceArn);
    const tags = (store.get(arn) ?? {}) as Record<string, string>;
    if (call.operation === "TagResource") {
      for (const { Key, Value } of call.parameters.Tags as { Key: string; Value: string }[])
        tags[Key] = Value;
      store.set(arn, tags);
    } else if (call.operation === "UntagResource") {
      for (const key of call.parameters.TagKeys as string[]) delete tags[key];
    } else {
      return jsonAnswer({ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
    }
    return jsonAnswer({});
  },
};

/** Tags that a query-log configuration is created with are kept where they are asked for. */
export const resolverQueryLogConfigTags: Gap = {
  id: "resolver-query-log-config-tags",
  kind: "completed",
  resources: ["aws_route53_resolver_query_log_config"],
  because: "the emulator forgets the tags that a query-log configuration is created with",
  concerns: isCall("route53resolver", "CreateResolverQueryLogConfig"),
  answer: async (call, context) => {
    const answer = await context.forward(call);
    const { ResolverQueryLogConfig } = JSON.parse(answer.body.toString()) as {
      ResolverQueryLogConfig?: { Arn: string };
    };
    const tags = call.parameters.Tags as { Key: string; Value: string }[] | undefined;
    if (!ResolverQueryLogConfig || !tags) return answer;
    const { account } = await context.callers.of(call);
    storeOf(context, "resolver-tags", account, call.region).set(
      ResolverQueryLogConfig.Arn,
      Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    );
    return answer;
  },
};

export const resolverQueryLogConfigDeletion: Gap = {
  id: "resolver-query-log-config-deletion",
  kind: "answered",
  resources: ["aws_route53_resolver_query_log_config"],
  because: "the emulator can't delete a query-log configuration",
  concerns: isCall("route53resolver", "DeleteResolverQueryLogConfig", "GetResolverQueryLogConfig"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const deleted = storeOf(context, "resolver-deleted", account, call.region);
    const id = String(call.parameters.ResolverQueryLogConfigId);
    const gone = () =>
      errorAnswer(
        call,
        400,
        "ResourceNotFoundException",
        `The specified query logging configuration ${id} doesn't exist`,
      );
    if (deleted.has(id)) return gone();
    if (call.operation === "GetResolverQueryLogConfig") return undefined;
    deleted.set(id, {});
    return jsonAnswer({ ResolverQueryLogConfig: { Id: id, Status: "DELETING" } });
  },
};
