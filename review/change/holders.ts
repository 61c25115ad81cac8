import { sameInstance } from "../companions";
import { type Graph, isUnknown, leftToAws, type Resource, type Value } from "../graph";
import { addTo, entryOf } from "../lists";
import { type PolicyDocument, policiesOf } from "../policies";
import { Draft } from "./draft";
import type { Holder, HolderKind } from "./holder";
import { defaultKeyPolicy, permissionOf } from "./implied-policies";

/** Attributes by which policies and attachments name who is meant. */
const ownerAttributes: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role_policy: ["role"],
  aws_iam_user_policy: ["user"],
  aws_iam_group_policy: ["group"],
  aws_iam_role_policy_attachment: ["role"],
  aws_iam_user_policy_attachment: ["user"],
  aws_iam_group_policy_attachment: ["group"],
  aws_iam_policy_attachment: ["roles", "users", "groups"],
  aws_ssoadmin_permission_set_inline_policy: ["permission_set_arn"],
  aws_ssoadmin_managed_policy_attachment: ["permission_set_arn"],
  "AWS::IAM::Policy": ["Roles", "Users", "Groups"],
  "AWS::IAM::ManagedPolicy": ["Roles", "Users", "Groups"],
};
const attachmentPolicies: Readonly<Record<string, string>> = {
  aws_iam_role_policy_attachment: "policy_arn",
  aws_iam_user_policy_attachment: "policy_arn",
  aws_iam_group_policy_attachment: "policy_arn",
  aws_iam_policy_attachment: "policy_arn",
  aws_ssoadmin_managed_policy_attachment: "managed_policy_arn",
};
const managedAttributes = ["managed_policy_arns", "ManagedPolicyArns"];
const boundaryAttributes = ["permissions_boundary", "PermissionsBoundary"];
const managedPolicy = /^(aws_iam_policy|AWS::IAM::ManagedPolicy)$/;

/** Whether resources of a type give policies to somebody, or are who they are given to. */
export const namesOwners = (type: string): boolean =>
  Object.hasOwn(ownerAttributes, type) || isOwner.test(type);

/** Every holder of a graph, by what it is and where it stands. */
export function holdersOf(graph: Graph): ReadonlyMap<string, Holder> {
  return new Holders(graph).all();
}

/** What tells a holder from every other. */
export const holderKey = (kind: HolderKind, { id }: Resource, more = ""): string => `${kind} ${id} ${more}`;

class Holders {
  private readonly byConfigured = new Map<string, Resource[]>();
  private readonly byName = new Map<string, Resource[]>();
  private readonly found = new Map<string, Draft>();

  constructor(private readonly graph: Graph) {
    for (const resource of graph.resources) {
      addTo(this.byConfigured, resource.configured, resource);
      for (const attribute of ["name", "RoleName", "UserName", "GroupName", "ManagedPolicyName"]) {
        const name = resource.attributes[attribute];
        if (typeof name === "string" && !isUnknown(name)) addTo(this.byName, name, resource);
      }
    }
  }

  all(): ReadonlyMap<string, Holder> {
    const owners = this.attachedTo();
    for (const resource of this.graph.resources) {
      // Who has no policy at all holds nothing, and is there to be compared with.
      if (isOwner.test(resource.type)) this.draft("permissions", resource);
      for (const document of policiesOf(resource)) this.add(resource, document, owners);
      for (const attribute of managedAttributes) {
        for (const value of listed(resource.attributes[attribute]))
          this.attach(resource, attribute, value, [resource]);
      }
      this.boundary(resource);
      const implied = permissionOf(resource);
      if (implied) this.draft("resource-policy", resource).add(resource, implied);
    }
    this.addDefaultsOfKeys();
    return new Map([...this.found].map(([key, draft]) => [key, draft.holder()]));
  }

  private add(
    resource: Resource,
    document: PolicyDocument,
    attached: ReadonlyMap<Resource, Resource[]>,
  ): void {
    if (document.carrier === "identity") {
      const owners = [...this.owners(resource), ...(attached.get(resource) ?? [])];
      for (const owner of owners) this.draft("permissions", owner).add(resource, document);
      // Whoever it is given to beside, or instead: it may stand elsewhere.
      const given = this.ownersElsewhere(resource);
      if (owners.length === 0 || given !== "")
        this.draft("permissions", resource, given).add(resource, document);
    } else if (document.carrier === "trust") this.draft("trust", resource).add(resource, document);
    else if (document.carrier === "resource") this.guarding(resource).add(resource, document);
    else this.draft("guardrail", resource, String(resource.attributes.type ?? "")).add(resource, document);
  }

  /** @param more what else tells this holder from another at the same place */
  private draft(kind: HolderKind, resource: Resource, more = ""): Draft {
    return this.draftAt(holderKey(kind, resource, more), kind, resource);
  }

  /** @param resource where it is told what changes */
  private draftAt(key: string, kind: HolderKind, resource: Resource): Draft {
    const draft = this.found.get(key) ?? new Draft(kind, resource);
    this.found.set(key, draft);
    return draft;
  }

  /** A policy that guards what stands here is compared as that one's, wherever it is written. */
  private guarding(resource: Resource): Draft {
    const [guarded, ...others] = belongsBy
      .flatMap((name) => resource.references.get(name) ?? [])
      .flatMap((configured) => this.byConfigured.get(configured) ?? [])
      .filter((other) => sameInstance(resource, other));
    const key =
      guarded && others.length === 0
        ? holderKey("resource-policy", guarded)
        : holderKey("resource-policy", resource, guardedPlace(resource));
    return this.draftAt(key, "resource-policy", resource);
  }

  private addDefaultsOfKeys(): void {
    for (const resource of this.graph.resources) {
      const implied = defaultKeyPolicy(resource);
      if (implied && !this.found.has(holderKey("resource-policy", resource)))
        this.draft("resource-policy", resource).add(resource, implied);
    }
  }

  /** Whose a policy or an attachment is, where that is here. */
  private owners(resource: Resource): Resource[] {
    const attributes = entryOf(ownerAttributes, resource.type) ?? [];
    return attributes.flatMap((attribute) => this.meant(resource, attribute));
  }

  /** Names of owners that stand elsewhere, in order. */
  private ownersElsewhere(resource: Resource): string {
    const attributes = entryOf(ownerAttributes, resource.type) ?? [];
    const names = attributes.flatMap((attribute) =>
      listed(resource.attributes[attribute])
        .filter((value) => !isUnknown(value) && this.named(String(value), resource).length === 0)
        .map(String),
    );
    return names.sort().join(", ");
  }

  private meant(resource: Resource, attribute: string, type: RegExp = isOwner): Resource[] {
    const values = listed(resource.attributes[attribute]);
    const named = values
      .filter((value) => !isUnknown(value))
      .flatMap((name) => this.named(String(name), resource));
    const isOpen = values.length === 0 || values.some(isUnknown);
    const referred = (isOpen ? (resource.references.get(attribute) ?? []) : [])
      .flatMap((configured) => this.byConfigured.get(configured) ?? [])
      .filter((other) => sameInstance(resource, other));
    return [...new Set([...named, ...referred])].filter((other) => type.test(other.type));
  }

  private named(name: string, { stack }: Resource): Resource[] {
    // The name of a policy or a role ends its ARN; those of AWS's own are nobody's here.
    if (/^arn:[^:]*:iam::aws:/.test(name)) return [];
    const found = this.byName.get(name) ?? this.byName.get(name.slice(name.lastIndexOf("/") + 1)) ?? [];
    const here = found.filter((each) => each.stack === stack);
    return here.length > 0 ? here : found;
  }

  /** By each managed policy that stands here, to whom attachments give it; what stands elsewhere is noted by its ARN. */
  private attachedTo(): ReadonlyMap<Resource, Resource[]> {
    const attached = new Map<Resource, Resource[]>();
    for (const attachment of this.graph.resources) {
      const attribute = entryOf(attachmentPolicies, attachment.type);
      if (attribute === undefined) continue;
      const owners = this.owners(attachment);
      const policies = this.meant(attachment, attribute, managedPolicy);
      for (const policy of policies) {
        addTo(attached, policy, ...owners);
        this.giveElsewhere(attachment, policy, owners.length === 0);
      }
      if (policies.length === 0) {
        for (const value of listed(attachment.attributes[attribute])) {
          this.attach(attachment, attribute, value, owners.length > 0 ? owners : [attachment]);
        }
      }
    }
    return attached;
  }

  /** A policy that stands here and is given to somebody who does not. */
  private giveElsewhere(attachment: Resource, policy: Resource, isAll: boolean): void {
    const elsewhere = this.ownersElsewhere(attachment);
    if (elsewhere === "" && !isAll) return;
    for (const document of policiesOf(policy)) {
      this.draft("permissions", attachment, elsewhere).add(policy, document);
    }
  }

  private attach(resource: Resource, attribute: string, value: Value, owners: readonly Resource[]): void {
    const arn = this.elsewhere(resource, attribute, value);
    for (const owner of owners) this.draft("permissions", owner).elsewhere.push(arn);
  }

  /** What stands elsewhere, by its ARN or by the expression that leads to it. */
  private elsewhere({ references }: Resource, attribute: string, value: Value): string {
    if (!isUnknown(value)) return String(value);
    return (references.get(attribute) ?? []).join(", ") || "a policy that is known after apply only";
  }

  private boundary(resource: Resource): void {
    for (const attribute of boundaryAttributes) {
      const value = resource.attributes[attribute];
      if (value === undefined || value === leftToAws) continue;
      const draft = this.draft("permissions", resource);
      const policies = this.meant(resource, attribute, managedPolicy);
      for (const policy of policies) draft.boundary.push(...policiesOf(policy));
      if (policies.length === 0) draft.boundaryElsewhere = this.elsewhere(resource, attribute, value);
    }
  }
}

/** Attributes by which a policy that stands on its own names what it belongs to. */
const belongsBy = [
  "bucket",
  "queue_url",
  "arn",
  "key_id",
  "function_name",
  "repository",
  "repository_name",
  "secret_arn",
  "file_system_id",
  "event_bus_name",
  "domain_name",
  "backup_vault_name",
  "resource_arn",
];

const guardedPlace = ({ attributes, references }: Resource): string =>
  belongsBy
    .flatMap((name) => {
      const referred = references.get(name);
      const value = attributes[name];
      if (referred) return referred;
      return value === undefined || isUnknown(value) ? [] : [JSON.stringify(value)];
    })
    .join(" ");

const isOwner = /^(aws_iam_(role|user|group)|aws_ssoadmin_permission_set|AWS::IAM::(Role|User|Group))$/;

const listed = (value: Value | undefined): readonly Value[] =>
  value === undefined || value === leftToAws ? [] : Array.isArray(value) ? value : [value as Value];
