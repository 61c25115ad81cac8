import { MissingTool } from "../../../cli/terraform";

/** Why one tool could not be brought, and what the user can do. */
export class ToolProblem extends Error {
  constructor(
    message: string,
    /** Lines, each a thing to do. */
    readonly remedies: readonly string[],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Tools that are missing and could not be brought: one message for all of them; exit code 2. */
export class ToolsMissing extends MissingTool {
  constructor(readonly problems: readonly ToolProblem[]) {
    super(describe(problems));
  }
}

function describe(problems: readonly ToolProblem[]): string {
  const what = problems.map(({ message }) => `  ${message}`);
  const remedies = [...new Set(problems.flatMap((problem) => problem.remedies))];
  return [
    "The local AWS needs what could not be brought to this machine:",
    ...what,
    "What helps:",
    ...remedies.map((remedy) => `  - ${remedy}`),
  ].join("\n");
}

/** A file could not be written, and why in the user's words; undefined for another kind of error. */
export function storageProblem(error: unknown, folder: string): ToolProblem | undefined {
  const code = errorCode(error);
  if (code === "ENOSPC" || code === "EDQUOT")
    return new ToolProblem(
      `the disk that holds ${folder} is full`,
      [
        `free some space (Terraform and the AWS provider take 1.1 GB), or name a folder on another disk in XDG_CACHE_HOME`,
      ],
      { cause: error },
    );
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR")
    return new ToolProblem(
      `${folder} cannot be written (${code})`,
      ["make it a folder of yours, or name another folder in XDG_CACHE_HOME"],
      { cause: error },
    );
  return undefined;
}

/** Code of a system error, such as ENOSPC, or of what caused it. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return errorCode(error.cause);
}
