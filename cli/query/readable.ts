import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { Landscape } from "../../landscape";
import { bucketName } from "../../landscape/names";
import { type TableName, tableNames } from "../../questions/table";
import { bucketOfTable } from "../../questions/tables/placement";

/**
 * Tables whose files the caller can't read, and why: a file of each is read, and so is decrypted. A table without files
 * is not unreadable.
 */
export async function unreadableTables(s3: S3Client, landscape: Landscape): Promise<Map<TableName, string>> {
  const unreadable = new Map<TableName, string>();
  for (const table of tableNames) {
    const Bucket = bucketName(landscape, bucketOfTable[table]);
    try {
      const { Contents: [first] = [] } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
      if (first?.Key === undefined) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: first.Key, Range: "bytes=0-0" }));
      await Body?.transformToByteArray();
    } catch (error) {
      unreadable.set(table, `${(error as Error).name}: ${(error as Error).message}`);
    }
  }
  return unreadable;
}
