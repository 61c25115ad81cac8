import type { LogTable } from "../table";

const text = (name: string, holds?: string) => ({
  name,
  type: "string",
  ...(holds !== undefined && { holds }),
});

const userIdentity = [
  "type:string",
  "principalid:string",
  "arn:string",
  "accountid:string",
  "invokedby:string",
  "accesskeyid:string",
  "username:string",
  "onbehalfof:struct<userid:string,identitystorearn:string>",
  "sessioncontext:struct<" +
    [
      "attributes:struct<mfaauthenticated:string,creationdate:string>",
      "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>",
      "ec2roledelivery:string",
      "webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>",
      "sourceidentity:string",
    ].join(",") +
    ">",
].join(",");

/**
 * Events of the organization's trail. Parameters and answers of calls are texts of JSON.
 *
 * Source: "Create a table for CloudTrail logs in Athena using partition projection" (Amazon Athena user guide), with
 * the path of an organization's trail.
 */
export const cloudtrail: LogTable = {
  name: "cloudtrail",
  holds: "calls that CloudTrail recorded, of every account",
  columns: [
    text("eventversion"),
    { name: "useridentity", type: `struct<${userIdentity}>`, holds: "who called" },
    text("eventtime", "ISO 8601, UTC"),
    text("eventsource"),
    text("eventname"),
    text("awsregion"),
    text("sourceipaddress", "address, or name of the AWS service that called"),
    text("useragent"),
    text("errorcode"),
    text("errormessage"),
    text("requestparameters", "JSON"),
    text("responseelements", "JSON"),
    text("additionaleventdata", "JSON"),
    text("requestid"),
    text("eventid"),
    text("readonly"),
    { name: "resources", type: "array<struct<arn:string,accountid:string,type:string>>" },
    text("eventtype"),
    text("apiversion"),
    text("recipientaccountid", "account in which the event was recorded"),
    text("serviceeventdetails"),
    text("sharedeventid"),
    text("vpcendpointid"),
    text("vpcendpointaccountid"),
    text("eventcategory", "Management, Data, NetworkActivity or Insight"),
    text("sessioncredentialfromconsole"),
    {
      name: "tlsdetails",
      type: "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>",
    },
  ],
  partitionKeys: [
    { name: "account", type: "string", holds: "account id", projection: { kind: "injected" } },
    { name: "region", type: "string", projection: { kind: "regions" } },
    { name: "day", type: "string", holds: "yyyy/MM/dd, UTC", projection: { kind: "day" } },
  ],
  path: (organizationId) => `AWSLogs/${organizationId}/\${account}/CloudTrail/\${region}/\${day}/`,
  serde: {
    library: "org.apache.hive.hcatalog.data.JsonSerDe",
    inputFormat: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    parameters: {},
  },
  time: { column: "eventtime", unit: "iso-8601" },
};
