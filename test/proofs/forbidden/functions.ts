import { arn, type Forbidden, forbid, rhino, stranger } from "./model";

const lambda = arn("lambda", "function:payments-api");

/** Functions: code, layers and settings run in the function's role, whoever calls it. */
export const functionsForbidden: readonly Forbidden[] = forbid("all", [
  [
    "lambda:CreateFunction",
    arn("lambda", "function:backdoor"),
    "runs code in a role of choice",
    rhino(15, "lambda-001"),
  ],
  ["lambda:UpdateFunctionCode", lambda, "other code in its role", rhino(18, "lambda-003 to lambda-005")],
  ["lambda:UpdateFunctionConfiguration", lambda, "a layer in front of its code", rhino(26)],
  [
    "lambda:InvokeFunction",
    lambda,
    "makes a function act in its role",
    rhino(15, "lambda-001", "lambda-004"),
  ],
  [
    "lambda:AddPermission",
    lambda,
    "lets a stranger invoke it",
    rhino(16, "lambda-005", "lambda-006"),
    { "lambda:Principal": stranger },
  ],
  ["lambda:CreateEventSourceMapping", "*", "invokes it by a table", rhino(17, "lambda-002")],
  ["dynamodb:CreateTable", arn("dynamodb", "table/trigger"), "a table to invoke a function by", rhino(17)],
  [
    "lambda:CreateFunctionUrlConfig",
    lambda,
    "lets the Internet invoke it",
    { "lambda:FunctionUrlAuthType": "NONE" },
  ],
  [
    "lambda:PublishLayerVersion",
    arn("lambda", "layer:common"),
    "code for functions that take the latest layer",
  ],
  ["lambda:UpdateAlias", lambda, "sends callers to another version"],
  ["lambda:DeleteFunction", lambda, "destroys evidence and a workload"],
  ["lambda:DeleteFunctionCodeSigningConfig", lambda, "accepts unsigned code"],
]);
