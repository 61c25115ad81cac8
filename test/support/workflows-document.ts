import { steps } from "../../runtime/steps";
import { containPrincipalDefinition } from "../../runtime/workflows/contain-principal-definition";
import { drawing } from "../../runtime/workflows/state-machine";

/** Workflows and steps as they are in the code. */
export function workflowsDocument(): string {
  const definition = containPrincipalDefinition({ partition: "aws", functionArn: (step) => step });
  return `<!-- Written by npm run generate: change the code, not this file. -->

# Workflows

## contain-principal

${definition.Comment}. A dotted arrow is taken on any error; no arrow leads back, and none undoes anything. Stack \`response\` deploys it; tests run the definition with the steps (\`test/runtime/respond/workflow.test.ts\`), and what is deployed with its functions (\`test/e2e/response.ts\`).

\`\`\`mermaid
${drawing(definition)}
\`\`\`

# Steps

| step | what | class | without it | needs |
| --- | --- | --- | --- | --- |
${steps
  .map(
    ({ id, title, class: kind, criticality, needs }) =>
      `| ${id} | ${title} | ${kind} | ${criticality === "critical" ? "the workflow fails" : "it goes on"} | ${needs
        .map(({ action }) => `\`${action}\``)
        .join(", ")} |`,
  )
  .join("\n")}
`;
}
