import { AccountClient } from "@aws-sdk/client-account";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { IAMClient } from "@aws-sdk/client-iam";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { RAMClient } from "@aws-sdk/client-ram";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import type { Landscape } from "../../landscape";

/** The management account's APIs, with the deployer's own credentials. */
export interface ManagementClients {
  readonly account: AccountClient;
  readonly cloudformation: CloudFormationClient;
  readonly iam: IAMClient;
  readonly organizations: OrganizationsClient;
  readonly ram: RAMClient;
  readonly sts: STSClient;
  readonly s3: S3Client;
}

/** Global services are called in the partition's global-event region, the others in the home region. */
export function managementClients({ homeRegion, partition }: Landscape): ManagementClients {
  const global = { region: partition.globalEventRegion };
  const home = { region: homeRegion };
  return {
    account: new AccountClient(global),
    cloudformation: new CloudFormationClient(home),
    iam: new IAMClient(global),
    organizations: new OrganizationsClient(global),
    ram: new RAMClient(home),
    sts: new STSClient(home),
    s3: new S3Client(home),
  };
}
