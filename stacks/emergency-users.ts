import type { Construct } from "constructs";
import { DoorUsers } from "../constructs/door-users";
import { KitStack } from "../constructs/kit-stack";
import type { EmergencyUsersDoor, Landscape } from "../landscape/model";

/** Users for the day on which the identity provider is down, outside the security account. */
export class EmergencyUsersStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape, door: EmergencyUsersDoor) {
    super(scope, name, {
      landscape,
      account: landscape.accounts[door.account],
      region: landscape.homeRegion,
    });
    new DoorUsers(this, "users", { landscape, users: door.users });
  }
}
