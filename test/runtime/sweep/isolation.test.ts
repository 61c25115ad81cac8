import {
  AuthorizeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressCommandInput,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
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
const everything = [
  ["-1 0.0.0.0/0", "-1 ::/0"],
  ["-1 0.0.0.0/0", "-1 ::/0"],
];

describeWithEmulator("isolation groups of an account's VPCs", () => {
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

  const group = async (vpc: string, kind: string): Promise<SecurityGroup> => {
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [
          { Name: "vpc-id", Values: [vpc] },
          { Name: "tag:ir:isolation", Values: [kind] },
        ],
      }),
    );
    expect(SecurityGroups).toHaveLength(1);
    return SecurityGroups[0] ?? {};
  };

  it("are made in each: one that lets everything through both ways, IPv4 and IPv6, and one that lets nothing", async () => {
    expect(await coverByIsolation(ec2, vpcs, names)).toEqual({ covered: 2, repaired: vpcs, refused: [] });
    for (const vpc of vpcs) {
      const [empty, open] = [await group(vpc, "empty"), await group(vpc, "open")];
      expect([through(empty), through(open)]).toEqual([nothing, everything]);
      expect([empty.GroupName, open.GroupName]).toEqual([
        "acme-ir-isolation-empty",
        "acme-ir-isolation-open",
      ]);
      // Guardrails and responders' permissions go by these.
      expect(empty.Tags).toEqual(
        expect.arrayContaining([
          { Key: "ir:kit", Value: "true" },
          { Key: "ir:isolation", Value: "empty" },
        ]),
      );
    }
  });

  it("cost one call where they stand, for all VPCs together", async () => {
    await coverByIsolation(ec2, vpcs, names);
    calls = [];
    expect(await coverByIsolation(ec2, vpcs, names)).toEqual({ covered: 2, repaired: [], refused: [] });
    expect(calls).toEqual(["DescribeSecurityGroups"]);
  });

  it("cost five calls in each where none stand, and one list more for all of them", async () => {
    await coverByIsolation(ec2, vpcs, names);
    const inOne = [
      "AuthorizeSecurityGroupEgress",
      "AuthorizeSecurityGroupIngress",
      "CreateSecurityGroup",
      "CreateSecurityGroup",
      "RevokeSecurityGroupEgress",
    ];
    expect(calls.toSorted()).toEqual(
      [...inOne, ...inOne, "DescribeSecurityGroups", "DescribeSecurityGroups"].toSorted(),
    );
  });

  it("are whole where another sweep sets one of several rules in between", async () => {
    const another = new EC2Client(clientSettings(front));
    const hurried = new EC2Client(clientSettings(front));
    const [vpc = ""] = vpcs;
    hurried.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const { GroupId, IpPermissions = [] } = args.input as AuthorizeSecurityGroupIngressCommandInput;
          if (commandName === "AuthorizeSecurityGroupIngressCommand" && IpPermissions.length > 1) {
            const [first] = IpPermissions;
            await another.send(
              new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: first ? [first] : [] }),
            );
          }
          return next(args);
        },
      { step: "initialize" },
    );
    expect(await coverByIsolation(hurried, [vpc], names)).toEqual({
      covered: 1,
      repaired: [vpc],
      refused: [],
    });
    expect(through(await group(vpc, "open"))).toEqual(everything);
  });

  it("are mended where somebody has changed a rule", async () => {
    await coverByIsolation(ec2, vpcs, names);
    const [vpc = ""] = vpcs;
    const [empty, open] = [await group(vpc, "empty"), await group(vpc, "open")];
    const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: empty.GroupId, IpPermissions: [https] }),
    );
    const [everywhere] = open.IpPermissionsEgress ?? [];
    await ec2.send(
      new RevokeSecurityGroupEgressCommand({
        GroupId: open.GroupId,
        IpPermissions: everywhere ? [everywhere] : [],
      }),
    );
    expect(through(await group(vpc, "open"))).not.toEqual(everything);
    expect(await coverByIsolation(ec2, vpcs, names)).toEqual({ covered: 2, repaired: [vpc], refused: [] });
    expect([through(await group(vpc, "empty")), through(await group(vpc, "open"))]).toEqual([
      nothing,
      everything,
    ]);
  });

  it("are told as refused where another group has the name, and the other VPC gets its own", async () => {
    const [vpc = "", other = ""] = vpcs;
    await ec2.send(
      new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: names?.open, Description: "somebody's" }),
    );
    const { covered, repaired, refused } = await coverByIsolation(ec2, vpcs, names);
    expect([covered, repaired.includes(other)]).toEqual([1, true]);
    expect(refused).toEqual([
      { what: `isolation group open of ${vpc}`, why: expect.stringMatching(/^InvalidGroup\.Duplicate: /) },
    ]);
  });

  it("are nobody's business where nobody isolates, or nothing is", async () => {
    expect(await coverByIsolation(ec2, vpcs, undefined)).toEqual({ covered: 0, repaired: [], refused: [] });
    expect(await coverByIsolation(ec2, [], names)).toEqual({ covered: 0, repaired: [], refused: [] });
    expect(calls).toEqual([]);
  });
});
