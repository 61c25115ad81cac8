import { LandscapeSchema } from "../../landscape/schema";
import { verifiedDocument } from "../verified/document";
import { costDocument } from "./cost-document";
import { questionsDocument } from "./questions-document";
import { reportSchema } from "./report-schema";
import { workflowsDocument } from "./workflows-document";

/** Files that are written from the code, by their path in the repository. */
export function generatedFiles(): Map<string, string> {
  return new Map([
    ["config/landscape.schema.json", `${JSON.stringify(LandscapeSchema, null, 2)}\n`],
    ["docs/cost.md", costDocument()],
    ["docs/questions.md", questionsDocument()],
    ["docs/review-report.schema.json", reportSchema()],
    ["docs/verified.md", verifiedDocument()],
    ["docs/workflows.md", workflowsDocument()],
  ]);
}
