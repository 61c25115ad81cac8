import type { TerraformResourceLifecycle } from "cdktf";
import { fixedWhenMade } from "./fixed-when-made";

/**
 * Of a policy that is somebody's boundary. A user or role takes up its new boundary before the old one goes: IAM deletes
 * none that is in use, and Terraform's usual order would ask for that first.
 */
export const boundaryLifecycle: TerraformResourceLifecycle = { ...fixedWhenMade, createBeforeDestroy: true };
