import { anyRoleArn, deployRolesArn, kitIamArn, roleArn, stackSetExecutionArn } from "../../landscape/arns";
import { hasId, type Landscape } from "../../landscape/model";
import { accountId, type RoleUse } from "../../landscape/names";
import type { Condition } from "../document";

/**
 * Who deploys the kit: StackSets' execution roles in every account, and the deployer's role where Terraform works.
 * With direct distribution that is everywhere. These roles are protected like the kit's own, or an administrator of
 * a member would become one of them.
 */
export function deployers(landscape: Landscape): string[] {
  if (landscape.distribution === "direct")
    return [...new Set([deployRolesArn(landscape, "*"), ...landingZoneRoles(landscape)])];
  const { management, ...others } = landscape.accounts;
  const core = [...new Set([...Object.values(others), landscape.hub])]
    .filter((account) => account !== management && hasId(account))
    .map((account) => deployRolesArn(landscape, accountId(account)));
  return [...core, stackSetExecutionArn(landscape, "*"), ...landingZoneRoles(landscape)];
}

/** Roles by which a landing zone keeps its accounts. Sources: the guides of AWS Control Tower and of the accelerator. */
const landingZoneRoles = (landscape: Landscape): string[] => {
  const names: Readonly<Record<Landscape["landingZone"], readonly string[]>> = {
    none: [],
    "control-tower": ["AWSControlTowerExecution", "aws-controltower-*"],
    lza: ["AWSAccelerator-*", "AWSControlTowerExecution", "cdk-accel-*"],
  };
  return names[landscape.landingZone].map((name) => anyRoleArn(landscape, name));
};

/** Every role that an exemption names, wherever it stands; whoever could make or change one would be exempt. */
export const protectedDeployers = (landscape: Landscape): string[] => [
  ...new Set([
    deployRolesArn(landscape, "*"),
    stackSetExecutionArn(landscape, "*"),
    ...landingZoneRoles(landscape),
  ]),
];

export const spokesArns = (landscape: Landscape, ...uses: RoleUse[]): string[] =>
  uses.map((use) => roleArn(landscape, use, "*"));

/**
 * Every role of the kit, where naming each would be too long. No more than naming them: none can be made below the
 * kit's path, and each is bounded by its own permissions, whatever else lets it through.
 */
export const kitRolesArn = (landscape: Landscape, account = "*"): string =>
  kitIamArn(landscape, "role", account);

/** A session's requests carry the ARN of its role, path included; a role of the same name elsewhere is not meant. */
export const unless = (principals: readonly string[]): Condition => ({
  ArnNotLike: { "aws:PrincipalArn": principals },
});
