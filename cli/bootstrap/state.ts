import { existsSync, renameSync } from "node:fs";
import path from "node:path";
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { type Account, hasId, type Landscape } from "../../landscape";
import { deployRoleArn } from "../../landscape/arns";
import { backendName } from "../../landscape/deployed/record";
import { bucketName, stateFileName } from "../../landscape/names";
import { policyDocument } from "../../policies/document";
import { bucketDenies } from "../../policies/logs/bucket";
import { planStacks } from "../../stacks";
import { type SynthesisOptions, synthesize } from "../../stacks/synthesize";
import { Refused } from "../errors";
import { type RunOptions, TerraformStackDirectory } from "../terraform";
import type { ManagementClients } from "./clients";

/** Makes the bucket for Terraform's state where it is missing: versioned, encrypted, private, TLS only. */
export async function createStateBucket(clients: ManagementClients, landscape: Landscape): Promise<boolean> {
  if (landscape.backend.type !== "s3") return false;
  const s3 = await clientOf(clients, landscape, landscape.accounts[landscape.backend.account]);
  const Bucket = bucketName(landscape, "state");
  const exists = await isThere(s3.send(new HeadBucketCommand({ Bucket })));
  if (!exists) {
    // us-east-1 is the one region that must not be named.
    const constraint =
      landscape.homeRegion === "us-east-1"
        ? {}
        : {
            CreateBucketConfiguration: {
              LocationConstraint: landscape.homeRegion as BucketLocationConstraint,
            },
          };
    await s3.send(new CreateBucketCommand({ Bucket, ...constraint }));
  }
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: true }],
      },
    }),
  );
  const Policy = JSON.stringify(policyDocument(bucketDenies(landscape, "state")));
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  return !exists;
}

/** Whether the bucket has the state of a stack; it stands in no bucket before the bucket's account has an id. */
export async function isStateInBucket(
  clients: ManagementClients,
  landscape: Landscape,
  stack: string,
): Promise<boolean> {
  if (landscape.backend.type !== "s3") return false;
  const owner = landscape.accounts[landscape.backend.account];
  if (!hasId(owner)) return false;
  const s3 = await clientOf(clients, landscape, owner);
  return isThere(
    s3.send(new HeadObjectCommand({ Bucket: bucketName(landscape, "state"), Key: stateFileName(stack) })),
  );
}

/** What S3 says to a question about a bucket or an object, of which it tells nothing but that. */
const isThere = (asked: Promise<unknown>): Promise<boolean> =>
  asked.then(
    () => true,
    (error: Error) => {
      if (error.name === "NotFound") return false;
      throw error;
    },
  );

async function clientOf(
  { s3, sts }: ManagementClients,
  landscape: Landscape,
  owner: Account,
): Promise<S3Client> {
  if (owner.id === landscape.accounts.management.id) return s3;
  const RoleArn = deployRoleArn(landscape, owner);
  const { Credentials } = await sts
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "aws-ir-kit" }))
    .catch((error: Error) => {
      throw new Refused(
        `the deployer cannot assume ${RoleArn} in account ${owner.name}, which has the bucket of state: ` +
          `${error.message}. Create it with a trust in the management account, or name another with deployRole.`,
      );
    });
  return new S3Client({
    region: landscape.homeRegion,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    },
  });
}

/**
 * Moves the state of every stack that still has a local one into the bucket. The local file stays, renamed.
 *
 * @returns names of the stacks whose state was moved
 */
export async function moveState(
  landscape: Landscape,
  synthesis: SynthesisOptions & { readonly directory: string },
  options: RunOptions,
): Promise<string[]> {
  if (landscape.backend.type !== "s3") return [];
  const { directory, deployed } = synthesis;
  const local: Landscape = { ...landscape, backend: { type: "local", directory: localStateDirectory } };
  const file = (name: string) => path.join(directory, "..", localStateDirectory, stateFileName(name));
  const moving = planStacks(landscape, [], deployed)
    .stacks.map(({ name }) => name)
    .filter((name) => existsSync(file(name)));
  if (moving.length === 0) return [];
  const stacks = moving.map(
    (name) => new TerraformStackDirectory(name, path.join(directory, "stacks", name), options),
  );
  const before = deployed && { ...deployed, names: { ...deployed.names, backend: backendName(local) } };
  synthesize(local, { ...synthesis, deployed: before });
  for (const stack of stacks) await stack.init("-reconfigure");
  synthesize(landscape, synthesis);
  for (const stack of stacks) {
    await stack.init("-migrate-state", "-force-copy");
    renameSync(file(stack.name), `${file(stack.name)}.moved`);
  }
  return moving;
}

/** Where a stack's state lies until the bucket exists. */
export const localStateDirectory = "state";
