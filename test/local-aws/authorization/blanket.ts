import type { PolicyDocument, Statement } from "../../../policies/document";
import type { Caller } from "../accounts";
import type { AwsCall } from "../protocol";
import type { Standing } from "../standing";

/** Prefix of a service's actions, where it is another than the name by which calls are signed. */
const prefixes: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  email: "ses",
  "execute-api": "execute-api",
  models: "lex",
  tagging: "tag",
};

/** The action that a call is by its name alone; REST calls other than S3's have no operation in them: any of the service. */
export function actionPattern({ service, operation, protocol }: AwsCall): string {
  const prefix = prefixes[service] ?? service;
  return protocol === "rest-json" || protocol === "rest-xml" ? `${prefix}:*` : `${prefix}:${operation}`;
}

/**
 * Whether policies allow an action whatever the resource and the request: an administrator's, where no denial that can
 * concern the caller names the action.
 */
export function allowsWhatever(
  { identityPolicies, boundaries, serviceControlPolicies }: Standing,
  caller: Caller,
  pattern: string,
): boolean {
  const layers = [identityPolicies, ...(boundaries ? [boundaries] : []), ...serviceControlPolicies].map(
    (policies) => policies.flatMap(statementsOf),
  );
  return layers.every(
    (statements) =>
      statements.some(allowsAll) &&
      !statements.some(
        (statement) =>
          statement.Effect === "Deny" && mayConcern(statement, caller) && mayName(statement, pattern),
      ),
  );
}

type Loose = Omit<Statement, "Action" | "NotAction" | "Resource"> & {
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
};

const statementsOf = (policy: unknown): Loose[] =>
  ([(policy as PolicyDocument | undefined)?.Statement ?? []] as unknown[]).flat(2) as Loose[];

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const allowsAll = ({ Effect, Action, Resource, Condition }: Loose): boolean =>
  Effect === "Allow" && list(Action).includes("*") && list(Resource).includes("*") && Condition === undefined;

function mayName({ Action, NotAction }: Loose, pattern: string): boolean {
  if (NotAction !== undefined) return !list(NotAction).some((action) => contains(action, pattern));
  return list(Action).some((action) => overlap(action, pattern));
}

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^$(){}|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );

/** Whether every action of the second is one of the first. */
const contains = (outer: string, inner: string): boolean => glob(outer).test(inner);

/** Whether some action is one of both; of two patterns each of which ends in `*`, one begins with the other. */
function overlap(one: string, other: string): boolean {
  const begins = (pattern: string) => pattern.slice(0, pattern.indexOf("*")).toLowerCase();
  if (one.includes("*") && other.includes("*")) {
    return begins(one).startsWith(begins(other)) || begins(other).startsWith(begins(one));
  }
  return contains(one, other) || contains(other, one);
}

/** Operators that say no to the caller by who it is; what they say of other keys is not known here. */
const operators: Readonly<Record<string, (matches: boolean) => boolean>> = {
  ArnEquals: (matches) => matches,
  ArnLike: (matches) => matches,
  StringEquals: (matches) => matches,
  StringLike: (matches) => matches,
  ArnNotEquals: (matches) => !matches,
  ArnNotLike: (matches) => !matches,
  StringNotEquals: (matches) => !matches,
  StringNotLike: (matches) => !matches,
};

function mayConcern({ Condition = {} }: Loose, { principalArn, account }: Caller): boolean {
  const known: Readonly<Record<string, string>> = {
    "aws:principalarn": principalArn,
    "aws:principalaccount": account,
  };
  return Object.entries(Condition).every(([operator, asked]) =>
    Object.entries(asked).every(([key, values]) => {
      const value = known[key.toLowerCase()];
      const holds = operators[operator];
      if (value === undefined || holds === undefined) return true;
      return holds(list(values as string | readonly string[]).some((pattern) => glob(pattern).test(value)));
    }),
  );
}
