import { type Static, Type } from "@sinclair/typebox";
import { closed, literals } from "./texts";

const LocalBackend = Type.Object(
  {
    type: Type.Literal("local"),
    directory: Type.Optional(
      Type.String({
        pattern: "^(?!cdktf\\.out(?:/|$))(?:(?!\\.\\.?(?:/|$))[A-Za-z0-9._-]+(?:/(?!$)|$))+$",
        description: "Folder of the state files, relative to the project",
        errorMessage: "is not a folder inside the project, other than cdktf.out",
      }),
    ),
  },
  closed,
);

const S3Backend = Type.Object(
  {
    type: Type.Literal("s3"),
    account: Type.Optional(
      literals(["management", "security", "logArchive", "forensics"] as const, "Account of the state bucket"),
    ),
  },
  closed,
);

export const Backend = Type.Unsafe<Static<typeof LocalBackend> | Static<typeof S3Backend>>({
  type: "object",
  description: "Where Terraform's state is kept",
  properties: { type: { type: "string" } },
  required: ["type"],
  discriminator: { propertyName: "type" },
  oneOf: [LocalBackend, S3Backend],
});
