import { createHash } from "node:crypto";
import { KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { Value } from "@sinclair/typebox/value";
import { type Appended, append, type Custodian } from "../custody/append";
import { type CustodyRequest, custodyRequestSchema } from "../custody/manifest";
import { publicKeyOf } from "../custody/objects";
import { systemClock } from "../shared/clock";
import { ContractBroken } from "../shared/step";
import type { CustodyEnvironment } from "./custody-environment";
import { environmentOf } from "./environment";
import { documentsIn } from "./setting";

const { table, buckets, homeRegion, signingKey } = environmentOf<CustodyEnvironment>();
const kms = new KMSClient({ region: homeRegion });
const clients = new Map<string, S3Client>();

const custodian: Custodian = {
  s3: (region) => {
    const client = clients.get(region) ?? new S3Client({ region });
    clients.set(region, client);
    return client;
  },
  documents: documentsIn(homeRegion),
  table,
  buckets,
  homeRegion,
  sign: async (bytes) => {
    // KMS takes 4 KiB, or a digest ("Sign", KMS API reference).
    const Message = createHash("sha256").update(bytes).digest();
    const { KeyId = "", Signature = [] } = await kms.send(
      new SignCommand({
        KeyId: signingKey,
        Message,
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
      }),
    );
    return { keyid: KeyId, signature: Buffer.from(Signature) };
  },
  publicKey: () => publicKeyOf(kms, signingKey),
  clock: systemClock.now,
};

/** Lambda's entry to the custodian, which signs for evidence. Of a request only a refusal's reason goes into the log. */
export async function handler(request: CustodyRequest): Promise<Appended> {
  const first = Value.Errors(custodyRequestSchema, request).First();
  if (first) throw new ContractBroken(`${first.path || "/"} ${first.message}`);
  return append(custodian, request);
}
