import {
  days,
  encrypted,
  executionLogLevel,
  forever,
  kept,
  logged,
  off,
  on,
  onUnlessSaid,
  protectedBy,
  ruleState,
  type Setting,
  trafficType,
} from "./strength";

/** Defaults are those of CloudFormation's documentation of each resource. */
export const cloudFormationSettings: Readonly<Record<string, readonly Setting[]>> = {
  "AWS::CloudTrail::Trail": [
    encrypted("KMSKeyId"),
    logged("IsLogging"),
    logged("EnableLogFileValidation"),
    logged("IsMultiRegionTrail"),
    logged("IsOrganizationTrail"),
    logged("IncludeGlobalServiceEvents"),
  ],
  "AWS::Config::ConfigurationRecorder": [logged("RecordingGroup.AllSupported", onUnlessSaid)],
  "AWS::DynamoDB::Table": [
    encrypted("SSESpecification.SSEEnabled"),
    encrypted("SSESpecification.KMSMasterKeyId"),
    protectedBy("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"),
    protectedBy("DeletionProtectionEnabled"),
  ],
  "AWS::EC2::FlowLog": [logged("TrafficType", trafficType)],
  "AWS::EC2::Subnet": [protectedBy("MapPublicIpOnLaunch", off)],
  "AWS::EC2::Volume": [encrypted("Encrypted", on), encrypted("KmsKeyId")],
  "AWS::EFS::FileSystem": [encrypted("Encrypted", on)],
  "AWS::Events::Rule": [logged("State", ruleState)],
  "AWS::GuardDuty::Detector": [logged("Enable")],
  "AWS::KMS::Key": [
    protectedBy("EnableKeyRotation"),
    protectedBy("Enabled", onUnlessSaid),
    kept("PendingWindowInDays", days(30)),
  ],
  "AWS::Lambda::Function": [encrypted("KmsKeyArn")],
  "AWS::Lambda::Url": [protectedBy("AuthType", { strong: "AWS_IAM" })],
  "AWS::Logs::LogGroup": [kept("RetentionInDays", days(forever)), encrypted("KmsKeyId")],
  "AWS::RDS::DBInstance": [
    encrypted("StorageEncrypted", on),
    encrypted("KmsKeyId"),
    kept("BackupRetentionPeriod", days(1)),
    protectedBy("DeletionProtection"),
    protectedBy("PubliclyAccessible", off),
  ],
  "AWS::S3::Bucket": [
    protectedBy("VersioningConfiguration.Status", { strong: "Enabled", unsaid: "Suspended" }),
    ...["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].map((name) =>
      protectedBy(`PublicAccessBlockConfiguration.${name}`),
    ),
    encrypted(
      "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.SSEAlgorithm",
      {
        order: ["AES256", "aws:kms", "aws:kms:dsse"],
        unsaid: "AES256",
      },
    ),
    logged("LoggingConfiguration.DestinationBucketName", "said"),
  ],
  "AWS::SNS::Topic": [encrypted("KmsMasterKeyId")],
  "AWS::SQS::Queue": [
    encrypted("KmsMasterKeyId"),
    encrypted("SqsManagedSseEnabled", onUnlessSaid),
    kept("MessageRetentionPeriod", days(345_600)),
  ],
  "AWS::SecretsManager::Secret": [encrypted("KmsKeyId")],
  "AWS::StepFunctions::StateMachine": [logged("LoggingConfiguration.Level", executionLogLevel)],
};
