import { ListAccessKeysCommand } from "@aws-sdk/client-iam";
import { type Refusal, refused } from "./refusal";

export const inactiveKeys: Refusal = {
  id: "inactive-keys",
  because: "a key that was deactivated or deleted opens nothing",
  source: 'IAM user guide, "Update access keys"; IAM API reference, "Common errors": InvalidClientTokenId',
  inspect: async (call, { callers, accounts }) => {
    const { principalArn, account, session, temporary } = await callers.of(call);
    if (session || temporary || !principalArn.includes(":user/")) return undefined;
    const UserName = principalArn.slice(principalArn.lastIndexOf("/") + 1);
    const { AccessKeyMetadata = [] } = await accounts
      .iam(account)
      .send(new ListAccessKeysCommand({ UserName }))
      .catch(() => ({ AccessKeyMetadata: [] }));
    const key = AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === call.accessKeyId);
    return key?.Status === "Active"
      ? undefined
      : refused(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
  },
};
