import type { Settings } from "./walkthrough";

/** The SDK puts the account before the host's name, which resolves nowhere here; so the call is made by hand. */
export async function putAccountPublicAccessBlock(
  { endpoint, credentials }: Settings,
  account: string,
): Promise<void> {
  const flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
  const answer = await fetch(`${endpoint}/v20180820/configuration/publicAccessBlock`, {
    method: "PUT",
    headers: {
      "x-amz-account-id": account,
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0`,
      "x-amz-security-token": credentials.sessionToken ?? "",
    },
    body: `<PublicAccessBlockConfiguration>${flags.map((flag) => `<${flag}>true</${flag}>`).join("")}</PublicAccessBlockConfiguration>`,
  });
  if (!answer.ok)
    throw new Error(`PutPublicAccessBlock of ${account}: ${answer.status} ${await answer.text()}`);
}
