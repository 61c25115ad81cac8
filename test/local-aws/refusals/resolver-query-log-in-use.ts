import { storeOf } from "../gaps/routes";
import { type Refusal, refused } from "./refusal";

/** What was shared with others is taken from them when sharing ends; the owner's own VPCs stay. */
export const queryLogInUse: Refusal = {
  id: "resolver-query-log-in-use",
  because: "a configuration of query logging is deleted only when none of the account's VPCs uses it",
  source: "Amazon Route 53 API reference, DeleteResolverQueryLogConfig",
  inspect: async (call, context) => {
    if (call.service !== "route53resolver" || call.operation !== "DeleteResolverQueryLogConfig")
      return undefined;
    const { account } = await context.callers.of(call);
    const id = String(call.parameters.ResolverQueryLogConfigId);
    const associations = storeOf(context, "resolver-associations", account, call.region);
    return [...associations.values()].some(({ ResolverQueryLogConfigId }) => ResolverQueryLogConfigId === id)
      ? refused(
          400,
          "InvalidRequestException",
          `[RSLVR-01301] The query logging configuration ${id} is associated with VPCs: disassociate them first`,
        )
      : undefined;
  },
};
