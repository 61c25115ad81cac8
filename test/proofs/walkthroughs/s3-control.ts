import { signedFetch } from "../../local-aws/signed-fetch";
import type { Settings } from "./walkthrough";

/** The SDK puts the account before the host's name, which resolves nowhere here; so the call is made by hand. */
export async function putAccountPublicAccessBlock(
  { endpoint, credentials }: Settings,
  account: string,
): Promise<void> {
  const flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
  const answer = await signedFetch(endpoint, credentials, {
    method: "PUT",
    path: "/v20180820/configuration/publicAccessBlock",
    service: "s3",
    region: "eu-west-1",
    headers: { "x-amz-account-id": account },
    body: `<PublicAccessBlockConfiguration>${flags.map((flag) => `<${flag}>true</${flag}>`).join("")}</PublicAccessBlockConfiguration>`,
  });
  if (!answer.ok)
    throw new Error(`PutPublicAccessBlock of ${account}: ${answer.status} ${await answer.text()}`);
}
