import type { AwsCall } from "../protocol";
import { type RequestsOf, request } from "./request";

/** Permissions of calls on a bucket, by subresource. Source: "Required permissions for Amazon S3 API operations". */
const bucketPermissions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GET: {
    "": "ListBucket",
    location: "GetBucketLocation",
    logging: "GetBucketLogging",
    policy: "GetBucketPolicy",
    publicAccessBlock: "GetBucketPublicAccessBlock",
    versions: "ListBucketVersions",
  },
  HEAD: { "": "ListBucket" },
  PUT: { publicAccessBlock: "PutBucketPublicAccessBlock" },
};

const objectPermissions: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "GetObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
};

export const s3Requests: RequestsOf = ({ call, account }) => {
  if (call.headers["x-amz-account-id"] !== undefined) {
    return [request(`s3:${call.method === "GET" ? "Get" : "Put"}AccountPublicAccessBlock`)];
  }
  if (!call.bucket) return call.method === "GET" ? [request("s3:ListAllMyBuckets")] : [];
  const permission = permissionOf(call);
  if (permission === undefined) return [];
  const resource = `arn:aws:s3:::${call.bucket}${call.key ? `/${call.key}` : ""}`;
  const prefix = call.query.get("prefix");
  return [
    request(`s3:${permission}`, resource, {
      "s3:ResourceAccount": account,
      ...(prefix !== null && { "s3:prefix": prefix }),
    }),
  ];
};

function permissionOf({ method, key, query }: AwsCall): string | undefined {
  if (key && query.has("versionId") && method !== "PUT") return `${objectPermissions[method]}Version`;
  if (key) return objectPermissions[method];
  const permissions = bucketPermissions[method] ?? {};
  const subresource = Object.keys(permissions).find((name) => name !== "" && query.has(name));
  return permissions[subresource ?? ""];
}
