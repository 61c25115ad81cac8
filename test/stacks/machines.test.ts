import { linuxUserData } from "../../constructs/user-data";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

interface Template {
  readonly name: string;
  readonly description: string;
  readonly image_id?: string;
  readonly instance_type: string;
  readonly key_name?: string;
  readonly user_data?: string;
  readonly instance_initiated_shutdown_behavior: string;
  readonly iam_instance_profile?: { readonly name: string };
  readonly metadata_options: Record<string, unknown>;
  readonly network_interfaces: readonly {
    readonly subnet_id: string;
    readonly security_groups: readonly string[];
    readonly associate_public_ip_address: string;
    readonly connection_tracking_specification: Record<string, number>;
  }[];
  readonly block_device_mappings?: readonly { readonly ebs: Record<string, string> }[];
  readonly tag_specifications: readonly { readonly resource_type: string; readonly tags: object }[];
}

const golden = exampleLandscape([
  "  endpoints: on-demand",
  "  machines: { recovery: { image: /golden/linux, instanceType: m7i.large } }\n  endpoints: on-demand",
]);
const templatesIn = (region: string) =>
  resourcesOf(
    synthesized(golden).stack(`forensics-${region}`),
    "aws_launch_template",
  ) as unknown as Template[];
const templates = templatesIn("eu-west-1");
const named = (kind: string): Template => {
  const found = templates.find(({ name }) => name === `acme-ir-${kind}`);
  if (!found) throw new Error(`no template ${kind}`);
  return found;
};
const text = ({ user_data = "" }: Template) => Buffer.from(user_data, "base64").toString();

describe("templates of machines in the forensics account", () => {
  it("are of five kinds in each region, the golden image's only where the landscape names one", () => {
    for (const region of ["eu-west-1", "us-east-1"]) {
      expect(
        templatesIn(region)
          .map(({ name }) => name.replace("acme-ir-", ""))
          .sort(),
      ).toEqual([
        "forensic-linux-arm64",
        "forensic-linux-x86-64",
        "forensic-windows",
        "quarantine-copy",
        "recovery",
      ]);
    }
    const without = synthesized(exampleLandscape()).stack("forensics-eu-west-1");
    expect(resourcesOf(without, "aws_launch_template")).toHaveLength(4);
  });

  it.each(templates.map((one) => [one.name, one] as const))(
    "%s: credentials from one hop, no key pair, no public address, gone at shutdown",
    (_, template) => {
      expect(template.metadata_options).toMatchObject({
        http_tokens: "required",
        http_put_response_hop_limit: 1,
      });
      expect([template.key_name, template.instance_initiated_shutdown_behavior]).toEqual([
        undefined,
        "terminate",
      ]);
      expect(template.network_interfaces).toHaveLength(1);
      const [network] = template.network_interfaces;
      expect(network?.associate_public_ip_address).toBe("false");
      expect(network?.connection_tracking_specification).toEqual({
        tcp_established_timeout: 60,
        udp_stream_timeout: 60,
        udp_timeout: 30,
      });
      expect(template.tag_specifications.map(({ resource_type, tags }) => [resource_type, tags])).toEqual(
        ["instance", "volume", "network-interface"].map((type) => [
          type,
          { Name: template.name, "ir:kit": "true" },
        ]),
      );
    },
  );

  it("lie under the evidence key, but for a copy, whose snapshots do already", () => {
    for (const template of templates) {
      const disks = template.block_device_mappings ?? [];
      expect([template.name, disks.length]).toEqual([
        template.name,
        template.name === "acme-ir-quarantine-copy" ? 0 : 1,
      ]);
      for (const { ebs } of disks) {
        expect(ebs).toMatchObject({
          encrypted: "true",
          kms_key_id: "arn:aws:kms:eu-west-1:444444444444:alias/acme-ir/evidence",
        });
      }
    }
  });

  it("let a copy call AWS as nobody and reach nothing, and analysts only what is theirs", () => {
    const copy = named("quarantine-copy");
    expect([copy.iam_instance_profile, copy.user_data, copy.image_id]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (const template of templates) {
      const network = JSON.stringify(template.network_interfaces);
      const place = template === copy ? "quarantine" : "forensic";
      expect(network).toMatch(new RegExp(`aws_subnet\\.${place}_subnet-1`));
      expect(network).toMatch(
        new RegExp(`aws_security_group\\.${template === copy ? "quarantine" : "analyst"}-group`),
      );
      if (template !== copy)
        expect(template.iam_instance_profile).toEqual({ name: "acme-ir-forensic-analysis" });
    }
  });

  it("start from images that AWS names for the architecture, and from the golden one", () => {
    expect(named("forensic-linux-arm64").image_id).toMatch(/^resolve:ssm:\/aws\/service\/.*arm64$/);
    expect(named("forensic-linux-x86-64").image_id).toMatch(/^resolve:ssm:\/aws\/service\/.*x86_64$/);
    expect(named("forensic-windows").image_id).toMatch(/^resolve:ssm:\/aws\/service\/ami-windows-latest/);
    expect(named("recovery").image_id).toBe("resolve:ssm:/golden/linux");
  });

  it("tell what is told at the first start, and say so where there are no tools", () => {
    const linux = named("forensic-linux-arm64");
    expect(linux.description).toContain("without tools");
    expect(text(linux)).toBe(
      linuxUserData({
        region: "eu-west-1",
        toolsBucket: "acme-ir-tools-444444444444-eu-west-1",
        tools: [],
        logGroup: "/acme-ir/sessions",
      }),
    );
    expect(text(named("forensic-windows"))).toMatch(/^<powershell>\n[\s\S]*<\/powershell>\n$/);
    const pinned = exampleLandscape([
      "  endpoints: on-demand",
      `  tools: [{ platform: linux, key: vol, sha256: ${"a".repeat(64)} }]\n  endpoints: on-demand`,
    ]);
    const [equipped] = resourcesOf(
      synthesized(pinned).stack("forensics-eu-west-1"),
      "aws_launch_template",
    ).filter(({ name }) => name === "acme-ir-forensic-linux-arm64") as unknown as Template[];
    expect(equipped?.description).toContain("tools: 1");
    expect(equipped && text(equipped)).toContain(`IR_KIT_TOOLS='${"a".repeat(64)} vol'`);
  });

  it("are planned only where the region has their types", () => {
    const data = synthesized(golden).stack("forensics-eu-west-1").data as Record<
      string,
      Record<string, object>
    >;
    expect(data.aws_ec2_instance_type_offerings?.offered).toMatchObject({
      filter: [{ name: "instance-type", values: ["m7g.xlarge", "m7i.large", "m7i.xlarge"] }],
      lifecycle: { postcondition: [{ error_message: expect.stringContaining("forensics.machines") }] },
    });
  });
});

describe("a session on such a machine", () => {
  it("begins by a document of the kit's own, encrypted, with everything in a log as it happens", () => {
    const stack = synthesized(golden).stack("evidence-eu-west-1");
    const [document] = resourcesOf(stack, "aws_ssm_document");
    expect(document).toMatchObject({ name: "acme-ir-session", document_type: "Session" });
    expect(JSON.parse(String(document?.content))).toMatchObject({
      sessionType: "Standard_Stream",
      inputs: {
        cloudWatchEncryptionEnabled: true,
        cloudWatchStreamingEnabled: true,
        kmsKeyId: expect.stringContaining("aws_kms_key."),
      },
    });
    const [log] = resourcesOf(stack, "aws_cloudwatch_log_group");
    expect(log).toMatchObject({
      name: "/acme-ir/sessions",
      retention_in_days: 3653,
      kms_key_id: expect.stringContaining("aws_kms_key."),
    });
  });
});
