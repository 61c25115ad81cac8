import { type Attributes, elsewhere, unlimited, word } from "./attributes";

export const storageAttributes = {
  aws_athena_named_query: {
    name: ["athena:CreateNamedQuery.Name"],
    description: ["athena:CreateNamedQuery.Description"],
    query: ["named-query"],
    database: elsewhere,
    workgroup: elsewhere,
  },
  aws_athena_workgroup: {
    name: ["athena:CreateWorkGroup.Name"],
    description: ["athena:CreateWorkGroup.Description"],
    "configuration.engine_version.selected_engine_version": word,
    "configuration.result_configuration.output_location": elsewhere,
  },
  aws_dynamodb_table: {
    name: ["table-name"],
    "attribute[].name": ["dynamodb:CreateTable.AttributeDefinitions[].AttributeName"],
    "ttl.attribute_name": ["dynamodb:UpdateTimeToLive.TimeToLiveSpecification.AttributeName"],
    hash_key: elsewhere,
    range_key: elsewhere,
  },
  aws_glue_catalog_database: {
    name: ["glue:CreateDatabase.DatabaseInput.Name"],
    description: ["glue:CreateDatabase.DatabaseInput.Description"],
  },
  aws_glue_catalog_table: {
    name: ["glue:CreateTable.TableInput.Name"],
    description: ["glue:CreateTable.TableInput.Description"],
    database_name: elsewhere,
    "parameters{}": ["glue:CreateTable.TableInput.Parameters{}"],
    "partition_keys[].name": ["glue:CreateTable.TableInput.StorageDescriptor.Columns[].Name"],
    "partition_keys[].type": ["glue:CreateTable.TableInput.StorageDescriptor.Columns[].Type"],
    "partition_keys[].comment": ["glue:CreateTable.TableInput.StorageDescriptor.Columns[].Comment"],
    "storage_descriptor.columns[].name": ["glue:CreateTable.TableInput.StorageDescriptor.Columns[].Name"],
    "storage_descriptor.columns[].type": ["glue:CreateTable.TableInput.StorageDescriptor.Columns[].Type"],
    "storage_descriptor.columns[].comment": [
      "glue:CreateTable.TableInput.StorageDescriptor.Columns[].Comment",
    ],
    "storage_descriptor.location": ["glue:CreateTable.TableInput.StorageDescriptor.Location"],
    "storage_descriptor.ser_de_info.name": ["glue:CreateTable.TableInput.StorageDescriptor.SerdeInfo.Name"],
    "storage_descriptor.input_format": word,
    "storage_descriptor.output_format": word,
    "storage_descriptor.ser_de_info.parameters{}": word,
    "storage_descriptor.ser_de_info.serialization_library": word,
  },
  aws_kms_alias: {
    name: ["kms:CreateAlias.AliasName"],
  },
  aws_kms_key: {
    description: ["kms:CreateKey.Description"],
    policy: ["key-policy", "kms:CreateKey.Policy"],
    customer_master_key_spec: word,
  },
  aws_s3_account_public_access_block: {},
  aws_s3_bucket: {
    bucket: ["bucket-name"],
  },
  aws_s3_bucket_lifecycle_configuration: {
    "rule[].id": unlimited,
    "rule[].filter[].prefix": unlimited,
    "rule[].filter.prefix": unlimited,
    "rule[].prefix": unlimited,
  },
  aws_s3_bucket_logging: {
    target_prefix: unlimited,
  },
  aws_s3_bucket_object_lock_configuration: {},
  aws_s3_bucket_ownership_controls: {},
  aws_s3_bucket_policy: {
    policy: ["bucket-policy"],
  },
  aws_s3_bucket_public_access_block: {},
  aws_s3_bucket_server_side_encryption_configuration: {},
  aws_s3_bucket_versioning: {},
} as const satisfies Readonly<Record<string, Attributes>>;
