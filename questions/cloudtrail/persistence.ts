import { askCloudTrail } from "../question";
import { change, changeColumns, isCall } from "./columns";

export const persistence = [
  askCloudTrail({
    id: "credentials-made",
    title: "Which keys, passwords and other credentials were made, and for whom",
    columns: [...changeColumns, "for_user", "made_key", "event"],
    sql: `SELECT ${change},
  coalesce(json_extract_scalar(requestparameters, '$.userName'), useridentity.username) AS for_user,
  json_extract_scalar(responseelements, '$.accessKey.accessKeyId') AS made_key, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND ${isCall({
    iam: [
      "(Create|Update)AccessKey",
      "(Create|Update)LoginProfile",
      "ChangePassword",
      "(Create|Reset)ServiceSpecificCredential",
      "UploadSSHPublicKey",
      "UploadSigningCertificate",
      "CreateVirtualMFADevice",
      "(Enable|Deactivate)MFADevice",
    ],
  })}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "users-made",
    title: "Which users were made, and what they were put into",
    columns: [...changeColumns, "user_name", "group_name", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.userName') AS user_name,
  json_extract_scalar(requestparameters, '$.groupName') AS group_name, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND ${isCall({ iam: ["CreateUser", "AddUserToGroup"] })}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "roles-made",
    title: "Which roles were made, and whom they trust",
    columns: [...changeColumns, "role_name", "trust", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.roleName') AS role_name,
  json_extract_scalar(requestparameters, '$.assumeRolePolicyDocument') AS trust, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND ${isCall({ iam: ["CreateRole"] })}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "trusts-changed",
    title: "Whose trust was changed: roles, instance profiles, and providers of identities",
    columns: [...changeColumns, "changed", "document", "event"],
    sql: `SELECT ${change},
  coalesce(json_extract_scalar(requestparameters, '$.roleName'),
    json_extract_scalar(requestparameters, '$.sAMLProviderArn'),
    json_extract_scalar(requestparameters, '$.openIDConnectProviderArn'),
    json_extract_scalar(requestparameters, '$.instanceProfileName'),
    json_extract_scalar(requestparameters, '$.name'),
    json_extract_scalar(requestparameters, '$.url')) AS changed,
  json_extract_scalar(requestparameters, '$.policyDocument') AS document, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND ${isCall({
    iam: [
      "UpdateAssumeRolePolicy",
      "AddRoleToInstanceProfile",
      "(Create|Update)SAMLProvider",
      "CreateOpenIDConnectProvider",
      "AddClientIDToOpenIDConnectProvider",
      "UpdateOpenIDConnectProviderThumbprint",
    ],
    rolesanywhere: ["(Create|Update)(TrustAnchor|Profile)", "ImportCrl"],
  })}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "permissions-changed",
    title: "Which permissions were attached, written or taken away",
    columns: [...changeColumns, "changed", "policy", "document", "event"],
    sql: `SELECT ${change},
  coalesce(json_extract_scalar(requestparameters, '$.userName'),
    json_extract_scalar(requestparameters, '$.roleName'),
    json_extract_scalar(requestparameters, '$.groupName')) AS changed,
  coalesce(json_extract_scalar(requestparameters, '$.policyArn'),
    json_extract_scalar(requestparameters, '$.permissionsBoundary'),
    json_extract_scalar(requestparameters, '$.policyName')) AS policy,
  json_extract_scalar(requestparameters, '$.policyDocument') AS document, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'iam.amazonaws.com'
  AND regexp_like(eventname, '^(Attach|Detach|Put|Delete)(User|Role|Group)(Policy|PermissionsBoundary)$|^(CreatePolicy|CreatePolicyVersion|SetDefaultPolicyVersion)$')
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "functions-changed",
    title: "Which functions were made, or their code, settings or permissions changed",
    columns: [...changeColumns, "function_name", "role", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.functionName') AS function_name,
  json_extract_scalar(requestparameters, '$.role') AS role, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'lambda.amazonaws.com'
  AND regexp_like(eventname, '^(CreateFunction|UpdateFunctionCode|UpdateFunctionConfiguration|AddPermission|CreateFunctionUrlConfig|CreateEventSourceMapping)')
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "instances-launched",
    title: "Which instances were launched, by whom, with which role",
    days: 30,
    columns: [...changeColumns, "instance_type", "image", "first_instance", "profile", "event"],
    sql: `SELECT ${change},
  coalesce(json_extract_scalar(requestparameters, '$.instanceType'),
    json_extract_scalar(responseelements, '$.instancesSet.items[0].instanceType')) AS instance_type,
  coalesce(json_extract_scalar(requestparameters, '$.instancesSet.items[0].imageId'),
    json_extract_scalar(responseelements, '$.instancesSet.items[0].imageId')) AS image,
  json_extract_scalar(responseelements, '$.instancesSet.items[0].instanceId') AS first_instance,
  json_extract_scalar(responseelements, '$.instancesSet.items[0].iamInstanceProfile.arn') AS profile,
  eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND ${isCall({ ec2: ["RunInstances"] })}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "commands-run",
    title: "Which commands, sessions and keys were sent to instances by Systems Manager and Instance Connect",
    columns: [...changeColumns, "document", "targets", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.documentName') AS document,
  coalesce(nullif(json_format(json_extract(requestparameters, '$.instanceIds')), '[]'),
    json_format(json_extract(requestparameters, '$.targets')),
    json_extract_scalar(requestparameters, '$.target'),
    json_extract_scalar(requestparameters, '$.instanceId'),
    json_extract_scalar(requestparameters, '$.sessionId')) AS targets, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND ${isCall({
    ssm: ["SendCommand", "StartSession", "ResumeSession", "StartAutomationExecution", "CreateAssociation"],
    "ec2-instance-connect": ["Send(SerialConsole)?SSHPublicKey"],
  })}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "identity-center-changed",
    title: "Who changed people, groups, assignments or permission sets of IAM Identity Center",
    columns: [...changeColumns, "parameters", "event"],
    sql: `SELECT ${change}, requestparameters AS parameters, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource IN ('sso.amazonaws.com', 'sso-directory.amazonaws.com', 'identitystore.amazonaws.com')
  AND readonly = 'false'
ORDER BY eventtime`,
  }),
];
