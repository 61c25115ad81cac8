import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { coverByIsolation } from "../../../runtime/sweep/isolation";
import { wantedOf } from "../../../stacks/sweep-wanted";
import { clientSettings } from "../../local-aws/clients";
import type { Front } from "../../local-aws/front";
import { startLocalAws } from "../../local-aws/local-aws";
import { exampleLandscape } from "../../support/landscapes";
import { describeWithEmulator } from "../../support/with-tools";

const names = wantedOf(exampleLandscape()).isolation;

/** What a group lets through, as its rules say it. */
const through = ({ IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup) =>
  [IpPermissions, IpPermissionsEgress].map((permissions) =>
    permissions
      .flatMap(({ IpProtocol, IpRanges = [], Ipv6Ranges = [] }) => [
        ...IpRanges.map(({ CidrIp }) => `${IpProtocol} ${CidrIp}`),
        ...Ipv6Ranges.map(({ CidrIpv6 }) => `${IpProtocol} ${CidrIpv6}`),
      ])
      .sort(),
  );

const nothing = [[], []];

describeWithEmulator("the isolation group of an account's VPCs", () => {
  let front: Front;
  let ec2: EC2Client;
  let vpcs: string[];
  let calls: string[];

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    ec2 = new EC2Client(clientSettings(front));
    ec2.middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) => {
          calls.push(commandName.replace(/Command$/, ""));
          return next(args);
        },
      { step: "initialize" },
    );
  });

  afterAll(() => front.stop());

  beforeEach(async () => {
    calls = [];
    vpcs = await Promise.all(
      [0, 1].map(async () => {
        const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
        return Vpc?.VpcId ?? "";
      }),
    );
    calls = [];
  });

  const groupOf = async (vpc: string): Promise<SecurityGroup> => {
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [
          { Name: "vpc-id", Values: [vpc] },
          { Name: "tag-key", Values: ["ir:isolation"] },
        ],
      }),
    );
    expect(SecurityGroups).toHaveLength(1);
    return SecurityGroups[0] ?? {};
  };

  const wanted = { covered: 2, repaired: [], refused: [] };

  it("is made in each, lets nothing through, IPv4 and IPv6, and no other group is", async () => {
    const { Vpc } = await ec2.send(
      new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", AmazonProvidedIpv6CidrBlock: true }),
    );
    vpcs.push(Vpc?.VpcId ?? "");
    expect(await coverByIsolation(ec2, vpcs, names)).toEqual({ covered: 3, repaired: vpcs, refused: [] });
    for (const vpc of vpcs) {
      const group = await groupOf(vpc);
      expect([group.GroupName, through(group)]).toEqual(["acme-ir-isolation-empty", nothing]);
      // Guardrails, responders' permissions and the rule that suppresses findings go by these.
      expect(group.Tags).toEqual(
        expect.arrayContaining([
          { Key: "ir:kit", Value: "true" },
          { Key: "ir:isolation", Value: "empty" },
        ]),
      );
    }
  });

  it("costs one call where it stands, for all VPCs together", async () => {
    await coverByIsolation(ec2, vpcs, names);
    calls = [];
    expect(await coverByIsolation(ec2, vpcs, names)).toEqual(wanted);
    expect(calls).toEqual(["DescribeSecurityGroups"]);
  });

  it("costs two calls in each where none stands, and one list more for all of them", async () => {
    await coverByIsolation(ec2, vpcs, names);
    const inOne = ["CreateSecurityGroup", "RevokeSecurityGroupEgress"];
    expect(calls.toSorted()).toEqual(
      [...inOne, ...inOne, "DescribeSecurityGroups", "DescribeSecurityGroups"].toSorted(),
    );
  });

  it("is made once where another sweep is as fast", async () => {
    const results = await Promise.all([1, 2, 3].map(() => coverByIsolation(ec2, vpcs, names)));
    for (const { covered, refused } of results) expect([covered, refused]).toEqual([2, []]);
    for (const vpc of vpcs) expect(through(await groupOf(vpc))).toEqual(nothing);
  });

  it("is emptied where somebody has opened it, and made again where its owner has deleted it", async () => {
    await coverByIsolation(ec2, vpcs, names);
    const [vpc = "", other = ""] = vpcs;
    const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: (await groupOf(vpc)).GroupId,
        IpPermissions: [https],
      }),
    );
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: (await groupOf(other)).GroupId }));
    expect(await coverByIsolation(ec2, vpcs, names)).toEqual({ ...wanted, repaired: vpcs });
    for (const one of vpcs) expect(through(await groupOf(one))).toEqual(nothing);
  });

  const tagged = async (GroupName: string, tags: Readonly<Record<string, string>>, VpcId = vpcs[0]) =>
    (
      await ec2.send(
        new CreateSecurityGroupCommand({
          VpcId,
          GroupName,
          Description: GroupName,
          TagSpecifications: [
            {
              ResourceType: "security-group",
              Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
            },
          ],
        }),
      )
    ).GroupId ?? "";
  const idsIn = async (vpc?: string) =>
    (
      (
        await ec2.send(
          new DescribeSecurityGroupsCommand({ Filters: [{ Name: "vpc-id", Values: [vpc ?? ""] }] }),
        )
      ).SecurityGroups ?? []
    ).map(({ GroupId }) => GroupId);

  it("replaces the open group of an earlier version, and leaves groups of a case alone", async () => {
    const open = await tagged("acme-ir-isolation-open", { "ir:kit": "true", "ir:isolation": "open" });
    const ofCase = { "ir:case": "CASE-1" };
    const openOfCase = await tagged("open-of-case", { ...ofCase, "ir:isolation": "open" });
    const emptyOfCase = await tagged("empty-of-case", { ...ofCase, "ir:isolation": "empty" });
    const others = await tagged("open-of-others", { "ir:isolation": "open" });
    expect(await coverByIsolation(ec2, vpcs, names)).toEqual({ ...wanted, repaired: vpcs });
    const left = await idsIn(vpcs[0]);
    expect(left).toEqual(expect.arrayContaining([openOfCase, emptyOfCase, others]));
    expect(left).not.toContain(open);
    // Its default rule is in the hands of whoever isolates.
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [emptyOfCase] }));
    expect(SecurityGroups?.[0]?.IpPermissionsEgress).toHaveLength(1);
  });

  it("tells of an open group of an earlier version that a machine still has", async () => {
    const [VpcId] = vpcs;
    const open = await tagged("acme-ir-isolation-open", { "ir:kit": "true", "ir:isolation": "open" });
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }));
    await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId, Groups: [open] }));
    const { covered, refused } = await coverByIsolation(ec2, vpcs, names);
    expect([covered, refused]).toEqual([
      2,
      [
        {
          what: `open isolation group ${open} of ${VpcId}`,
          why: expect.stringMatching(/^DependencyViolation: /),
        },
      ],
    ]);
  });

  it("is told as refused where another group has the name, and the other VPC gets its own", async () => {
    const [vpc = "", other = ""] = vpcs;
    await ec2.send(
      new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: names?.name, Description: "somebody's" }),
    );
    const { covered, repaired, refused } = await coverByIsolation(ec2, vpcs, names);
    expect([covered, repaired]).toEqual([1, [other]]);
    expect(refused.filter(({ what }) => what.endsWith(vpc))).toEqual([
      { what: `isolation group of ${vpc}`, why: expect.stringMatching(/^InvalidGroup\.Duplicate: /) },
    ]);
  });

  it("is nobody's business where nobody isolates", async () => {
    expect(await coverByIsolation(ec2, vpcs, undefined)).toEqual({ covered: 0, repaired: [], refused: [] });
    expect(calls).toEqual([]);
  });
});
