import { createHash, createPublicKey, verify } from "node:crypto";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
} from "@aws-sdk/client-kms";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

describeWithEmulator("a key that signs, on the local AWS", () => {
  let front: Front;
  let kms: KMSClient;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    kms = new KMSClient(clientSettings(front));
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ KeyUsage: "SIGN_VERIFY", KeySpec: "ECC_NIST_P256" }),
    );
    await kms.send(new CreateAliasCommand({ AliasName: "alias/signing", TargetKeyId: KeyMetadata?.KeyId }));
  });

  afterAll(() => front.stop());

  it.each(["DIGEST", "RAW"] as const)(
    "signs %s, and its public key checks what was signed",
    async (MessageType) => {
      const bytes = Buffer.from("what is signed");
      const Message = MessageType === "RAW" ? bytes : createHash("sha256").update(bytes).digest();
      const { Signature = [] } = await kms.send(
        new SignCommand({ KeyId: "alias/signing", Message, MessageType, SigningAlgorithm: "ECDSA_SHA_256" }),
      );
      const { PublicKey = [] } = await kms.send(new GetPublicKeyCommand({ KeyId: "alias/signing" }));
      const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
      expect(verify("sha256", bytes, key, Buffer.from(Signature))).toBe(true);
      expect(verify("sha256", Buffer.from("something else"), key, Buffer.from(Signature))).toBe(false);
    },
  );
});
