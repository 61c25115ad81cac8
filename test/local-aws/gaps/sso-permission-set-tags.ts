import { jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";
import { storeOf } from "./routes";

type Tag = { readonly Key: string; readonly Value: string };

/** Tags of Identity Center's permission sets. */
export const ssoPermissionSetTags: Gap = {
  id: "sso-permission-set-tags",
  kind: "held",
  resources: ["aws_ssoadmin_permission_set"],
  because: "the emulator can't list the tags of a permission set",
  concerns: isCall("sso", "CreatePermissionSet", "ListTagsForResource", "TagResource", "UntagResource"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "sso-permission-set-tags", account, call.region);
    const { ResourceArn, Tags, TagKeys } = call.parameters as {
      ResourceArn?: string;
      Tags?: Tag[];
      TagKeys?: string[];
    };
    if (call.operation === "CreatePermissionSet") {
      const answer = await context.forward(call);
      if (answer.status !== 200) return answer;
      const { PermissionSet } = JSON.parse(answer.body.toString()) as {
        PermissionSet: { PermissionSetArn: string };
      };
      store.set(PermissionSet.PermissionSetArn, tagMap(Tags ?? []));
      return answer;
    }
    const tags = store.get(String(ResourceArn)) ?? {};
    store.set(String(ResourceArn), tags);
    for (const { Key, Value } of Tags ?? []) tags[Key] = Value;
    for (const key of TagKeys ?? []) delete tags[key];
    if (call.operation !== "ListTagsForResource") return jsonAnswer({});
    return jsonAnswer({ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
  },
};

const tagMap = (tags: readonly Tag[]): Record<string, unknown> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
