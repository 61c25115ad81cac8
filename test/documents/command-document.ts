import { type Static, Type } from "@sinclair/typebox";
import Ajv from "ajv";

/**
 * What Systems Manager takes as a Command document of schema 2.2: AWS publishes no schema for it. Sources: "Data elements
 * and parameters", "Command document plugin reference" (AWS Systems Manager user guide), and the agent's own model of it
 * (aws/amazon-ssm-agent, agent/contracts).
 */
const closed = { additionalProperties: false } as const;

const parameter = Type.Object(
  {
    type: Type.Union(
      ["String", "StringList", "Integer", "Boolean", "MapList", "StringMap"].map((type) =>
        Type.Literal(type),
      ),
    ),
    description: Type.Optional(Type.String({ maxLength: 1024 })),
    default: Type.Optional(Type.Any()),
    allowedValues: Type.Optional(Type.Array(Type.Any())),
    allowedPattern: Type.Optional(Type.String()),
    displayType: Type.Optional(Type.Union([Type.Literal("textfield"), Type.Literal("textarea")])),
    minItems: Type.Optional(Type.Integer()),
    maxItems: Type.Optional(Type.Integer()),
    minChars: Type.Optional(Type.Integer()),
    maxChars: Type.Optional(Type.Integer()),
    interpolationType: Type.Optional(Type.Union([Type.Literal("ENV_VAR"), Type.Literal("NONE")])),
  },
  closed,
);

const step = Type.Object(
  {
    action: Type.Union(
      ["aws:runShellScript", "aws:runPowerShellScript"].map((action) => Type.Literal(action)),
    ),
    name: Type.String({ pattern: "^[A-Za-z0-9_-]{1,128}$" }),
    precondition: Type.Optional(
      Type.Object({ StringEquals: Type.Array(Type.String(), { minItems: 2, maxItems: 2 }) }, closed),
    ),
    inputs: Type.Object(
      {
        runCommand: Type.Array(Type.String(), { minItems: 1 }),
        timeoutSeconds: Type.Optional(Type.String({ pattern: "^[0-9]+$" })),
        workingDirectory: Type.Optional(Type.String()),
        onFailure: Type.Optional(Type.Union([Type.Literal("exit"), Type.Literal("successAndExit")])),
        onSuccess: Type.Optional(Type.Literal("exit")),
        finallyStep: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
  },
  closed,
);

const commandDocument = Type.Object(
  {
    schemaVersion: Type.Literal("2.2"),
    description: Type.Optional(Type.String()),
    // Others are never put into a script.
    parameters: Type.Optional(Type.Record(Type.String({ pattern: "^[a-zA-Z0-9]+$" }), parameter, closed)),
    mainSteps: Type.Array(step, { minItems: 1 }),
  },
  closed,
);
export type CommandDocumentOfAws = Static<typeof commandDocument>;

const validate = new Ajv({ allErrors: true }).compile(commandDocument);

/** What Systems Manager would object to, in ajv's words. */
export const objections = (document: unknown): string[] =>
  validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
