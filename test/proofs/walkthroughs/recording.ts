import { type Landscape, listedAccounts } from "../../../landscape";
import {
  accountId,
  bucketName,
  custodyKeyAliasName,
  custodyName,
  evidenceKeyAliasName,
  keyAliasName,
  logKinds,
  queryResultsKeyAliasName,
  sweepKeyAliasName,
} from "../../../landscape/names";
import type { IamRequest } from "../../local-aws/authorization";
import { landscape as example } from "../setting";

/** A request that a walkthrough needed, with the example's ids in place of the emulator's. */
export interface Needed extends IamRequest {
  readonly task: string;
  readonly walkthrough: string;
  /** Account of the role. */
  readonly where: "member" | "forensics" | "hub";
}

const viaEc2 = { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" };
const granting = { ...viaEc2, "kms:GrantIsForAWSResource": "true" };
const one = (name: string, key: string, context: IamRequest["context"]) => ({
  action: `kms:${name}`,
  resource: key,
  context,
});

/** What EBS asks of the key under which a snapshot is, and of the one under which its copy is to lie. */
const copying = (from: string, to: string, known: IamRequest["context"]): IamRequest[] => [
  ...["Decrypt", "ReEncryptFrom"].map((name) => one(name, from, { ...(from === to && known), ...viaEc2 })),
  ...["GenerateDataKeyWithoutPlaintext", "ReEncryptTo"].map((name) => one(name, to, { ...known, ...viaEc2 })),
  one("DescribeKey", to, {}),
  one("CreateGrant", to, granting),
];

/**
 * Requests that AWS makes with the caller's own permissions on the way, and the emulator doesn't.
 *
 * Sources: "Required AWS KMS key policy for use with encrypted volumes" (Amazon EBS user guide), "Using server-side
 * encryption with AWS KMS keys" (Amazon S3 user guide).
 */
export function implied(
  landscape: Landscape,
  account: string,
  { action, resource }: IamRequest,
): IamRequest[] {
  const forensics = accountId(landscape.accounts.forensics);
  const evidenceKey = `arn:aws:kms:eu-west-1:${forensics}:key/00000000-0000-4000-8000-000000000001`;
  const ownKey = `arn:aws:kms:eu-west-1:${account}:key/00000000-0000-4000-8000-000000000002`;
  const ofEvidence = { "kms:ResourceAliases": [evidenceKeyAliasName(landscape)] };
  if (action === "ec2:CopySnapshot") {
    return account === forensics
      ? copying(evidenceKey, evidenceKey, ofEvidence)
      : [...copying(ownKey, evidenceKey, ofEvidence), one("CreateGrant", ownKey, granting)];
  }
  // In the forensics account the front finds the key itself, by the launch template.
  if (action === "ec2:RunInstances" && resource.includes(":image/") && account !== forensics) {
    return [
      ...["Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"].map(
        (name) => one(name, ownKey, viaEc2),
      ),
      one("CreateGrant", ownKey, granting),
    ];
  }
  if (action === "ssm:TerminateSession")
    return [{ action: "ssmmessages:OpenDataChannel", resource: "*", context: {} }];
  if (action === "secretsmanager:RotateSecret") {
    return [
      {
        action: "lambda:InvokeFunction",
        resource: `arn:aws:lambda:eu-west-1:${account}:function:rotation`,
        context: { "aws:CalledVia": ["secretsmanager.amazonaws.com"] },
      },
    ];
  }
  if (action === "dynamodb:Scan") {
    return [
      one(
        "Decrypt",
        `arn:aws:kms:eu-west-1:${accountId(landscape.hub)}:key/00000000-0000-4000-8000-000000000005`,
        {
          "kms:ResourceAliases": [sweepKeyAliasName(landscape)],
          "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
        },
      ),
    ];
  }
  const ofObject = [
    [/^s3:PutObject/, "GenerateDataKey"],
    [/^s3:GetObject/, "Decrypt"],
  ] as const;
  if (resource.includes(bucketName(landscape, "evidence"))) {
    return ofObject.filter(([of]) => of.test(action)).map(([, name]) => one(name, evidenceKey, ofEvidence));
  }
  if (action === "dynamodb:GetItem" && resource.includes(custodyName(landscape))) {
    return [
      one("Decrypt", evidenceKey, {
        "kms:ResourceAliases": [custodyKeyAliasName(landscape)],
        "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
      }),
    ];
  }
  if (resource.includes(bucketName(landscape, "query-results"))) {
    const results = {
      "kms:ResourceAliases": [queryResultsKeyAliasName(landscape)],
      "kms:ViaService": "s3.eu-west-1.amazonaws.com",
    };
    const key = `arn:aws:kms:eu-west-1:${accountId(landscape.hub)}:key/00000000-0000-4000-8000-000000000004`;
    if (action === "s3:PutObject") return [one("GenerateDataKey", key, results)];
    if (action === "s3:GetObject") return [one("Decrypt", key, results)];
  }
  const kind = logKinds.find((log) => resource.includes(bucketName(landscape, log)));
  if (action !== "s3:GetObject" || kind === undefined) return [];
  const owner = accountId(landscape.accounts[kind === "cloudtrail" ? "management" : "logArchive"]);
  return [
    one("Decrypt", `arn:aws:kms:eu-west-1:${owner}:key/00000000-0000-4000-8000-000000000003`, {
      "kms:ResourceAliases": [keyAliasName(landscape, kind)],
      "kms:ViaService": "s3.eu-west-1.amazonaws.com",
    }),
  ];
}

/** Puts the example's ids, and one id for all resources of a type, in the place of those of this run. */
export function normalizer(landscape: Landscape): <T>(value: T) => T {
  const known = new Map<string, string>([
    [landscape.organization.id ?? "", example.organization.id ?? ""],
    ...listedAccounts(landscape).map((account, index): [string, string] => [
      account.id ?? "",
      listedAccounts(example)[index]?.id ?? "",
    ]),
  ]);
  return <T>(value: T): T => {
    let text = JSON.stringify(value);
    for (const [from, to] of known) text = text.replaceAll(from, to);
    return JSON.parse(
      text
        .replace(/\bAROA[A-Z0-9]{12,}/g, "AROAEXAMPLEOFAROLE00")
        .replace(/\blt-[0-9a-f]{17}\b/g, "lt-0123456789abcdef0")
        .replace(/(:key\/)(?!0{8})[0-9a-f-]{36}/g, "$100000000-0000-4000-8000-000000000006")
        .replace(
          /\b(i|eni|sg|acl|vol|subnet|vpc|eipalloc|ami|snap)-[0-9a-f]{8,17}\b/g,
          "$1-0123456789abcdef0",
        )
        .replace(/(autoScalingGroup:)[0-9a-f-]{36}/g, "$100000000-0000-0000-0000-000000000000")
        .replace(/(targetgroup\/payments\/)[0-9a-f]+/g, "$10123456789abcdef")
        .replace(/(payments\/api-)[A-Za-z0-9]{6}/g, "$1AbCdEf")
        .replace(/payments-website-[a-z0-9]+/g, "payments-website"),
    ) as T;
  };
}

/** Each request once, in a stable order. */
export function distinct(needs: readonly Needed[]): Needed[] {
  const byText = new Map(needs.map((need) => [JSON.stringify(need), need]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, need]) => need);
}
