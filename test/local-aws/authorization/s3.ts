import { type RequestsOf, request } from "./request";

/** S3's operations whose permission has another name. Source: "Required permissions for Amazon S3 API operations". */
const renamed: Readonly<Record<string, string>> = {
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  HeadBucket: "ListBucket",
  HeadObject: "GetObject",
  ListBuckets: "ListAllMyBuckets",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
};

export const s3Requests: RequestsOf = ({ call, account }) => {
  if (call.headers["x-amz-account-id"] !== undefined && call.bucket === undefined) {
    const verb = call.method === "GET" ? "Get" : "Put";
    return [request(`s3:${verb}AccountPublicAccessBlock`)];
  }
  const name = call.operation;
  const action = `s3:${renamed[name] ?? name}`;
  if (call.bucket === undefined) return [request(action)];
  const resource = `arn:aws:s3:::${call.bucket}${call.key ? `/${call.key}` : ""}`;
  return [request(action, resource, { "s3:ResourceAccount": account })];
};
