import type { FrontContext } from "../front";
import type { AwsCall } from "../protocol";

/** What AWS asks IAM about a call; one call may be several such requests. */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | string[]>>;
  /** Account that owns the resource, where it is not the caller's. */
  readonly owner?: string;
  /** Without which nothing is allowed, as with keys. */
  readonly resourcePolicy?: unknown;
}

/** A call, and where its resources are looked up. */
export interface Lookup {
  readonly call: AwsCall;
  /** Account of the caller, in which the resources are. */
  readonly account: string;
  readonly context: FrontContext;
}

export type RequestsOf = (lookup: Lookup) => Promise<IamRequest[]> | IamRequest[];

export const request = (action: string, resource = "*", context: IamRequest["context"] = {}): IamRequest => ({
  action,
  resource,
  context,
});

/** A parameter as text; nothing where the call doesn't have it. */
export const parameter = ({ parameters }: AwsCall, name: string): string | undefined =>
  parameters[name] === undefined ? undefined : String(parameters[name]);

/** Values of a list parameter of the query protocol, such as `ResourceId.1`, `ResourceId.2`. */
export const parameterList = ({ parameters }: AwsCall, name: string): string[] =>
  Object.entries(parameters)
    .filter(([key]) => new RegExp(`^${name}(\\.member)?\\.\\d+$`).test(key))
    .map(([, value]) => String(value));

/** Tags of a resource as conditions see them. */
export const tagged = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [`aws:ResourceTag/${Key}`, Value]));
