import type { Landscape } from "../../landscape";
import type { PartitionName } from "../../landscape/partitions";
import { Refused } from "../errors";
import type { SessionCredentials } from "./chain";

/** Source: "Enable custom identity broker access to the AWS console" (IAM user guide), and its partitions' guides. */
const hosts: Readonly<Record<PartitionName, { readonly signIn: string; readonly console: string }>> = {
  aws: { signIn: "https://signin.aws.amazon.com", console: "https://console.aws.amazon.com" },
  "aws-us-gov": {
    signIn: "https://signin.amazonaws-us-gov.com",
    console: "https://console.amazonaws-us-gov.com",
  },
  "aws-cn": { signIn: "https://signin.amazonaws.cn", console: "https://console.amazonaws.cn" },
};

/**
 * An address that opens the console as the session; it works for 15 minutes, and is as secret as the session is.
 *
 * No SessionDuration is asked for: AWS refuses one for the credentials of a chain, and the console then lasts as long
 * as they do.
 *
 * @throws Refused where AWS does not answer with a sign-in token
 */
export async function consoleUrl(landscape: Landscape, session: SessionCredentials): Promise<string> {
  const { signIn, console } = hosts[landscape.partition.name];
  const federation = `${process.env.IR_KIT_SIGN_IN_ENDPOINT ?? signIn}/federation`;
  const token = await signInToken(federation, session);
  const destination = `${console}/console/home?region=${landscape.homeRegion}`;
  const query = new URLSearchParams({
    Action: "login",
    Issuer: "aws-ir-kit",
    Destination: destination,
    SigninToken: token,
  });
  return `${signIn}/federation?${query}`;
}

async function signInToken(federation: string, session: SessionCredentials): Promise<string> {
  // In the body, so that no proxy's log holds the credentials.
  const body = new URLSearchParams({
    Action: "getSigninToken",
    Session: JSON.stringify({
      sessionId: session.accessKeyId,
      sessionKey: session.secretAccessKey,
      sessionToken: session.sessionToken,
    }),
  });
  const answer = await fetch(federation, { method: "POST", body, signal: AbortSignal.timeout(20_000) }).catch(
    (error: unknown) => {
      throw new Refused(`the sign-in service ${federation} cannot be reached: ${String(error)}`);
    },
  );
  const { SigninToken } = answer.ok
    ? ((await answer.json()) as { SigninToken?: string })
    : { SigninToken: undefined };
  if (SigninToken === undefined) {
    throw new Refused(`the sign-in service ${federation} gave no token (status ${answer.status})`);
  }
  return SigninToken;
}
