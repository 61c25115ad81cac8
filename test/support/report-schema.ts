import path from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import { repository } from "./repository";

/** JSON Schema of the report that `ir-kit review --format json` writes, from its type. */
export function reportSchema(): string {
  const schema = createGenerator({
    path: path.join(repository, "review", "report", "model.ts"),
    type: "Report",
    tsconfig: path.join(repository, "tsconfig.json"),
    skipTypeCheck: true,
  }).createSchema("Report");
  return `${JSON.stringify({ ...schema, title: "Report of ir-kit review" }, null, 2)}\n`;
}
