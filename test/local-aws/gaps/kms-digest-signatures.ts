import { createPublicKey, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { DescribeKeyCommand, type KeyMetadata } from "@aws-sdk/client-kms";
import { p256 } from "@noble/curves/nist.js";
import type { FrontContext } from "../front";
import { type AwsCall, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

/** Private keys in the place of the emulator's own, by the ARN of the key. */
const privateKeys = ({ memory }: FrontContext) =>
  memory("kms-digest-signatures", () => new Map<string, JsonWebKey>());

function privateKeyOf(context: FrontContext, arn: string): JsonWebKey {
  const key = privateKeys(context).get(arn) ?? newPrivateKey();
  privateKeys(context).set(arn, key);
  return key;
}

const newPrivateKey = (): JsonWebKey =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });

async function keyOf(call: AwsCall, context: FrontContext): Promise<KeyMetadata | undefined> {
  const { account } = await context.callers.of(call);
  const found = await context.accounts
    .kms(account, call.region)
    .send(new DescribeKeyCommand({ KeyId: String(call.parameters.KeyId) }))
    .catch(() => undefined);
  return found?.KeyMetadata;
}

/** Signs what is given as a digest as it is. Source: "Sign" (AWS KMS API reference), MessageType. */
export const kmsDigestSignatures: Gap = {
  id: "kms-digest-signatures",
  kind: "held",
  resources: ["aws_kms_key"],
  because: "given a digest, the emulator hashes it once more, and gives a signature of something else",
  concerns: isCall("kms", "GetPublicKey", "Sign"),
  answer: async (call, context) => {
    const key = await keyOf(call, context);
    if (key?.Arn === undefined || key.KeySpec !== "ECC_NIST_P256") return undefined;
    const privateKey = privateKeyOf(context, key.Arn);
    const { KeySpec, KeyUsage, SigningAlgorithms } = key;
    if (call.operation === "GetPublicKey") {
      const publicKey = createPublicKey({ key: privateKey, format: "jwk" });
      const PublicKey = publicKey.export({ format: "der", type: "spki" }).toString("base64");
      return jsonAnswer({ KeyId: key.Arn, PublicKey, KeySpec, KeyUsage, SigningAlgorithms });
    }
    const message = Buffer.from(String(call.parameters.Message), "base64");
    const secret = Buffer.from(privateKey.d ?? "", "base64url");
    const prehash = call.parameters.MessageType !== "DIGEST";
    const signature = p256.sign(message, secret, { prehash, lowS: false });
    return jsonAnswer({
      KeyId: key.Arn,
      Signature: Buffer.from(signature.toBytes("der")).toString("base64"),
      SigningAlgorithm: call.parameters.SigningAlgorithm,
    });
  },
};
