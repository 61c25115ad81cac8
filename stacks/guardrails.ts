import { OrganizationsPolicy } from "@cdktf/provider-aws/lib/organizations-policy";
import { OrganizationsPolicyAttachment } from "@cdktf/provider-aws/lib/organizations-policy-attachment";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import { literalJson } from "../constructs/terraform-text";
import type { Landscape } from "../landscape/model";
import { accountId, terraformName } from "../landscape/names";
import { type Guardrail, guardrails, type Target } from "../policies/guardrails";

/** What nobody may do, whatever their own policies say. The last stack to be deployed and the first to be removed. */
export class GuardrailsStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.accounts.management, region: landscape.homeRegion });
    for (const guardrail of guardrails(landscape)) this.createGuardrail(guardrail);
    this.attachCuts();
  }

  private createGuardrail({ id, name, type, description, document, targets }: Guardrail): void {
    const policy = new OrganizationsPolicy(this, id, {
      name,
      type,
      description,
      content: literalJson(document),
    });
    for (const target of targets) this.attach(`${id}-${this.nameOf(target)}`, policy.id, this.idOf(target));
  }

  /** Made by bootstrap, since its id is part of ARNs; its text is written by automation alone. */
  private attachCuts(): void {
    const { cutPolicyId } = this.landscape.organization;
    if (cutPolicyId !== undefined) this.attach("cut-root", cutPolicyId, this.idOf({ kind: "root" }));
  }

  private attach(id: string, policyId: string, targetId: string): void {
    new OrganizationsPolicyAttachment(this, id, { policyId, targetId });
  }

  private readonly nameOf = (target: Target): string =>
    target.kind === "root"
      ? "root"
      : terraformName(target.kind === "account" ? target.account.name : target.path);

  private idOf(target: Target): string {
    const id =
      target.kind === "root"
        ? this.landscape.organization.rootId
        : target.kind === "account"
          ? accountId(target.account)
          : target.id;
    if (id === undefined) throw new Error(`${this.nameOf(target)} has no id yet`);
    return id;
  }
}
