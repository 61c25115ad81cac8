import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { leftToAws, type Resource, sensitive, unknown } from "../../review/graph";
import { readGraph } from "../../review/index";
import { UnreadableInput } from "../../review/problem";

describe("reading", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-readers-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function file(content: unknown, name = "main.tf.json"): string {
    const place = path.join(directory, name);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(
      place,
      typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    );
    return place;
  }
  const byAddress = (resources: readonly Resource[]) =>
    Object.fromEntries(resources.map((resource) => [resource.address, resource]));

  describe("a configuration", () => {
    const read = (content: unknown) => byAddress(readGraph({ synthesized: file(content) }).resources);

    it("puts in what references, locals and variables say", () => {
      const { "aws_s3_bucket_policy.b": policy } = read({
        variable: { team: { default: "acme" } },
        locals: { name: "${var.team}-logs" },
        resource: {
          aws_s3_bucket: { a: { bucket: "${local.name}" } },
          aws_s3_bucket_policy: {
            b: { bucket: "${aws_s3_bucket.a.bucket}", policy: "arn:${aws_s3_bucket.a.bucket}/*" },
          },
        },
      });
      expect(policy?.attributes).toMatchObject({ bucket: "acme-logs", policy: "arn:acme-logs/*" });
      expect(policy?.references.get("bucket")).toEqual(["main/aws_s3_bucket.a"]);
    });

    it("leaves unknown what only an apply tells, and the rest of the text as it is", () => {
      const { "aws_sns_topic.t": topic } = read({
        resource: {
          aws_kms_key: { k: {} },
          aws_sns_topic: {
            t: {
              name: "a-${aws_kms_key.k.key_id}",
              display_name: '${upper("x}")}',
              kms_master_key_id: "${aws_kms_key.k.arn}",
              delivery_policy: "$${literal}",
            },
          },
        },
      });
      expect(topic?.attributes).toMatchObject({
        name: `a-${unknown}`,
        display_name: unknown,
        kms_master_key_id: unknown,
        delivery_policy: "${literal}",
        policy: leftToAws,
      });
      expect(topic?.references.get("name")).toEqual(["main/aws_kms_key.k"]);
    });

    it("ends where resources or locals refer to each other in a circle", () => {
      const { "aws_sns_topic.a": topic } = read({
        locals: { x: "${local.y}", y: "${local.x}" },
        resource: {
          aws_sns_topic: {
            a: { name: "${aws_sns_topic.b.name}", display_name: "${local.x}" },
            b: { name: "${aws_sns_topic.a.name}" },
          },
        },
      });
      expect(topic?.attributes).toMatchObject({ name: unknown, display_name: unknown });
    });

    it("tells the construct, and what a template makes", () => {
      const resources = read({
        resource: {
          aws_cloudformation_stack: {
            s: {
              "//": { metadata: { path: "baseline/roles" } },
              name: "s",
              parameters: { Hub: "111122223333" },
              template_body: JSON.stringify({
                Parameters: { Hub: { Type: "String" }, Other: { Type: "String", Default: "x" }, None: {} },
                Resources: {
                  Topic: {
                    Type: "AWS::SNS::Topic",
                    Properties: {
                      TopicName: { "Fn::Sub": "$${Hub}-$${Other}-$${AWS::Region}-$${None}" },
                      DisplayName: { Ref: "Hub" },
                      KmsMasterKeyId: { "Fn::GetAtt": ["Key", "Arn"] },
                    },
                  },
                },
              }),
            },
          },
        },
      });
      expect(resources["aws_cloudformation_stack.s/Topic"]).toMatchObject({
        type: "AWS::SNS::Topic",
        construct: "baseline/roles",
        attributes: {
          TopicName: `111122223333-x-\${AWS::Region}-${unknown}`,
          DisplayName: "111122223333",
          KmsMasterKeyId: unknown,
        },
      });
      expect(resources["aws_cloudformation_stack.s/Topic"]?.references.get("KmsMasterKeyId")).toEqual([
        "main/aws_cloudformation_stack.s/Key",
      ]);
    });

    it.each<[string, unknown, unknown]>([
      [
        "the author's line, past libraries",
        [
          "new S3Bucket (/app/node_modules/@cdktf/x.js:1:2)",
          `new Logs (${process.cwd()}/stacks/logs.ts:12:5)`,
        ],
        { file: "stacks/logs.ts", line: 12 },
      ],
      ["a line elsewhere", ["at file:///app/main.mjs:7:1"], { file: "/app/main.mjs", line: 7 }],
      ["nothing of libraries", ["new S3Bucket (/app/node_modules/@cdktf/x.js:1:2)"], undefined],
      ["nothing of what is no trace", { 0: "x" }, undefined],
      ["nothing of what is no call", [1, null, "file://%zz:1", "node:internal:1:1"], undefined],
    ])("tells where a construct is written, where that is recorded: %s", (_name, stackTrace, writtenAt) => {
      const resources = read({
        resource: { aws_s3_bucket: { logs: { "//": { metadata: { path: "logs/bucket", stackTrace } } } } },
      });
      expect(resources["aws_s3_bucket.logs"]).toMatchObject({ construct: "logs/bucket" });
      expect(resources["aws_s3_bucket.logs"]?.writtenAt).toEqual(writtenAt);
    });

    it("reads a template that is written as YAML, with the short forms of functions", () => {
      const template = [
        "Parameters:",
        "  Name: { Type: String, Default: kit }",
        "Resources:",
        "  Policy:",
        "    Type: AWS::IAM::ManagedPolicy",
        "    Properties:",
        "      ManagedPolicyName: !Ref Name",
        "      Path: !Join [/, [a, b]]",
        "      PolicyDocument:",
        "        Statement:",
        "          - { Effect: Allow, Action: s3:GetObject, Resource: !Sub 'arn:$${AWS::Partition}:s3:::$${Name}/*' }",
        "      Roles: [!GetAtt Role.Arn]",
      ].join("\n");
      const { "aws_cloudformation_stack.s/Policy": policy } = read({
        resource: { aws_cloudformation_stack: { s: { template_body: template } } },
      });
      expect(policy?.attributes).toMatchObject({
        ManagedPolicyName: "kit",
        Path: unknown,
        PolicyDocument: { Statement: [{ Resource: "arn:${AWS::Partition}:s3:::kit/*" }] },
      });
      expect(policy?.references.get("Roles")).toEqual(["main/aws_cloudformation_stack.s/Role"]);
    });

    describe("with a policy document as a data source", () => {
      const statement = {
        sid: "Read",
        actions: ["s3:GetObject"],
        resources: ["arn:aws:s3:::${aws_s3_bucket.b.bucket}/&{aws:username}/*"],
        principals: [
          { type: "AWS", identifiers: ["111111111111"] },
          { type: "AWS", identifiers: ["222222222222"] },
        ],
        condition: { test: "StringEquals", variable: "aws:PrincipalOrgID", values: ["o-1"] },
      };
      const policyOf = (document: object) => {
        const { "aws_s3_bucket_policy.p": policy } = read({
          data: { aws_iam_policy_document: { d: document, other: {} } },
          resource: {
            aws_s3_bucket: { b: { bucket: "b" } },
            aws_s3_bucket_policy: { p: { policy: "${data.aws_iam_policy_document.d.json}" } },
          },
        });
        const text = policy?.attributes.policy;
        return text === unknown ? unknown : JSON.parse(String(text));
      };

      it("reads what it would say", () => {
        expect(policyOf({ statement })).toEqual({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Sid: "Read",
              Action: ["s3:GetObject"],
              Resource: ["arn:aws:s3:::b/${aws:username}/*"],
              Principal: { AWS: ["111111111111", "222222222222"] },
              Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-1"] } },
            },
          ],
        });
        const everybody = {
          effect: "Deny",
          not_actions: ["s3:*"],
          principals: { type: "*", identifiers: ["*"] },
        };
        expect(policyOf({ statement: [everybody] }).Statement).toEqual([
          { Effect: "Deny", NotAction: ["s3:*"], Principal: "*" },
        ]);
      });

      it.each([
        [
          "others that are merged",
          { statement, source_policy_documents: ["${data.aws_iam_policy_document.other.json}"] },
        ],
        ["statements that an expression makes", { statement: "${var.statements}" }],
        ["statements that are made for each of something", { dynamic: { statement: { for_each: ["a"] } } }],
        [
          "conditions that are made for each of something",
          { statement: { ...statement, dynamic: { condition: {} } } },
        ],
        ["copies", { count: 2, statement }],
      ])("leaves unknown what comes of %s", (_name, document) => {
        expect(policyOf(document)).toBe(unknown);
      });
    });

    it("knows neither number nor content of blocks that are dynamic", () => {
      const dynamic = { rule: { for_each: "${var.rules}", content: { status: "Enabled" } } };
      const {
        "aws_s3_bucket_lifecycle_configuration.a": only,
        "aws_s3_bucket_lifecycle_configuration.b": both,
      } = read({
        resource: {
          aws_s3_bucket_lifecycle_configuration: { a: { dynamic }, b: { dynamic, rule: { id: "x" } } },
        },
      });
      expect(only?.attributes).toMatchObject({ rule: unknown });
      expect(only?.attributes).not.toHaveProperty("dynamic");
      expect(both?.attributes).toMatchObject({ rule: [{ id: "x" }, unknown] });
    });

    it("takes texts for flags and numbers where the provider wants those, and nowhere else", () => {
      const { "aws_dms_replication_instance.d": instance } = read({
        resource: {
          aws_dms_replication_instance: {
            d: {
              publicly_accessible: "false",
              allocated_storage: "50",
              engine_version: "3",
              tags: { temporary: "true", number: "7" },
              multi_az: "${var.late}",
              apply_immediately: "maybe",
            },
          },
        },
      });
      expect(instance?.attributes).toMatchObject({
        publicly_accessible: false,
        allocated_storage: 50,
        engine_version: "3",
        tags: { temporary: "true", number: "7" },
        multi_az: unknown,
        apply_immediately: "maybe",
      });
    });

    it("tells from where a resource has moved", () => {
      const { "aws_s3_bucket.new": bucket } = read({
        moved: [{ from: "aws_s3_bucket.old", to: "aws_s3_bucket.new" }],
        resource: { aws_s3_bucket: { new: { bucket: "b" } } },
      });
      expect(bucket?.movedFrom).toBe("main/aws_s3_bucket.old");
    });

    it("reads the stacks that its manifest lists, and no folder that was left over", () => {
      const stack = (name: string) => {
        file({ resource: { aws_sns_topic: { [name]: {} } } }, `out/stacks/${name}/cdk.tf.json`);
      };
      stack("kept");
      stack("gone");
      file({ stacks: { kept: {} } }, "out/manifest.json");
      const graph = readGraph({ synthesized: path.join(directory, "out") });
      expect(graph.resources.map(({ id }) => id)).toEqual(["kept/aws_sns_topic.kept"]);
    });

    it("leaves out what is there no time at all", () => {
      const found = read({
        resource: { aws_sqs_queue: { none: { count: 0 }, nobody: { for_each: {} }, one: { count: 1 } } },
      });
      expect(Object.keys(found)).toEqual(["aws_sqs_queue.one"]);
    });

    it("takes a name that every object has for a name", () => {
      const read = readGraph({
        synthesized: file(
          '{"resource":{"__proto__":{"a":{"b":1}},"constructor":{"__proto__":{"polluted":true}},"aws_sns_topic":{"toString":{"tags":{"__proto__":"x","constructor":"y"}}}}}',
        ),
      });
      expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      const topic = read.resources.find(({ type }) => type === "aws_sns_topic");
      expect(Object.entries(topic?.attributes.tags ?? {})).toEqual([
        ["__proto__", "x"],
        ["constructor", "y"],
      ]);
    });
  });

  describe("a plan", () => {
    const change = (address: string, actions: string[], after: unknown, more: object = {}) => ({
      address,
      mode: "managed",
      type: address.split(".").at(-2),
      change: { actions, after, ...more },
    });
    const read = (content: object) =>
      byAddress(readGraph({ plans: [file({ format_version: "1.2", ...content }, "trail.json")] }).resources);

    it("holds what will be there, and not what goes or is no resource", () => {
      const resources = read({
        resource_changes: [
          change("aws_sns_topic.made", ["create"], { name: "a", display_name: null, tags: {} }),
          change("aws_sns_topic.stays", ["no-op"], { name: "b" }),
          change("aws_sns_topic.anew", ["delete", "create"], { name: "c" }),
          change("aws_sns_topic.goes", ["delete"], null),
          change("aws_sns_topic.forgotten", ["forget"], null),
          { ...change("aws_sns_topic.old", ["delete"], null), deposed: "abc" },
          { ...change("data.aws_region.here", ["read"], {}), mode: "data" },
        ],
      });
      expect(Object.keys(resources)).toEqual([
        "aws_sns_topic.made",
        "aws_sns_topic.stays",
        "aws_sns_topic.anew",
      ]);
      expect(resources["aws_sns_topic.made"]).toMatchObject({
        id: "trail/aws_sns_topic.made",
        attributes: { name: "a" },
      });
      expect(Object.keys(resources["aws_sns_topic.made"]?.attributes ?? {})).toEqual(["name"]);
    });

    it("hides what is sensitive, at every depth", () => {
      const resources = read({
        resource_changes: [
          change(
            "aws_x_y.a",
            ["create"],
            { password: "p4ss", list: [{ key: "s3cret", name: "n" }], map: { a: "hidden" } },
            { after_sensitive: { password: true, list: [{ key: true }], map: true } },
          ),
        ],
      });
      expect(resources["aws_x_y.a"]?.attributes).toEqual({
        password: sensitive,
        list: [{ key: sensitive, name: "n" }],
        map: sensitive,
      });
      expect(JSON.stringify([...Object.values(resources)])).not.toMatch(/p4ss|s3cret|hidden/);
    });

    it("follows references through variables and outputs of modules, and pairs instances by their keys", () => {
      const resources = read({
        resource_changes: [
          change('module.a.aws_s3_bucket.b["x.y[0]"]', ["create"], {}, { after_unknown: { id: true } }),
          change(
            'aws_s3_bucket_policy.p["x.y[0]"]',
            ["create"],
            {},
            { after_unknown: { bucket: true, policy: true } },
          ),
        ].map((each) => ({
          ...each,
          type: each.address.includes("policy") ? "aws_s3_bucket_policy" : "aws_s3_bucket",
        })),
        configuration: {
          root_module: {
            resources: [
              {
                address: "aws_s3_bucket_policy.p",
                expressions: { bucket: { references: ["module.a.name", "module.a"] } },
              },
            ],
            module_calls: {
              a: {
                module: {
                  outputs: { name: { expression: { references: ["module.inner.id"] } } },
                  resources: [{ address: "aws_s3_bucket.b", expressions: {} }],
                  module_calls: {
                    inner: {
                      expressions: { of: { references: ["aws_s3_bucket.b"] } },
                      module: { outputs: { id: { expression: { references: ["var.of"] } } } },
                    },
                  },
                },
              },
            },
          },
        },
      });
      const policy = resources['aws_s3_bucket_policy.p["x.y[0]"]'];
      expect(policy?.configured).toBe("trail/aws_s3_bucket_policy.p");
      expect(policy?.references.get("bucket")).toEqual(["trail/module.a.aws_s3_bucket.b"]);
      // Nothing sets its policy: AWS will.
      expect(policy?.attributes).toMatchObject({ bucket: unknown, policy: leftToAws });
    });

    it("may be a state", () => {
      const resources = read({
        values: {
          root_module: {
            resources: [
              { address: "aws_sns_topic.a", mode: "managed", type: "aws_sns_topic", values: { name: "a" } },
            ],
            child_modules: [
              {
                resources: [
                  {
                    address: "module.m.aws_sns_topic.b",
                    mode: "managed",
                    type: "aws_sns_topic",
                    values: { name: "b" },
                  },
                ],
              },
            ],
          },
        },
      });
      expect(Object.keys(resources)).toEqual(["aws_sns_topic.a", "module.m.aws_sns_topic.b"]);
    });
  });

  describe("what is none", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

    it.each([
      ["is empty", "", "is empty"],
      ["breaks off", '{"resource": {"aws_s3', "is not JSON"],
      ["is not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), "is not UTF-8"],
      ["goes 100,000 levels deep", deep, "deeper than 200 levels"],
      ["goes deep in objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, "deeper than 200 levels"],
      ["is a list", "[]", "holds no configuration"],
      ["is a template", '{"Resources":{}}', "is a CloudFormation template"],
      ["is something else", '{"name":"x"}', "holds no configuration"],
      ["is a plan", '{"format_version":"1.2","resource_changes":[]}', "give it with --plan"],
    ])("%s", (_name, content, message) => {
      const place = file(content);
      expect(() => readGraph({ synthesized: place })).toThrow(UnreadableInput);
      expect(() => readGraph({ synthesized: place })).toThrow(message);
      expect(() => readGraph({ synthesized: place })).toThrow(place);
    });

    it.each([
      ["a configuration", { resource: {} }, "give it without --plan"],
      ["a stored state", { version: 4, terraform_version: "1.11", lineage: "x" }, "terraform show -json"],
      ["of a later format", { format_version: "2.0" }, "versions 0.x and 1.x"],
      ["a plan in Terraform's own form", Buffer.from("PK\u0003\u0004\xff", "latin1"), "is not UTF-8"],
    ])("%s instead of a plan", (_name, content, message) => {
      const place = file(content, "plan.json");
      expect(() => readGraph({ plans: [place] })).toThrow(message);
    });

    it("takes brackets in texts for texts", () => {
      const place = file({ resource: { aws_sns_topic: { a: { name: `\\"${"[{".repeat(500)}` } } } });
      expect(readGraph({ synthesized: place }).resources).toHaveLength(1);
    });

    it("tells of a stack that a manifest lists and nobody has written", () => {
      file({}, "out/stacks/here/cdk.tf.json");
      file({ stacks: { here: {}, missing: {} } }, "out/manifest.json");
      const read = () => readGraph({ synthesized: path.join(directory, "out") });
      expect(read).toThrow(UnreadableInput);
      expect(read).toThrow(/lists the stack missing, but .*missing.cdk\.tf\.json is not there/);
      file({ stacks: [] }, "out/manifest.json");
      expect(read).toThrow("lists no stacks");
    });

    it("tells of a circle of links, of a folder without stacks, and of nothing", () => {
      const loop = path.join(directory, "stacks", "a", "cdk.tf.json");
      mkdirSync(path.dirname(loop), { recursive: true });
      symlinkSync(loop, loop);
      expect(() => readGraph({ synthesized: directory })).toThrow("go round in a circle");
      rmSync(loop);
      expect(() => readGraph({ synthesized: directory })).toThrow("holds no cdk.tf.json");
      expect(() => readGraph({ synthesized: path.join(directory, "stacks") })).toThrow("cdktf synth");
      expect(() => readGraph({ synthesized: path.join(directory, "none") })).toThrow("is not there");
      symlinkSync(directory, path.join(directory, "stacks", "round"));
      file({ resource: { aws_sns_topic: { a: {} } } }, "stacks/b/cdk.tf.json");
      expect(readGraph({ synthesized: directory }).resources.map(({ id }) => id)).toEqual([
        "b/aws_sns_topic.a",
      ]);
    });
  });
});
