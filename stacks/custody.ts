import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import { after } from "../constructs/after";
import { BoundedRole } from "../constructs/bounded-role";
import { functionBundle } from "../constructs/function-bundle";
import { KitFunction } from "../constructs/kit-function";
import { KitStack } from "../constructs/kit-stack";
import { LogKey } from "../constructs/log-key";
import { literalJson } from "../constructs/terraform-text";
import { roleArn } from "../landscape/arns";
import { evidenceRegions, type Forensics, type Landscape } from "../landscape/model";
import {
  accountId,
  bucketName,
  custodyKeyAliasName,
  custodyName,
  iamPath,
  roleName,
  signingKeyAliasName,
} from "../landscape/names";
import { policyDocument, services } from "../policies/document";
import { analysisMachinePermissions } from "../policies/evidence/analysis-machine";
import { custodianPermissions } from "../policies/evidence/custodian";
import { custodyKeyPolicy, signingKeyPolicy } from "../policies/evidence/keys";
import { permissionsPolicy } from "../policies/tasks/task";
import type { CustodyEnvironment } from "../runtime/functions/custody-environment";
import { environmentVariable } from "../runtime/functions/environment";

const logRetentionDays = 365;
/** Seconds: looking at two hundred pieces takes few; reading what S3 knows no digest of, more. */
const timeout = 120;

/**
 * Who signs for evidence: a function, the key that only it may use, and the table of the last manifest of each case. And
 * as whom machines look at it.
 */
export class CustodyStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape, forensics: Forensics) {
    super(scope, name, { landscape, account: landscape.accounts.forensics, region: landscape.homeRegion });
    const key = new LogKey(this, "key", {
      alias: custodyKeyAliasName(landscape),
      description: "Encrypts the table of custody and its function's log",
      policy: custodyKeyPolicy(landscape),
    });
    this.createSigningKey();
    this.createTable(key.arn);
    const role = this.createRole();
    this.createMachineProfile();
    const environment: CustodyEnvironment = {
      table: custodyName(landscape),
      buckets: Object.fromEntries(
        evidenceRegions(landscape, forensics).map((region) => [
          region,
          bucketName(landscape, "evidence", region),
        ]),
      ),
      homeRegion: landscape.homeRegion,
      signingKey: signingKeyAliasName(landscape),
    };
    const custodian = new KitFunction(this, "custodian", {
      name: custodyName(landscape),
      description: "Signs for evidence",
      bundle: functionBundle("runtime/functions/custody.ts"),
      roleArn: roleArn(landscape, "custody", accountId(this.account)),
      environment: { [environmentVariable]: JSON.stringify(environment) },
      timeout,
      key: { arn: key.arn, before: key.key },
      logRetentionDays,
    });
    after(custodian, role);
  }

  /** KMS does not rotate keys that sign: what was signed must stay checkable ("Rotate AWS KMS keys"). */
  private createSigningKey(): void {
    const key = new KmsKey(this, "signing-key", {
      description: "Signs manifests of evidence",
      keyUsage: "SIGN_VERIFY",
      customerMasterKeySpec: "ECC_NIST_P256",
      policy: literalJson(signingKeyPolicy(this.landscape)),
      deletionWindowInDays: 30,
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "signing-key-alias", {
      name: signingKeyAliasName(this.landscape),
      targetKeyId: key.keyId,
    });
  }

  private createTable(kmsKeyArn: string): void {
    new DynamodbTable(this, "custody", {
      name: custodyName(this.landscape),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "case",
      attribute: [{ name: "case", type: "S" }],
      serverSideEncryption: { enabled: true, kmsKeyArn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      lifecycle: { preventDestroy: true },
    });
  }

  /** As whom machines call AWS on which evidence is looked at; IAM knows no regions, and so it stands here. */
  private createMachineProfile(): void {
    const name = roleName(this.landscape, "forensic-analysis");
    const path = iamPath(this.landscape);
    const role = new BoundedRole(this, "analysis-role", {
      name,
      path,
      description: "Machines on which evidence is looked at.",
      trust: policyDocument([
        {
          Sid: "Machines",
          Effect: "Allow",
          Principal: services("ec2.amazonaws.com"),
          Action: ["sts:AssumeRole"],
        },
      ]),
      permissions: permissionsPolicy(analysisMachinePermissions(this.landscape)),
    });
    const profile = new IamInstanceProfile(this, "analysis-profile", { name, path, role: name });
    after(profile, role);
  }

  private createRole(): BoundedRole {
    return new BoundedRole(this, "role", {
      name: roleName(this.landscape, "custody"),
      path: iamPath(this.landscape),
      description: "Signs for evidence. Writes manifests, and nothing else.",
      trust: policyDocument([
        {
          Sid: "Functions",
          Effect: "Allow",
          Principal: services("lambda.amazonaws.com"),
          Action: ["sts:AssumeRole"],
        },
      ]),
      permissions: permissionsPolicy(custodianPermissions(this.landscape)),
    });
  }
}
