import { show } from "../../landscape/problems";
import { NotPossible } from "../shared/errors";
import { type Kit, kitNames } from "../shared/kit";
import { principalOfArn, standsApart } from "../shared/principal";

/** What can be tagged with a case, as the calls that tag it name it. */
export type CaseResource =
  | { readonly kind: "ec2"; readonly id: string }
  | { readonly kind: "function" | "database" | "target-group"; readonly arn: string }
  | { readonly kind: "scaling-group"; readonly arn: string; readonly name: string }
  | { readonly kind: "role" | "user"; readonly arn: string; readonly name: string };

const ec2Id = /^(i|vol|eni|sg|acl|eipalloc)-[0-9a-f]{8,17}$/;

const arns: readonly (readonly [RegExp, CaseResource["kind"]])[] = [
  [/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+$/, "function"],
  [/^arn:[a-z-]+:rds:[a-z0-9-]+:\d{12}:db:[\w-]+$/, "database"],
  [/^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[\w-]+\/[0-9a-f]+$/, "target-group"],
  [
    /^arn:[a-z-]+:autoscaling:[a-z0-9-]+:\d{12}:autoScalingGroup:[0-9a-f-]+:autoScalingGroupName\/[^*?]+$/,
    "scaling-group",
  ],
  [/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, "role"],
  [/^arn:[a-z-]+:iam::\d{12}:user\/[\w+=,.@/-]+$/, "user"],
];

const what =
  "ids that begin with i-, vol-, eni-, sg-, acl- or eipalloc-, or the ARN of a function, a database, a target group, " +
  "an Auto Scaling group, a role or a user";

/**
 * A resource by its id or ARN.
 *
 * @throws NotPossible for what can't be tagged, lies elsewhere, or is the kit's own
 */
export function caseResource(
  kit: Kit,
  { account, region }: { readonly account: string; readonly region: string },
  text: string,
): CaseResource {
  if (ec2Id.test(text)) return { kind: "ec2", id: text };
  const kind = arns.find(([pattern]) => pattern.test(text))?.[1];
  if (kind === undefined) throw new NotPossible(`${show(text)} can't be tagged with a case: name ${what}`);
  const [, , , where = "", owner = ""] = text.split(":");
  if (owner !== account) throw new NotPossible(`${text} is in account ${owner}, and not in ${account}`);
  if (where !== "" && where !== region) throw new NotPossible(`${text} is in ${where}, and not in ${region}`);
  const apart = apartOf(kit, kind, text);
  if (apart !== undefined) throw new NotPossible(apart);
  const name = text.slice(text.lastIndexOf("/") + 1);
  return { kind, arn: text, name } as CaseResource;
}

function apartOf(kit: Kit, kind: CaseResource["kind"], arn: string): string | undefined {
  if (kind === "role" || kind === "user") return standsApart(kit, principalOfArn(arn));
  return kind === "function" && arn.includes(`:function:${kitNames(kit)}`)
    ? `${arn} is the kit's own, which responders leave alone`
    : undefined;
}
