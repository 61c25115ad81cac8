import { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

export interface AccountProviderProps {
  readonly region: string;
  readonly accountId: string;
  /** Role to enter the account by; left out, the deployer's own credentials are of that account. */
  readonly roleArn?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Of a second provider beside a stack's own. */
  readonly alias?: string;
}

/**
 * The AWS provider with the few arguments that the kit uses.
 *
 * The generated `AwsProvider` writes out some forty more for every stack, each of them undefined, and resolving these
 * takes a third of the time of a synthesis with many stacks. The output is the same to the byte.
 */
export class AccountProvider extends TerraformProvider {
  constructor(
    scope: Construct,
    private readonly props: AccountProviderProps,
  ) {
    super(scope, props.alias === undefined ? "aws" : `aws-${props.alias}`, {
      terraformResourceType: "aws",
      terraformProviderSource: "aws",
      terraformGeneratorMetadata: { providerName: "aws" },
    });
  }

  override get alias(): string | undefined {
    return this.props.alias;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { region, accountId, roleArn, tags } = this.props;
    return {
      region,
      // The provider refuses to touch any other account, whatever credentials it is given.
      allowed_account_ids: [accountId],
      ...(roleArn !== undefined && { assume_role: [{ role_arn: roleArn, session_name: "aws-ir-kit" }] }),
      default_tags: [{ tags: { ...tags } }],
    };
  }
}
