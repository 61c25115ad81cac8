import type { AwsCall } from "../protocol";
import { ageOf, isSignedWith, signedOf } from "../signature";
import { type Refusal, type Refused, refused } from "./refusal";

/** Milliseconds by which a signature may be older or newer: S3's limit, which is the longest of any service. */
const tolerance = 15 * 60_000;

/**
 * Calls that AWS answers without a signature: `sts:AssumeRoleWithSAML`, `sts:AssumeRoleWithWebIdentity`, objects that
 * are open to everybody. The kit makes none of them, and the front lets none through.
 */
export const signatures: Refusal = {
  id: "signatures",
  because: "who does not have a key's secret can't call in its name, nor change what was signed",
  source:
    'IAM user guide, "Create a signed AWS API request"; "Common errors" of each API reference: SignatureDoesNotMatch, ' +
    "InvalidSignatureException, AuthFailure",
  inspect: async (call, context) => {
    // What the front asks itself has no first line.
    if (call.url === undefined) return undefined;
    const raw = { method: call.method, url: call.url, headers: call.headers, body: call.body };
    const signed = signedOf(raw);
    if (!signed) return wrong(call, "the request has no signature of Signature Version 4");
    const secret = context.callers.secretOf(signed.accessKeyId);
    if (!secret) {
      context.undecided(
        `signature of a key that the front did not give out: ${call.service}:${call.operation}`,
      );
      return undefined;
    }
    if (signed.sessionToken !== secret.sessionToken) {
      return refused(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    }
    if (!isSignedWith(raw, signed, secret.secretAccessKey)) {
      return wrong(call, "The request signature we calculated does not match the signature you provided.");
    }
    const age = ageOf(signed, new Date());
    return signed.presigned || Math.abs(age) <= tolerance
      ? undefined
      : wrong(call, `Signature expired or not yet current: ${signed.time}`);
  },
};

/** Each protocol has its own word for it. */
function wrong({ protocol }: AwsCall, message: string): Refused {
  switch (protocol) {
    case "ec2":
      return refused(401, "AuthFailure", message);
    case "json":
    case "rest-json":
      return refused(400, "InvalidSignatureException", message);
    default:
      return refused(403, "SignatureDoesNotMatch", message);
  }
}
