import type { FrontContext } from "../front";
import { type AwsCall, errorAnswer, xmlAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export interface Retention {
  readonly mode: string;
  /** ISO 8601. */
  readonly until: string;
}

/** The retention of the object that a call names, as the emulator tells it in the headers of HEAD. */
export async function retentionOf(call: AwsCall, { forward }: FrontContext): Promise<Retention | undefined> {
  const version = call.query.get("versionId");
  const target = `${call.path}${version === null ? "" : `?versionId=${encodeURIComponent(version)}`}`;
  const { status, headers } = await forward({ ...call, method: "HEAD", target, body: Buffer.alloc(0) });
  const mode = headers["x-amz-object-lock-mode"];
  const until = headers["x-amz-object-lock-retain-until-date"];
  return status === 200 && mode && until ? { mode, until } : undefined;
}

export const s3ObjectRetention: Gap = {
  id: "s3-object-retention",
  kind: "answered",
  resources: ["aws_s3_object"],
  because: "asked for an object's retention, the emulator answers with the object",
  concerns: isCall("s3", "GetObjectRetention"),
  answer: async (call, context) => {
    const retention = await retentionOf(call, context);
    return retention
      ? xmlAnswer(
          `<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>${retention.mode}</Mode>` +
            `<RetainUntilDate>${retention.until}</RetainUntilDate></Retention>`,
        )
      : errorAnswer(
          call,
          404,
          "NoSuchObjectLockConfiguration",
          "The specified object does not have a ObjectLock configuration",
        );
  },
};
