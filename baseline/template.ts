import type { Landscape } from "../landscape/model";
import { accountId } from "../landscape/names";

/**
 * A CloudFormation template as plain data; what every account gets is authored once, in this form.
 *
 * No tags in it: stack and StackSet carry the kit's, and CloudFormation puts them on each resource that can have any
 * ("Resource tags", AWS CloudFormation user guide).
 */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Parameters: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateParameter {
  readonly Type: "String";
  readonly Description: string;
  readonly AllowedPattern: string;
}

export interface TemplateResource {
  readonly Type: string;
  /** Name of the condition under which the resource is made. */
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/**
 * The account of the hub roles is a parameter, so that the organization can be re-homed when the security account is
 * lost: an update of one value, not of the text.
 */
export const hubParameter = "HubAccountId";

export const hubAccountParameter: Readonly<Record<string, TemplateParameter>> = {
  [hubParameter]: {
    Type: "String",
    Description: "Account of the hub roles, from which responders and automation enter",
    AllowedPattern: "^[0-9]{12}$",
  },
};

export const ref = (name: string): unknown => ({ Ref: name });
export const sub = (text: string): unknown => ({ "Fn::Sub": text });

/** The account in which a template is deployed, in a text that {@link substituted} passes to CloudFormation. */
export const accountReference = "${AWS::AccountId}";
export const hubReference = `\${${hubParameter}}`;

/** In the hub's own account the roles of these names are the hub's: a spoke there would trust itself. */
export const outsideHub = "OutsideHub";

/** The forensics account, in which some roles may do other things than in members. */
export const inForensics = "InForensics";

export const accountConditions = (landscape: Landscape): Readonly<Record<string, unknown>> => ({
  [outsideHub]: { "Fn::Not": [{ "Fn::Equals": [ref("AWS::AccountId"), ref(hubParameter)] }] },
  ...(landscape.forensics && {
    [inForensics]: { "Fn::Equals": [ref("AWS::AccountId"), accountId(landscape.accounts.forensics)] },
  }),
});

const references = [accountReference, hubReference];

/**
 * A document in which CloudFormation fills in account and hub. IAM's own variables, such as `${aws:username}`, are
 * left to IAM: in a text that CloudFormation fills in, they are written `${!aws:username}`.
 */
export const substituted = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    typeof value === "string" && references.some((reference) => value.includes(reference))
      ? sub(value.replace(/\$\{(?=aws:|sts:)/g, "${!"))
      : value,
  );
