/**
 * How Session Manager opens a machine of analysts. A document of the kit's own, and not the account's preferences, so
 * that IAM lets a session begin by it and by no other. Source: "Create a Session Manager preferences document"
 * (AWS Systems Manager user guide).
 *
 * @param key id or ARN of the key under which what is typed and shown is encrypted on its way, beyond TLS
 */
export const sessionDocument = (logGroup: string, key: string) => ({
  schemaVersion: "1.0",
  description: "A shell on a machine of analysts, all of it logged",
  sessionType: "Standard_Stream",
  inputs: {
    s3BucketName: "",
    s3KeyPrefix: "",
    s3EncryptionEnabled: true,
    cloudWatchLogGroupName: logGroup,
    cloudWatchEncryptionEnabled: true,
    // As it happens, and not at the end, which a machine may not live to see.
    cloudWatchStreamingEnabled: true,
    kmsKeyId: key,
    runAsEnabled: false,
    runAsDefaultUser: "",
    idleSessionTimeout: "20",
    maxSessionDuration: "60",
    shellProfile: { linux: "", windows: "" },
  },
});
