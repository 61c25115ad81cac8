import { attack, bucket, key, role, thief, user } from "./attack";
import type { CloudTrailRecord } from "./log-files";
import { production } from "./organization";

/**
 * Events that are like an answer in all but one respect, and are none: so that no condition of a question could be left
 * out. Nothing of them is the attacker's.
 */
const somebody = {
  type: "IAMUser",
  principalId: "AIDASOMEBODY",
  arn: `arn:aws:iam::${production}:user/somebody`,
  accountId: production,
  accessKeyId: "AKIASOMEBODYEXAMPLE0",
  userName: "somebody",
};

const ordinaryAddress = "192.0.2.44";

let decoyed = 0;

const like = (record: CloudTrailRecord, change: Partial<CloudTrailRecord>): CloudTrailRecord => {
  decoyed += 1;
  return {
    ...record,
    userIdentity: somebody,
    sourceIPAddress: ordinaryAddress,
    userAgent: "aws-sdk-js/3.0",
    ...change,
    eventID: `decoy-${decoyed}`,
  };
};

const isRoot = ({ userIdentity }: CloudTrailRecord): boolean => userIdentity.type === "Root";
const planted = attack
  .filter(({ answers, record }) => answers.length > 0 && !isRoot(record))
  .map(({ record }) => record);
const named = (name: string): CloudTrailRecord => {
  const found = planted.find(({ eventName }) => eventName === name);
  if (!found) throw new Error(`nothing planted is called ${name}`);
  return found;
};

/** The same call of another service, and another call of the same service: some names are used twice in AWS. */
const ofOtherNames = planted.flatMap((record) => {
  const { errorCode: _, ...succeeded } = record;
  return [
    like(succeeded as CloudTrailRecord, { eventSource: "other.amazonaws.com" }),
    like(succeeded as CloudTrailRecord, {
      eventName: `Preview${record.eventName}`,
      // What changes nothing of the organization or of Identity Center is no answer; of other services the name alone is not.
      readOnly: /^(organizations|sso|identitystore)/.test(record.eventSource),
    }),
  ];
});

const assumeRole = named("AssumeRole");
const otherRole = { roleArn: `${role}-other`, roleSessionName: "daily" };

export const decoys: readonly CloudTrailRecord[] = [
  ...ofOtherNames,
  like(assumeRole, { requestParameters: otherRole }),
  like(named("GetCallerIdentity"), { vpcEndpointId: "vpce-0123456789abcdef0" }),
  like(named("ModifyImageAttribute"), {
    requestParameters: {
      imageId: "ami-0abc",
      attributeType: "launchPermission",
      launchPermission: { remove: { items: [{ group: "all" }] } },
    },
  }),
  like(named("GetSecretValue"), { userIdentity: { ...somebody, invokedBy: "lambda.amazonaws.com" } }),
  // A person of Identity Center, whose second factor IAM does not see.
  like(
    attack.find(({ answers }) => answers.includes("sign-ins-without-mfa"))?.record ?? named("AssumeRole"),
    { userIdentity: { ...somebody, type: "AssumedRole" } },
  ),
  // Nothing was read where it was denied, and a bucket whose name begins alike is another.
  like(named("GetObject"), { errorCode: "AccessDenied" }),
  like(named("CopyObject"), {
    requestParameters: { bucketName: "drop", key: "x", "x-amz-copy-source": `/${bucket}-old/x` },
  }),
  // Whoever uses the key of an application is not who it is asked about.
  like(named("CopyObject"), { requestParameters: { bucketName: "app-data", key: "customers-1.csv" } }),
  like(named("PutBucketPolicy"), {
    requestParameters: { bucketName: "acme-ir-cloudtrail-333333333333-eu-west-1" },
    eventName: "GetBucketPolicy",
    readOnly: true,
  }),
  // Somebody asks the attacker's role and key about themselves.
  like(assumeRole, {
    eventName: "GetRole",
    eventSource: "iam.amazonaws.com",
    requestParameters: { roleName: "deploy" },
    additionalEventData: { seen: [key, user, thief] },
  }),
];
