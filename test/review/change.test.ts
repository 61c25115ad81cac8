import { changesSince } from "../../review/change";
import { alignedWith } from "../../review/change/aligned";
import type { AccessChange, Changes } from "../../review/change/model";
import { evaluate } from "../../review/evaluate";
import type { Graph } from "../../review/graph";
import { compiledRule, graphOf } from "./examples";

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const graph = (resources: Blocks): Graph => graphOf({ verdict: "pass", resources });

async function changes(before: Blocks, after: Blocks, rules: readonly string[] = []): Promise<Changes> {
  const compiled = rules.map(compiledRule);
  const now = graph(after);
  const old = alignedWith(now, graph(before));
  return changesSince(
    { graph: old, evaluations: evaluate(old, compiled) },
    { graph: now, evaluations: evaluate(now, compiled) },
  );
}

const said = ({ direction, kind, what }: AccessChange): string => `${direction} ${kind}: ${what}`;

const allow = (Action: unknown, Resource: unknown, more = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const document = (...Statement: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = (...principals: string[]) =>
  document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: principals } });
const role = (more = {}) => ({
  aws_iam_role: { r: { name: "r", assume_role_policy: trust("111111111111"), ...more } },
});
const inline = (...statements: unknown[]) => ({
  aws_iam_role_policy: { p: { role: "${aws_iam_role.r.name}", policy: document(...statements) } },
});
const attached = (...statements: unknown[]) => ({
  aws_iam_policy: { p: { name: "p", policy: document(...statements) } },
  aws_iam_role_policy_attachment: {
    a: { role: "${aws_iam_role.r.name}", policy_arn: "${aws_iam_policy.p.arn}" },
  },
});
const bucket = { aws_s3_bucket: { b: { bucket: "b" } } };
const bucketPolicy = (...statements: unknown[]) => ({
  ...bucket,
  aws_s3_bucket_policy: { p: { bucket: "${aws_s3_bucket.b.id}", policy: document(...statements) } },
});
const plaintext = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const scp = (...statements: unknown[]) => ({
  aws_organizations_policy: { g: { name: "g", content: document(...statements) } },
});
const leaving = { Effect: "Deny", Action: "organizations:LeaveOrganization", Resource: "*" };
const group = (...ingress: unknown[]) => ({ aws_security_group: { g: { ingress } } });
const tcp = (from: number, to: number, ...cidr_blocks: string[]) => ({
  protocol: "tcp",
  from_port: from,
  to_port: to,
  cidr_blocks,
});
const logs = (retention_in_days?: number) => ({
  aws_cloudwatch_log_group: {
    l: { name: "l", ...(retention_in_days !== undefined && { retention_in_days }) },
  },
});
const object = "arn:aws:s3:::b/*";
const template = (...statements: unknown[]) => ({
  aws_cloudformation_stack: {
    s: {
      name: "s",
      template_body: JSON.stringify({
        Resources: {
          Role: {
            Type: "AWS::IAM::Role",
            Properties: {
              AssumeRolePolicyDocument: { Statement: [] },
              Policies: [{ PolicyName: "p", PolicyDocument: { Statement: statements } }],
            },
          },
        },
      }),
    },
  },
});

const twoRoles = {
  aws_iam_role: {
    low: { name: "low", assume_role_policy: trust("111111111111") },
    high: { name: "high", assume_role_policy: trust("111111111111") },
  },
  aws_iam_role_policy: {
    low: { role: "low", policy: document(allow("s3:GetObject", object)) },
    high: { role: "high", policy: document(allow(["s3:GetObject", "s3:PutObject"], object)) },
  },
};
const keyPolicy = document(
  allow("kms:*", "*", { Principal: { AWS: "arn:aws:iam::111111111111:role/security" } }),
);
const inTemplate = (Resources: Blocks) => ({
  aws_cloudformation_stack: { s: { name: "s", template_body: JSON.stringify({ Resources }) } },
});
const trusting = (name: string) => ({
  One: { Type: "AWS::IAM::Role" },
  Two: { Type: "AWS::IAM::Role" },
  Trusting: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: { "Fn::Sub": `$\${${name}.Arn}` } },
          },
        ],
      },
    },
  },
});

const cases: readonly (readonly [name: string, before: Blocks, after: Blocks, access: readonly string[]])[] =
  [
    [
      "an action more",
      { ...role(), ...inline(allow("s3:GetObject", object)) },
      { ...role(), ...inline(allow(["s3:GetObject", "s3:PutObject"], object)) },
      ["widened permissions: is newly allowed s3:PutObject on arn:aws:s3:::b/*"],
    ],
    [
      "a resource fewer",
      { ...role(), ...inline(allow("s3:GetObject", "*")) },
      { ...role(), ...inline(allow("s3:GetObject", object)) },
      ["narrowed permissions: is no longer allowed s3:GetObject on *"],
    ],
    [
      "the same, said in an attached policy instead of the role's own",
      { ...role(), ...inline(allow("s3:GetObject", object)) },
      { ...role(), ...attached(allow(["s3:getobject"], [object, "arn:aws:s3:::b/a"])) },
      [],
    ],
    [
      "a denial that what allows outweighed gone",
      {
        ...role(),
        ...inline(allow("s3:GetObject", object), {
          Effect: "Deny",
          Action: "s3:*",
          Resource: "arn:aws:s3:::b/secret",
        }),
      },
      { ...role(), ...inline(allow("s3:GetObject", object)) },
      [
        "widened permissions: is newly allowed s3:GetObject on arn:aws:s3:::b/*",
        expect.stringMatching(/^widened permissions: no longer denies s3:.* on arn:aws:s3:::b.secret$/),
      ],
    ],
    [
      "a condition that more fulfill",
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", object, { Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } } }),
        ),
      },
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", object, { Condition: { StringLike: { "aws:PrincipalTag/team": "a*" } } }),
        ),
      },
      [
        "widened permissions: is newly allowed s3:GetObject on arn:aws:s3:::b/* where aws:principaltag/team is ax",
      ],
    ],
    [
      "a network that lies within the other",
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", object, { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
        ),
      },
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", object, {
            Condition: { IpAddress: { "aws:SourceIp": ["10.0.0.0/16", "10.64.0.0/10"] } },
          }),
        ),
      },
      [
        "narrowed permissions: is no longer allowed s3:GetObject on arn:aws:s3:::b/* where aws:sourceip is 10.1.0.0",
      ],
    ],
    [
      "two halves of a network for the whole",
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", object, { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
        ),
      },
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", object, {
            Condition: { IpAddress: { "aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"] } },
          }),
        ),
      },
      [],
    ],
    [
      "a policy of AWS's",
      role(),
      {
        ...role(),
        aws_iam_role_policy_attachment: {
          a: { role: "r", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        },
      },
      ["widened permissions: is newly given arn:aws:iam::aws:policy/AdministratorAccess"],
    ],
    [
      "a boundary gone",
      {
        ...role({ permissions_boundary: "${aws_iam_policy.b.arn}" }),
        ...inline(allow("s3:*", object)),
        aws_iam_policy: { b: { name: "b", policy: document(allow("s3:GetObject", "*")) } },
      },
      {
        ...role(),
        ...inline(allow("s3:*", object)),
        aws_iam_policy: { b: { name: "b", policy: document(allow("s3:GetObject", "*")) } },
      },
      [
        "widened permissions: is no longer bounded by the policy that stood here",
        expect.stringMatching(/^widened permissions: is newly allowed s3:.* more on arn:aws:s3:::b\/\*$/),
      ],
    ],
    [
      "somebody who is newly trusted",
      role(),
      role({ assume_role_policy: trust("111111111111", "arn:aws:iam::222222222222:role/other") }),
      ["widened trust: newly trusts arn:aws:iam::222222222222:role/other"],
    ],
    [
      "an account for one of its roles",
      role({ assume_role_policy: trust("arn:aws:iam::222222222222:role/other") }),
      role({ assume_role_policy: trust("222222222222") }),
      ["widened trust: newly trusts everyone in account 222222222222"],
    ],
    [
      "an account said in two ways",
      role({ assume_role_policy: trust("222222222222") }),
      role({ assume_role_policy: trust("arn:aws:iam::222222222222:root") }),
      [],
    ],
    [
      "everyone trusted",
      role(),
      role({ assume_role_policy: trust("*") }),
      ["widened trust: newly trusts anyone at all"],
    ],
    [
      "a trust that no longer asks for a second factor",
      role({
        assume_role_policy: document({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: "111111111111" },
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
        }),
      }),
      role(),
      ["widened trust: newly trusts everyone in account 111111111111"],
    ],
    [
      "plaintext no longer denied",
      bucketPolicy(plaintext),
      bucketPolicy(allow("s3:GetObject", object, { Principal: { AWS: "111111111111" } })),
      [
        "widened resource-policy: newly lets everyone in account 111111111111 s3:GetObject on arn:aws:s3:::b/*",
        expect.stringMatching(
          /^widened resource-policy: no longer denies anyone at all .* where aws:securetransport is false$/,
        ),
        expect.stringMatching(
          /^widened resource-policy: no longer denies everyone in account 111111111111 s3:GetObject on /,
        ),
      ],
    ],
    ["a bucket that goes with its policy", bucketPolicy(plaintext), {}, []],
    [
      "a policy that goes without its bucket",
      bucketPolicy(plaintext),
      bucket,
      [expect.stringMatching(/^widened resource-policy: no longer denies anyone at all /)],
    ],
    [
      "a function that another bucket may call",
      {},
      {
        aws_lambda_permission: {
          p: {
            action: "lambda:InvokeFunction",
            function_name: "f",
            principal: "s3.amazonaws.com",
            source_arn: "arn:aws:s3:::b",
          },
        },
      },
      [
        "widened resource-policy: newly lets s3.amazonaws.com lambda:InvokeFunction on f where aws:sourcearn is arn:aws:s3:::b",
      ],
    ],
    [
      "a guardrail gone",
      scp(leaving),
      {},
      ["widened guardrail: no longer forbids organizations:LeaveOrganization on *"],
    ],
    [
      "a guardrail with an exception",
      scp(leaving),
      scp({ ...leaving, Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } } }),
      [
        "widened guardrail: no longer forbids organizations:LeaveOrganization on * where aws:principalarn is arn:aws:iam:::role/admin",
      ],
    ],
    [
      "a role inside a CloudFormation template",
      template(allow("ec2:StopInstances", "*")),
      template(allow("ec2:*Instances", "*")),
      [expect.stringMatching(/^widened permissions: is newly allowed ec2:/)],
    ],
    [
      "a port",
      group(tcp(443, 443, "0.0.0.0/0")),
      group(tcp(443, 443, "0.0.0.0/0"), tcp(22, 22, "10.0.0.0/8")),
      ["widened network: newly lets tcp 22 in from 10.0.0.0/8"],
    ],
    [
      "ports and networks in other pieces",
      group(tcp(80, 90, "10.0.0.0/8")),
      group(tcp(80, 84, "10.0.0.0/9", "10.128.0.0/9"), tcp(85, 90, "10.0.0.0/8"), tcp(88, 88, "10.1.0.0/16")),
      [],
    ],
    [
      "a port that a rule of its own opens",
      group(tcp(443, 443, "10.0.0.0/8")),
      {
        ...group(tcp(443, 443, "10.0.0.0/8")),
        aws_vpc_security_group_ingress_rule: {
          r: {
            security_group_id: "${aws_security_group.g.id}",
            ip_protocol: "tcp",
            from_port: 443,
            to_port: 443,
            cidr_ipv4: "0.0.0.0/0",
          },
        },
      },
      ["widened network: newly lets tcp 443 in from 0.0.0.0/0"],
    ],
    [
      "every protocol for one",
      group(tcp(443, 443, "10.0.0.0/8")),
      group({ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["10.0.0.0/8"] }),
      ["widened network: newly lets everything in from 10.0.0.0/8"],
    ],
    [
      "a network ACL whose denial comes too late",
      {
        aws_network_acl: {
          n: {
            vpc_id: "v",
            ingress: [
              {
                rule_no: 10,
                action: "deny",
                protocol: "tcp",
                from_port: 22,
                to_port: 22,
                cidr_block: "0.0.0.0/0",
              },
              {
                rule_no: 20,
                action: "allow",
                protocol: "-1",
                from_port: 0,
                to_port: 0,
                cidr_block: "0.0.0.0/0",
              },
            ],
          },
        },
      },
      {
        aws_network_acl: {
          n: {
            vpc_id: "v",
            ingress: [
              {
                rule_no: 30,
                action: "deny",
                protocol: "tcp",
                from_port: 22,
                to_port: 22,
                cidr_block: "0.0.0.0/0",
              },
              {
                rule_no: 20,
                action: "allow",
                protocol: "-1",
                from_port: 0,
                to_port: 0,
                cidr_block: "0.0.0.0/0",
              },
            ],
          },
        },
      },
      ["widened network: newly lets everything in from 0.0.0.0/0"],
    ],
    ["a shorter retention", logs(365), logs(30), ["widened retention: retention_in_days was 365, is 30"]],
    ["logs for ever", logs(365), logs(0), ["narrowed retention: retention_in_days was 365, is 0"]],
    [
      "logs no longer for ever",
      logs(),
      logs(3653),
      ["widened retention: retention_in_days was not said, is 3653"],
    ],
    [
      "encryption by a weaker key",
      {
        aws_s3_bucket_server_side_encryption_configuration: {
          e: { bucket: "b", rule: { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" } } },
        },
      },
      {
        aws_s3_bucket_server_side_encryption_configuration: {
          e: { bucket: "b", rule: { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } } },
        },
      },
      [
        'widened encryption: rule.apply_server_side_encryption_by_default.sse_algorithm was "aws:kms", is "AES256"',
      ],
    ],
    [
      "logging that stops",
      { aws_cloudtrail: { t: { name: "t", s3_bucket_name: "b" } } },
      { aws_cloudtrail: { t: { name: "t", s3_bucket_name: "b", enable_logging: false } } },
      ["widened logging: enable_logging was not said, is false"],
    ],
    [
      "logging that is gone",
      { aws_cloudtrail: { t: { name: "t", s3_bucket_name: "b" } } },
      {},
      ["widened logging: is removed"],
    ],
    [
      "a key whose policy is gone",
      {
        aws_kms_key: {
          k: {
            policy: document(
              allow("kms:*", "*", { Principal: { AWS: "arn:aws:iam::111111111111:role/keys" } }),
            ),
          },
        },
      },
      { aws_kms_key: { k: {} } },
      [
        expect.stringMatching(
          /^widened resource-policy: newly lets everyone whom the key's account lets kms:/,
        ),
        expect.stringMatching(
          /^narrowed resource-policy: no longer lets arn:aws:iam::111111111111:role.keys kms:/,
        ),
      ],
    ],
    [
      "a list of a bucket that is open",
      { aws_s3_bucket_acl: { a: { bucket: "b", acl: "private" } } },
      { aws_s3_bucket_acl: { a: { bucket: "b", acl: "public-read" } } },
      ['widened protection: acl was "private", is "public-read"'],
    ],
    [
      "two statements more, each of its own",
      { ...role(), ...inline(allow("s3:GetObject", "arn:aws:s3:::a/*")) },
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", "arn:aws:s3:::a/*"),
          allow("s3:GetObject", object),
          allow("s3:GetObject", "arn:aws:s3:::secrets/*"),
        ),
      },
      [
        "widened permissions: is newly allowed s3:GetObject on arn:aws:s3:::b/*",
        "widened permissions: is newly allowed s3:GetObject on arn:aws:s3:::secrets/*",
      ],
    ],
    [
      "a denial gone from a role that stands elsewhere",
      {
        aws_iam_role_policy: {
          p: { role: "ext", policy: document({ Effect: "Deny", Action: "iam:CreateUser", Resource: "*" }) },
        },
      },
      {},
      ["widened permissions: no longer denies iam:CreateUser on *"],
    ],
    [
      "a policy for another role, which stands elsewhere",
      { aws_iam_role_policy: { p: { role: "ext", policy: document(allow("s3:GetObject", object)) } } },
      { aws_iam_role_policy: { p: { role: "ext2", policy: document(allow("s3:GetObject", object)) } } },
      [
        "widened permissions: is newly allowed s3:GetObject on arn:aws:s3:::b/*",
        "narrowed permissions: is no longer allowed s3:GetObject on arn:aws:s3:::b/*",
      ],
    ],
    [
      "a policy of a bucket on another bucket",
      {
        aws_s3_bucket_policy: {
          p: { bucket: "a", policy: document(allow("s3:GetObject", object, { Principal: "*" })) },
        },
      },
      {
        aws_s3_bucket_policy: {
          p: { bucket: "b", policy: document(allow("s3:GetObject", object, { Principal: "*" })) },
        },
      },
      [
        "widened resource-policy: newly lets anyone at all s3:GetObject on arn:aws:s3:::b/*",
        "narrowed resource-policy: no longer lets anyone at all s3:GetObject on arn:aws:s3:::b/*",
      ],
    ],
    [
      "every issuer of tokens trusted",
      role({
        assume_role_policy: document({
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "one" },
        }),
      }),
      role({
        assume_role_policy: document({
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "*" },
        }),
      }),
      ["widened trust: newly trusts any principal of type Federated"],
    ],
    [
      "several tags that denials forbade one by one",
      {
        ...role(),
        ...inline(
          ...["a", "b", "c"].map((tag) => ({
            Effect: "Deny",
            Action: "ec2:RunInstances",
            Resource: "*",
            Condition: { "ForAllValues:StringNotEquals": { "aws:TagKeys": tag } },
          })),
        ),
      },
      {
        ...role(),
        ...inline(
          ...["a", "b", "c"].map((tag) => ({
            Effect: "Deny",
            Action: "ec2:RunInstances",
            Resource: "*",
            Condition: { "ForAllValues:StringNotEquals": { "aws:TagKeys": tag } },
          })),
          allow("ec2:RunInstances", "*"),
        ),
      },
      [
        "widened permissions: is newly allowed ec2:RunInstances on * where aws:tagkeys is x and a and b and c",
      ],
    ],
    [
      "a condition on a key that every object has",
      {
        ...role(),
        ...inline(allow("s3:GetObject", object, { Condition: { StringEquals: { constructor: "a" } } })),
      },
      { ...role(), ...inline(allow("s3:GetObject", object)) },
      ["widened permissions: is newly allowed s3:GetObject on arn:aws:s3:::b/*"],
    ],
    [
      "an instant that no date can say",
      role(),
      {
        ...role(),
        ...inline(
          allow("s3:GetObject", object, {
            Condition: { DateLessThan: { "aws:EpochTime": "9999999999999999" } },
          }),
        ),
      },
      [
        "widened permissions: is newly allowed s3:GetObject on arn:aws:s3:::b/* where aws:epochtime is 2000-01-01T00:00:00.000Z",
      ],
    ],
    [
      "a function's address for everybody",
      {
        aws_lambda_permission: {
          p: {
            action: "lambda:InvokeFunctionUrl",
            function_name: "f",
            principal: "*",
            function_url_auth_type: "AWS_IAM",
          },
        },
      },
      {
        aws_lambda_permission: {
          p: {
            action: "lambda:InvokeFunctionUrl",
            function_name: "f",
            principal: "*",
            function_url_auth_type: "NONE",
          },
        },
      },
      [
        "widened resource-policy: newly lets anyone at all lambda:InvokeFunctionUrl on f where lambda:functionurlauthtype is NONE",
        "narrowed resource-policy: no longer lets anyone at all lambda:InvokeFunctionUrl on f where lambda:functionurlauthtype is AWS_IAM",
      ],
    ],
    [
      "a group that is referred to",
      group({ protocol: "tcp", from_port: 1, to_port: 1, security_groups: ["${aws_security_group.a.id}"] }),
      group({ protocol: "tcp", from_port: 1, to_port: 1, security_groups: ["${aws_security_group.b.id}"] }),
      [
        "widened network: newly lets tcp 1 in from example/aws_security_group.b",
        "narrowed network: no longer lets tcp 1 in from example/aws_security_group.a",
      ],
    ],
    [
      "one of two rules of a lifecycle that deletes sooner",
      {
        aws_s3_bucket_lifecycle_configuration: {
          l: {
            bucket: "b",
            rule: [
              { id: "a", status: "Enabled", expiration: { days: 365 } },
              { id: "b", status: "Enabled", expiration: { days: 30 } },
            ],
          },
        },
      },
      {
        aws_s3_bucket_lifecycle_configuration: {
          l: {
            bucket: "b",
            rule: [
              { id: "a", status: "Enabled", expiration: { days: 31 } },
              { id: "b", status: "Enabled", expiration: { days: 30 } },
            ],
          },
        },
      },
      ["cannot-tell retention: rule.expiration.days was 365 and 30, is 31 and 30"],
    ],
    [
      "a trust in somebody else whom nobody knows yet",
      role({ assume_role_policy: trust("${var.a}") }),
      role({ assume_role_policy: trust("${var.b}") }),
      ["cannot-tell trust: assume_role_policy: known after apply only, and written otherwise than before"],
    ],
    [
      "networks that a variable names",
      group({ ...tcp(22, 22), cidr_blocks: ["${var.office}"] }),
      group({ ...tcp(22, 22), cidr_blocks: ["${var.world}"] }),
      ["cannot-tell network: some of its rules are known after apply only"],
    ],
    [
      "a boundary of AWS's gone from who has no policy",
      role({ permissions_boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
      role(),
      ["widened permissions: is no longer bounded by arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ],
    [
      "a boundary that nobody knows gone",
      role({ permissions_boundary: "${var.boundary}" }),
      role(),
      ["widened permissions: is no longer bounded by a policy that is known after apply only"],
    ],
    [
      "a guardrail that is attached elsewhere",
      { aws_organizations_policy_attachment: { a: { policy_id: "p-1", target_id: "ou-1" } } },
      { aws_organizations_policy_attachment: { a: { policy_id: "p-1", target_id: "ou-2" } } },
      [
        'widened guardrail: no longer guards target_id "ou-1", policy_id "p-1"',
        'narrowed guardrail: newly guards target_id "ou-2", policy_id "p-1"',
      ],
    ],
    [
      "every type of ICMP for one",
      group({ protocol: "icmp", from_port: 8, to_port: 0, cidr_blocks: ["10.0.0.0/8"] }),
      group({ protocol: "icmp", from_port: -1, to_port: -1, cidr_blocks: ["10.0.0.0/8"] }),
      ["widened network: newly lets every port of icmp in from 10.0.0.0/8"],
    ],
    [
      "a machine that stands behind another group",
      { aws_instance: { i: { ami: "a", vpc_security_group_ids: ["sg-1"] } } },
      { aws_instance: { i: { ami: "a", vpc_security_group_ids: ["sg-2"] } } },
      ["cannot-tell network: stands behind other security groups than before (vpc_security_group_ids)"],
    ],
    [
      "an endpoint without a policy",
      {
        aws_vpc_endpoint: {
          e: {
            vpc_id: "v",
            service_name: "s",
            policy: document(allow("s3:GetObject", "*", { Principal: "*" })),
          },
        },
      },
      { aws_vpc_endpoint: { e: { vpc_id: "v", service_name: "s" } } },
      [expect.stringMatching(/^widened guardrail: no longer forbids /)],
    ],
    [
      "a function under another role, both of which stand here",
      {
        ...twoRoles,
        aws_lambda_function: { f: { function_name: "f", role: "${aws_iam_role.low.arn}" } },
      },
      {
        ...twoRoles,
        aws_lambda_function: { f: { function_name: "f", role: "arn:aws:iam::111111111111:role/high" } },
      },
      [
        "widened permissions: by its new role is newly allowed s3:PutObject on arn:aws:s3:::b/*",
        "cannot-tell permissions: runs under another role than before",
      ],
    ],
    [
      "a machine's profile with a role that stands elsewhere",
      { aws_iam_instance_profile: { p: { name: "p", role: "low" } } },
      { aws_iam_instance_profile: { p: { name: "p", role: "high" } } },
      ["cannot-tell permissions: runs under another role than before"],
    ],
    [
      "a network ACL that no longer stands before a subnet",
      { aws_network_acl: { n: { vpc_id: "v", subnet_ids: ["s-1", "s-2"] } } },
      { aws_network_acl: { n: { vpc_id: "v", subnet_ids: ["s-1"] } } },
      ["cannot-tell network: stands before other subnets than before (subnet_ids)"],
    ],
    [
      "a rule of a lifecycle that is switched on",
      {
        aws_s3_bucket_lifecycle_configuration: {
          l: { rule: { status: "Disabled", expiration: { days: 1 } } },
        },
      },
      {
        aws_s3_bucket_lifecycle_configuration: {
          l: { rule: { status: "Enabled", expiration: { days: 1 } } },
        },
      },
      ['widened retention: rule.status was "Disabled", is "Enabled"'],
    ],
    [
      "a cluster that the world reaches",
      { aws_eks_cluster: { c: { vpc_config: { public_access_cidrs: ["10.0.0.0/8"] } } } },
      { aws_eks_cluster: { c: { vpc_config: { endpoint_public_access: true } } } },
      ["widened network: newly lets tcp 443 in from 0.0.0.0/0"],
    ],
    [
      "a cluster that nobody reaches from outside",
      { aws_eks_cluster: { c: { vpc_config: { public_access_cidrs: ["10.0.0.0/8"] } } } },
      { aws_eks_cluster: { c: { vpc_config: { endpoint_public_access: false } } } },
      ["narrowed network: no longer lets tcp 443 in from 10.0.0.0/8"],
    ],
    [
      "a web ACL that is another",
      { aws_wafv2_web_acl_association: { w: { resource_arn: "r", web_acl_arn: "strict" } } },
      { aws_wafv2_web_acl_association: { w: { resource_arn: "r", web_acl_arn: "none" } } },
      ["cannot-tell protection: guards otherwise than before: web_acl_arn"],
    ],
    [
      "an alarm that went with what it watched",
      {
        aws_sqs_queue: { q: { name: "q" } },
        aws_cloudwatch_metric_alarm: { a: { dimensions: { QueueName: "${aws_sqs_queue.q.name}" } } },
      },
      {},
      [],
    ],
    [
      "an alarm that tells nobody",
      { aws_cloudwatch_metric_alarm: { a: { alarm_actions: ["arn:aws:sns:eu-west-1:111111111111:t"] } } },
      { aws_cloudwatch_metric_alarm: { a: { alarm_actions: [] } } },
      [expect.stringMatching(/^widened logging: alarm_actions was /)],
    ],
    [
      "a rule of events that is off",
      { aws_cloudwatch_event_rule: { r: { name: "r" } } },
      { aws_cloudwatch_event_rule: { r: { name: "r", state: "DISABLED" } } },
      ['widened logging: state was not said, is "DISABLED"'],
    ],
    [
      "the policy of a key gone, so that the account decides",
      {
        aws_kms_key: { k: {} },
        aws_kms_key_policy: { p: { key_id: "${aws_kms_key.k.id}", policy: keyPolicy } },
      },
      { aws_kms_key: { k: {} } },
      [
        expect.stringMatching(
          /^widened resource-policy: newly lets everyone whom the key's account lets kms:/,
        ),
        expect.stringMatching(/^narrowed resource-policy: no longer lets .*role.security kms:/),
      ],
    ],
    [
      "the policy of a key that is written elsewhere",
      { aws_kms_key: { k: { policy: keyPolicy } } },
      {
        aws_kms_key: { k: {} },
        aws_kms_key_policy: { p: { key_id: "${aws_kms_key.k.id}", policy: keyPolicy } },
      },
      [],
    ],
    [
      "a permission of a function inside of a template",
      inTemplate({}),
      inTemplate({
        Call: {
          Type: "AWS::Lambda::Permission",
          Properties: { Action: "lambda:InvokeFunction", FunctionName: "f", Principal: "*" },
        },
      }),
      ["widened resource-policy: newly lets anyone at all lambda:InvokeFunction on f"],
    ],
    [
      "logs that a template keeps for a day",
      inTemplate({ Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 365 } } }),
      inTemplate({ Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 1 } } }),
      ["widened retention: RetentionInDays was 365, is 1"],
    ],
    [
      "a template that nobody can read any more",
      inTemplate({}),
      { aws_cloudformation_stack: { s: { name: "s", template_url: "https://example.com/t" } } },
      [
        "cannot-tell permissions: its template stands elsewhere (template_url), and what it makes is not compared",
      ],
    ],
    [
      "a template that trusts another of its roles",
      inTemplate(trusting("One")),
      inTemplate(trusting("Two")),
      [expect.stringMatching(/^cannot-tell trust: /)],
    ],
    [
      "a principal that may newly tag its session",
      role(),
      role({
        assume_role_policy: document({
          Effect: "Allow",
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Principal: { AWS: "111111111111" },
        }),
      }),
      ["widened trust: newly trusts everyone in account 111111111111 to sts:TagSession"],
    ],
    [
      "an assignment to somebody else",
      { aws_ssoadmin_account_assignment: { a: { principal_id: "one", target_id: "1" } } },
      { aws_ssoadmin_account_assignment: { a: { principal_id: "two", target_id: "1" } } },
      [
        'widened sharing: newly gives principal_id "two", target_id "1"',
        'narrowed sharing: no longer gives principal_id "one", target_id "1"',
      ],
    ],
    [
      "a policy that is known after apply only",
      role(),
      {
        ...role(),
        aws_iam_role_policy: { p: { role: "r", policy: "${data.aws_iam_policy_document.d.json}" } },
      },
      ["cannot-tell permissions: policy cannot be read before apply"],
    ],
    [
      "a policy about another resource than before",
      { ...role(), ...inline(allow("s3:GetObject", "${aws_s3_bucket.b.arn}")) },
      { ...role(), ...inline(allow("s3:GetObject", "${aws_s3_bucket.c.arn}")) },
      [
        "cannot-tell permissions: its policies refer to other resources than before",
        "cannot-tell permissions: policy: known after apply only, and written otherwise than before",
      ],
    ],
  ];

describe("access that changes", () => {
  it.each(cases)("with %s", async (_name, before, after, access) => {
    expect((await changes(before, after)).access.map(said)).toEqual(access);
    // The way back undoes it: what one direction opens, the other closes.
    const back = (await changes(after, before)).access;
    expect(back.length === 0).toBe(access.length === 0);
  });
});

describe("resources and rules that change", () => {
  it("are named, with the attributes", async () => {
    const told = await changes(
      { ...logs(1), ...bucket },
      { ...logs(2), aws_sqs_queue: { q: { name: "q" } } },
      ["queue-encrypted", "s3-bucket-versioned"],
    );
    expect(told.resources).toEqual({
      added: [{ stack: "example", address: "aws_sqs_queue.q" }],
      removed: [{ stack: "example", address: "aws_s3_bucket.b" }],
      replaced: [],
      changed: [
        { stack: "example", address: "aws_cloudwatch_log_group.l", attributes: ["retention_in_days"] },
      ],
    });
    expect(told.rules.noLongerFailing).toEqual([
      { rule: "s3-bucket-versioned", stack: "example", address: "aws_s3_bucket.b" },
    ]);
  });
});

describe("an earlier state", () => {
  const at = (stack: string, address: string, more = {}) => ({
    id: `${stack}/${address}`,
    configured: `${stack}/${address}`,
    stack,
    address,
    type: "aws_sqs_queue",
    construct: undefined,
    attributes: {},
    references: new Map(),
    ...more,
  });
  const plan = (...resources: ReturnType<typeof at>[]): Graph => ({
    source: "plan",
    resources,
    digests: Object.fromEntries(resources.map(({ stack }) => [stack, ""])),
  });

  it("is looked at at the place where a resource has moved to", async () => {
    const now = plan(at("a", "aws_sqs_queue.new", { movedFrom: "a/aws_sqs_queue.old" }));
    const before = alignedWith(now, plan(at("a", "aws_sqs_queue.old")));
    const told = await changesSince({ graph: before, evaluations: [] }, { graph: now, evaluations: [] });
    expect([told.resources.added, told.resources.removed]).toEqual([[], []]);
  });

  it("is looked at where it stands, once a move has been made", async () => {
    const now = plan(
      at("a", "aws_sqs_queue.new", { movedFrom: "a/aws_sqs_queue.old" }),
      at("a", "aws_sqs_queue.old"),
    );
    const before = alignedWith(now, plan(at("a", "aws_sqs_queue.new"), at("a", "aws_sqs_queue.old")));
    expect(before.resources.map(({ id }) => id)).toEqual(["a/aws_sqs_queue.new", "a/aws_sqs_queue.old"]);
  });

  it("leaves out the stacks that a plan leaves out, and takes one single stack for the other", () => {
    const now = plan(at("b", "aws_sqs_queue.q"));
    const both = plan(at("a", "aws_sqs_queue.q"), at("b", "aws_sqs_queue.q"));
    expect(alignedWith(now, both).resources.map(({ id }) => id)).toEqual(["b/aws_sqs_queue.q"]);
    expect(alignedWith(now, plan(at("other", "aws_sqs_queue.q"))).resources.map(({ id }) => id)).toEqual([
      "b/aws_sqs_queue.q",
    ]);
  });
});
