import type { FrontContext } from "../front";
import { type AwsAnswer, type AwsCall, xmlAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

/** ARN of each user's boundary, by account and user. */
export const userBoundaries = ({ memory }: FrontContext): Map<string, string> =>
  memory("iam-user-boundary", () => new Map<string, string>());

export const userKey = (account: string, user: string): string => `${account}/${user}`;

export const iamUserBoundary: Gap = {
  id: "iam-user-boundary",
  kind: "held",
  resources: ["aws_iam_user"],
  because: "the emulator knows no permissions boundary of a user",
  concerns: isCall(
    "iam",
    "CreateUser",
    "GetUser",
    "DeleteUser",
    "PutUserPermissionsBoundary",
    "DeleteUserPermissionsBoundary",
  ),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const boundaries = userBoundaries(context);
    const key = userKey(account, String(call.parameters.UserName ?? ""));
    switch (call.operation) {
      case "PutUserPermissionsBoundary":
        boundaries.set(key, String(call.parameters.PermissionsBoundary));
        return done(call);
      case "DeleteUserPermissionsBoundary":
        boundaries.delete(key);
        return done(call);
      case "DeleteUser":
        boundaries.delete(key);
        return undefined;
      case "CreateUser":
        if (call.parameters.PermissionsBoundary !== undefined) {
          boundaries.set(key, String(call.parameters.PermissionsBoundary));
        }
    }
    const boundary = boundaries.get(key);
    return boundary === undefined ? undefined : withBoundary(await context.forward(call), boundary);
  },
};

const done = ({ operation }: AwsCall): AwsAnswer =>
  xmlAnswer(
    `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>` +
      `<RequestId>local-aws</RequestId></ResponseMetadata></${operation}Response>`,
  );

const withBoundary = (answer: AwsAnswer, boundary: string): AwsAnswer =>
  answer.status === 200
    ? {
        ...answer,
        body: answer.body
          .toString()
          .replace(
            "</User>",
            `<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>` +
              `<PermissionsBoundaryArn>${boundary}</PermissionsBoundaryArn></PermissionsBoundary></User>`,
          ),
      }
    : answer;
