import type { Attributes } from "./attributes";
import { identityAttributes } from "./identity";
import { networkAttributes } from "./network";
import { serviceAttributes } from "./services";
import { storageAttributes } from "./storage";
import { templateAttributes } from "./template";

/** Types of Terraform and of CloudFormation that the kit makes, and the quotas of their attributes. */
export const attributesOf: Readonly<Record<string, Attributes>> = {
  ...identityAttributes,
  ...networkAttributes,
  ...serviceAttributes,
  ...storageAttributes,
  ...templateAttributes,
};
