import { DescribeKeyCommand, GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

interface KeyPolicy {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Principal?: unknown;
    readonly Action?: string | readonly string[];
    readonly Condition?: unknown;
  }[];
}

/** A statement without conditions that lets a whole account ask; the caller's own policies are judged elsewhere. */
const letsDescribe = ({ Statement }: KeyPolicy, account: string): boolean =>
  Statement.some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === "Allow" &&
      Condition === undefined &&
      JSON.stringify(Principal).includes(`::${account}:root`) &&
      [Action ?? []].flat().includes("kms:DescribeKey"),
  );

export const kmsDescribeAcrossAccounts: Gap = {
  id: "kms-describe-across-accounts",
  kind: "answered",
  resources: ["aws_kms_key"],
  because: "the emulator finds a key only in the caller's own account, whatever the key's policy says",
  concerns: isCall("kms", "DescribeKey"),
  answer: async (call, context) => {
    const [, , , region, owner] = String(call.parameters.KeyId).split(":");
    const { account } = await context.callers.of(call);
    if (owner === undefined || region !== call.region || owner === account) return undefined;
    const kms = context.accounts.kms(owner, region);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: String(call.parameters.KeyId) }));
    const { Policy = "" } = await kms.send(
      new GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, PolicyName: "default" }),
    );
    if (!letsDescribe(JSON.parse(Policy) as KeyPolicy, account)) {
      return errorAnswer(call, 400, "AccessDeniedException", `Account ${account} may not describe this key.`);
    }
    const { CreationDate, DeletionDate, ValidTo, ...metadata } = KeyMetadata ?? {};
    return jsonAnswer({ KeyMetadata: { ...metadata, CreationDate: seconds(CreationDate) } });
  },
};

const seconds = (date: Date | undefined): number => (date?.getTime() ?? 0) / 1000;
