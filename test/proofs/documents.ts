import { kitIamArn } from "../../landscape/arns";
import type { PolicyDocument, Statement } from "../../policies/document";
import { exampleDeployment, landscape, member } from "./setting";

/** A document that is deployed, under a name for messages. */
export interface NamedDocument {
  readonly name: string;
  readonly kind: "permissions" | "trust" | "service control" | "resource control";
  readonly document: PolicyDocument;
}

/** Every document that decides about access: of one member for all members, of the hub, of the organization. */
export function everyDocument(): NamedDocument[] {
  const deployment = exampleDeployment();
  const roles = [...deployment.principals.values()].filter(({ account }) =>
    [member, landscape.hub.id, landscape.accounts.forensics.id].includes(account),
  );
  return [
    ...roles.flatMap(({ arn, policies, trust }): NamedDocument[] => [
      ...policies.map((document) => ({ name: arn, kind: "permissions" as const, document })),
      ...(trust.Statement.length > 0 ? [{ name: arn, kind: "trust" as const, document: trust }] : []),
    ]),
    ...deployment.policies.map(({ name, type, document }) => ({
      name,
      kind: type === "SERVICE_CONTROL_POLICY" ? ("service control" as const) : ("resource control" as const),
      document,
    })),
  ];
}

export const isKitRole = (arn: string): boolean =>
  arn.startsWith(kitIamArn(landscape, "role", arn.split(":")[4] ?? "").slice(0, -1));

export const actionsOf = ({ Action, NotAction }: Statement): readonly string[] => Action ?? NotAction ?? [];
