import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { deployRoleArn } from "../landscape/arns";
import type { Account, Landscape } from "../landscape/model";
import { accountId, bucketName, stateFileName } from "../landscape/names";
import { kitTag } from "../landscape/tasks";
import { AccountProvider } from "./account-provider";

export interface KitStackProps {
  readonly landscape: Landscape;
  readonly account: Account;
  readonly region: string;
}

/** Types are those of provider 6; the kit uses nothing that 5.100 lacks (ADR 0002). */
export const providerVersions = ">= 5.100.0, < 7.0.0";

/** 1.10 is the first with lock files in S3; OpenTofu has them since 1.10 too. */
export const terraformVersions = ">= 1.10.0";

/** A stack of the kit: one account, one region, and so one provider (ADR 0001). */
export class KitStack extends TerraformStack {
  readonly landscape: Landscape;
  readonly account: Account;
  readonly region: string;

  constructor(scope: Construct, name: string, { landscape, account, region }: KitStackProps) {
    super(scope, name);
    this.landscape = landscape;
    this.account = account;
    this.region = region;
    this.addOverride("terraform.required_version", terraformVersions);
    this.addOverride("terraform.required_providers.aws.version", providerVersions);
    this.keepState(name);
    this.connect(name);
  }

  /** The stack's own provider, or another for its account in the home region. */
  protected connect(name: string, alias?: "home"): AccountProvider {
    const deployer = this.landscape.accounts.management;
    return new AccountProvider(this, {
      region: alias ? this.landscape.homeRegion : this.region,
      ...(alias && { alias }),
      accountId: accountId(this.account),
      ...(this.account.id !== deployer.id && { roleArn: deployRoleArn(this.landscape, this.account) }),
      tags: { ...this.landscape.tags, "managed-by": "aws-ir-kit", [kitTag]: "true", stack: name },
    });
  }

  private keepState(name: string): void {
    const { backend, homeRegion, accounts } = this.landscape;
    if (backend.type === "local") {
      // Relative to cdktf.out/stacks/<name>, so that the same bytes are right on any machine.
      new LocalBackend(this, { path: `../../../${backend.directory}/${stateFileName(name)}` });
      return;
    }
    const owner = accounts[backend.account];
    new S3Backend(this, {
      bucket: bucketName(this.landscape, "state"),
      key: stateFileName(name),
      region: homeRegion,
      encrypt: true,
      ...(owner.id !== accounts.management.id && {
        assumeRole: { roleArn: deployRoleArn(this.landscape, owner), sessionName: "aws-ir-kit" },
      }),
    });
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
