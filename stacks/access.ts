import { IamSamlProvider } from "@cdktf/provider-aws/lib/iam-saml-provider";
import type { Construct } from "constructs";
import { after } from "../constructs/after";
import { BoundedRole } from "../constructs/bounded-role";
import { DoorUsers } from "../constructs/door-users";
import { KitStack } from "../constructs/kit-stack";
import { literal } from "../constructs/terraform-text";
import { stateMachineArn, sweepMachineArns, sweepRulesArns } from "../landscape/arns";
import type { Access, Landscape, SamlDoor } from "../landscape/model";
import {
  accountId,
  iamPath,
  type RoleUse,
  roleName,
  samlDoorRoleName,
  samlProviderName,
  workflowNames,
} from "../landscape/names";
import { taskNames } from "../landscape/tasks";
import { type PolicyDocument, policyDocument, services } from "../policies/document";
import { doorPermissions, doorsTo, hubTrustPolicy } from "../policies/doors";
import { samlDoorTrust } from "../policies/doors/saml";
import { automations, hubPermissions, tasks } from "../policies/tasks";
import { mapPlaces, runSteps, startSweep, writeCuts } from "../policies/tasks/functions";
import { type Permission, permissionsPolicy } from "../policies/tasks/task";
import { stepsOf, sweepStepNames, workflows } from "./workflows";

/** The hub: roles that responders take up and automation runs as, each leading into the accounts as its spoke. */
export class AccessStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape & { readonly access: Access }) {
    super(scope, name, { landscape, account: landscape.hub, region: landscape.homeRegion });
    for (const name of taskNames.filter((task) => doorsTo(landscape, task).length > 0)) {
      this.createRole(name, {
        description: `Hub: ${tasks[name].description}`,
        trust: hubTrustPolicy(landscape, name),
        permissions: hubPermissions(this.place, tasks[name]),
      });
    }
    for (const task of Object.values(automations)) {
      this.createRole(task.name, {
        description: `Hub: ${task.description}`,
        trust: this.functionsOnly(),
        permissions: hubPermissions(this.place, task),
      });
    }
    this.createRole("auto-workflow", {
      description: "Runs the steps of workflows, each of which is a function.",
      trust: this.workflowsOnly(),
      permissions: runSteps(this.place, stepsOf(workflows(landscape))),
    });
    this.createSweepRoles();
    if (landscape.organization.cutPolicyId !== undefined) this.createCutWriter();
    for (const door of landscape.access.doors) {
      if (door.type === "saml") this.createSamlDoor(door);
      if (door.type === "iam-users") new DoorUsers(this, "users", { landscape, users: door.users });
    }
  }

  private get place() {
    return { landscape: this.landscape, account: accountId(this.account) };
  }

  private createRole(
    use: RoleUse,
    props: { description: string; trust: PolicyDocument; permissions: readonly Permission[] },
  ): void {
    new BoundedRole(this, use, {
      name: roleName(this.landscape, use),
      path: iamPath(this.landscape),
      description: props.description,
      trust: props.trust,
      permissions: permissionsPolicy(props.permissions),
    });
  }

  /** Functions of this account; nobody here may pass the role to one but the deployer, by a guardrail. */
  private functionsOnly(): PolicyDocument {
    return policyDocument([
      {
        Sid: "Functions",
        Effect: "Allow",
        Principal: services("lambda.amazonaws.com"),
        Action: ["sts:AssumeRole"],
      },
    ]);
  }

  /** State machines of this account. */
  private workflowsOnly(): PolicyDocument {
    const machines = workflowNames.map((workflow) => stateMachineArn(this.landscape, workflow));
    return this.ofService("states.amazonaws.com", machines);
  }

  /** A service, for these resources of this account. Source: "The confused deputy problem" (AWS IAM user guide). */
  private ofService(service: string, sources: readonly string[]): PolicyDocument {
    return policyDocument([
      {
        Sid: "Service",
        Effect: "Allow",
        Principal: services(service),
        Action: ["sts:AssumeRole"],
        Condition: {
          ArnLike: { "aws:SourceArn": sources },
          StringEquals: { "aws:SourceAccount": accountId(this.account) },
        },
      },
    ]);
  }

  private createSweepRoles(): void {
    const { landscape, place } = this;
    this.createRole("auto-sweep", {
      description: "Runs the sweep: its steps, one execution for each account and region.",
      trust: this.ofService("states.amazonaws.com", sweepMachineArns(landscape)),
      permissions: [...runSteps(place, sweepStepNames), ...mapPlaces(place)],
    });
    this.createRole("auto-schedule", {
      description: "Starts the sweep, by the clock and when a VPC is made.",
      trust: this.ofService("events.amazonaws.com", sweepRulesArns(landscape)),
      permissions: startSweep(place),
    });
  }

  private createCutWriter(): void {
    this.createRole("auto-cut", {
      description: "Writes the text of the cuts' policy, which can only deny.",
      trust: this.functionsOnly(),
      permissions: writeCuts(this.place),
    });
  }

  private createSamlDoor({ metadata, tasks: reachable }: SamlDoor): void {
    const provider = new IamSamlProvider(this, "saml-provider", {
      name: samlProviderName(this.landscape),
      samlMetadataDocument: literal(metadata),
    });
    const role = new BoundedRole(this, "saml-door", {
      name: samlDoorRoleName(this.landscape),
      path: iamPath(this.landscape),
      description: "Opened by the identity provider; leads to the hub's roles and nowhere else.",
      trust: policyDocument(samlDoorTrust(this.landscape)),
      permissions: permissionsPolicy(doorPermissions(this.landscape, reachable)),
    });
    after(role, provider);
  }
}
