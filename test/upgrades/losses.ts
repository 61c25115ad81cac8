import { isDeepStrictEqual } from "node:util";
import { TerraformFailure } from "../../cli/terraform";
import { lossesOf as lossesInTemplate, type UpdatedTemplate } from "../local-aws/template-updates";
import type { LossKind } from "./accepted";
import type { ResourceChange, StackPlan } from "./plan";

/** Something that stands and would not after an upgrade, or not as the same thing, or without anybody's care. */
export interface Loss {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  readonly kind: LossKind;
  readonly because: string;
}

/**
 * What a plan of one stack would lose, resources inside of CloudFormation's templates included.
 *
 * @throws TerraformFailure where Terraform could not plan
 */
export async function lossesOfPlan({ stack, changes, failure }: StackPlan): Promise<Loss[]> {
  if (failure !== undefined) throw new TerraformFailure(stack, failure);
  const managed = changes.filter(({ mode }) => mode === "managed");
  const ofTerraform = managed.flatMap((change) => lossOf(stack, change));
  const ofTemplates = await Promise.all(managed.map((change) => lossesInside(stack, change)));
  return [...ofTerraform, ...ofTemplates.flat()];
}

/** Stacks of a release that today's kit no longer has: Terraform is never asked about them again. */
export const stacksLeftBehind = (release: readonly string[], today: readonly string[]): Loss[] =>
  release
    .filter((stack) => !today.includes(stack))
    .map((stack) => ({
      stack,
      address: "(the whole stack)",
      type: "stack",
      kind: "left behind",
      because: "today's kit synthesizes no stack of this name for the release's landscape",
    }));

function lossOf(stack: string, { address, type, action_reason, change }: ResourceChange): Loss[] {
  const { actions } = change;
  if (actions.includes("forget"))
    return [
      { stack, address, type, kind: "forgotten", because: "a `removed` block takes it out of the state" },
    ];
  if (!actions.includes("delete")) return [];
  if (actions.includes("create"))
    return [{ stack, address, type, kind: "replaced", because: whyReplaced(change) }];
  return [
    {
      stack,
      address,
      type,
      kind: "destroyed",
      because: `Terraform's reason: ${action_reason ?? "none given"}`,
    },
  ];
}

const whyReplaced = ({ before, after, replace_paths = [] }: ResourceChange["change"]): string =>
  replace_paths
    .map(
      (path) =>
        `${path.join(".")} can't be updated in place: ${shown(at(before, path))} becomes ${shown(at(after, path))}`,
    )
    .join("; ") || "Terraform names no attribute";

const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | null)?.[key], value);

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "what is known after the apply";
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

async function lossesInside(stack: string, { address, change }: ResourceChange): Promise<Loss[]> {
  const [before, after] = [templateIn(change.before), templateIn(change.after)];
  if (before === undefined || after === undefined || isDeepStrictEqual(before, after)) return [];
  const losses = await lossesInTemplate(before, after);
  return losses.map(({ logicalId, type, what, because, customName }) => ({
    stack,
    address: `${address} → ${logicalId}`,
    type,
    kind: what === "removed" ? "destroyed" : "replaced",
    because:
      what === "replaced" && customName !== undefined
        ? `${because}; CloudFormation refuses to replace what the template names (${shown(customName)})`
        : because,
  }));
}

function templateIn(attributes: Readonly<Record<string, unknown>> | null): UpdatedTemplate | undefined {
  const body = attributes?.template_body;
  return typeof body === "string" ? (JSON.parse(body) as UpdatedTemplate) : undefined;
}
