/**
 * Text that Terraform is to take literally. CDKTF writes texts as they are, and Terraform reads `${` and `%{` as
 * expressions: IAM policy variables and CloudFormation's Fn::Sub would not survive.
 */
export const literal = (text: string): string => text.replace(/[$%](?=\{)/g, (mark) => mark + mark);

/** A document, such as a policy or a template, as literal text. */
export const literalJson = (document: unknown): string => literal(JSON.stringify(document));

/** The document that {@link literalJson} wrote, as AWS will receive it. */
export const fromLiteralJson = <T = unknown>(text: unknown): T =>
  JSON.parse(String(text).replace(/([$%])\1(?=\{)/g, "$1")) as T;
