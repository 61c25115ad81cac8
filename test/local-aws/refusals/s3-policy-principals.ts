import { missingPrincipal } from "../principals";
import { type Refusal, refused } from "./refusal";

export const s3PolicyPrincipals: Refusal = {
  id: "s3-policy-principals",
  because: "a bucket policy cannot name a principal that does not exist",
  source: 'Amazon S3 user guide, "Troubleshoot access denied": MalformedPolicy, Invalid principal in policy',
  inspect: async (call, context) => {
    if (call.service !== "s3" || call.operation !== "PutBucketPolicy") return undefined;
    const missing = await missingPrincipal(call.body.toString(), context);
    return missing === undefined ? undefined : refused(400, "MalformedPolicy", "Invalid principal in policy");
  },
};
