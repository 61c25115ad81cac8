import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteSecurityGroupCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type { IsolationKind } from "../../../landscape/tasks";
import { makeGroupOfCase, removeGroupsOfCase } from "../../../runtime/isolation/groups";
import { isolationGroupNeeds } from "../../../runtime/isolation/needs";
import { isolationRules } from "../../../runtime/isolation/rules";
import { singles } from "../../../runtime/isolation/singles";
import { collectTargets } from "../../../runtime/isolation/targets";
import { NotPossible } from "../../../runtime/shared/errors";
import { clientSettings } from "../../local-aws/clients";
import type { Front } from "../../local-aws/front";
import { startLocalAws } from "../../local-aws/local-aws";
import { describeWithEmulator } from "../../support/with-tools";
import { awsError } from "../respond/small-aws";

const region = "eu-west-1";
const clock = { now: () => new Date(), sleep: async () => undefined };
const targets = {
  addresses: ["10.0.1.10", "10.0.2.10"],
  addressesV6: ["2001:db8::10"],
  prefixList: "pl-6da54004",
};

describe("the rules of a group by which a machine is isolated", () => {
  it("are nothing, everything both ways, or HTTPS to what evidence is collected by", () => {
    expect(isolationRules("empty")).toEqual({ inward: [], outward: [] });
    const { inward, outward } = isolationRules("open");
    // A flow is tracked no longer only where both ways are open, for IPv4 and IPv6 apart.
    for (const way of [inward, outward]) {
      expect([...singles(way).values()]).toEqual([
        { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
        { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
      ]);
    }
    const collect = isolationRules("collect", targets);
    expect(collect.inward).toEqual([]);
    expect(collect.outward).toHaveLength(4);
    for (const rule of collect.outward)
      expect(rule).toMatchObject({ IpProtocol: "tcp", FromPort: 443, ToPort: 443 });
    expect(JSON.stringify(collect)).not.toMatch(/0\.0\.0\.0|"::\/0"|GroupId/);
  });

  it("are never those of another kind where targets are missing", () => {
    expect(() => isolationRules("collect")).toThrow(TypeError);
  });
});

describeWithEmulator("groups of a case", () => {
  let front: Front;
  let ec2: EC2Client;
  let vpc: string;
  let calls: string[] = [];
  const caseId = "CASE-1";

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    ec2 = new EC2Client(clientSettings(front));
    ec2.middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) => {
          calls.push(`ec2:${commandName.replace(/Command$/, "")}`);
          return next(args);
        },
      { step: "initialize" },
    );
  });

  afterAll(() => front.stop());

  beforeEach(async () => {
    await front.reset();
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    vpc = Vpc?.VpcId ?? "";
    calls = [];
  });

  const make = (kind: IsolationKind, more: object = {}) =>
    makeGroupOfCase(ec2, clock, {
      caseId,
      vpc,
      prefix: "acme-ir",
      kind,
      ...(kind === "collect" && { targets }),
      ...more,
    });
  const groupOf = async (id: string): Promise<SecurityGroup> =>
    (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))).SecurityGroups?.[0] ?? {};
  const rulesOf = ({ IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup) =>
    [IpPermissions, IpPermissionsEgress].map((rules) => [...singles(rules).keys()].sort());
  const meant = (kind: IsolationKind) => {
    const { inward, outward } = isolationRules(kind, targets);
    return [inward, outward].map((rules) => [...singles(rules).keys()].sort());
  };

  it.each(["empty", "open", "collect"] as const)(
    "of kind %s have the fixed rules, tags and name",
    async (kind) => {
      const group = await groupOf(await make(kind));
      expect(rulesOf(group)).toEqual(meant(kind));
      expect(group.GroupName).toBe(`acme-ir-isolation-${kind}-CASE-1`);
      // Without the kit's own tag, by which responders' permissions would keep them from changing it.
      expect(Object.fromEntries(group.Tags?.map(({ Key, Value }) => [Key, Value]) ?? [])).toEqual({
        Name: group.GroupName,
        "managed-by": "aws-ir-kit",
        "ir:case": "CASE-1",
        "ir:isolation": kind,
      });
    },
  );

  it("are made once, and changed by nothing where they are right", async () => {
    const first = await make("collect");
    calls = [];
    expect(await make("collect")).toBe(first);
    expect(new Set(calls)).toEqual(new Set(["ec2:DescribeSecurityGroups"]));
    expect(await make("collect", { caseId: "CASE-2" })).not.toBe(first);
  });

  it("get their rules back where somebody has added or replaced some", async () => {
    const id = await make("collect");
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "198.51.100.7/32" }] }],
      }),
    );
    expect(rulesOf(await groupOf(id))).not.toEqual(meant("collect"));
    await make("collect");
    expect(rulesOf(await groupOf(id))).toEqual(meant("collect"));
    // An endpoint that has other addresses now.
    await make("collect", { targets: { ...targets, addresses: ["10.0.3.10"] } });
    expect(JSON.stringify(await groupOf(id))).not.toContain("10.0.1.10");
  });

  it("are removed with the case, but for one that is still on an interface, which is told", async () => {
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.0.1.0/24" }));
    const open = await make("open");
    const collect = await make("collect");
    const other = await make("open", { caseId: "CASE-2" });
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId, Groups: [collect] }),
    );
    expect(await removeGroupsOfCase(ec2, caseId)).toEqual({
      removed: [open],
      kept: [{ group: collect, why: expect.stringMatching(/^DependencyViolation: /) }],
    });
    await ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: NetworkInterface?.NetworkInterfaceId,
        Groups: [other],
      }),
    );
    expect(await removeGroupsOfCase(ec2, caseId)).toEqual({ removed: [collect], kept: [] });
    expect(await removeGroupsOfCase(ec2, caseId)).toEqual({ removed: [], kept: [] });
    expect((await groupOf(other)).GroupId).toBe(other);
  });

  it("are removed all the same where AWS refuses one of them for another reason, which is told", async () => {
    const open = await make("open");
    const collect = await make("collect");
    const send = ec2.send.bind(ec2) as (command: unknown) => Promise<unknown>;
    const refusing = jest
      .spyOn(ec2, "send")
      .mockImplementation(((command: DeleteSecurityGroupCommand) =>
        command instanceof DeleteSecurityGroupCommand && command.input.GroupId === open
          ? Promise.reject(awsError("RequestLimitExceeded", "slow down"))
          : send(command)) as never);
    try {
      expect(await removeGroupsOfCase(ec2, caseId)).toEqual({
        removed: [collect],
        kept: [{ group: open, why: expect.stringContaining("slow down") }],
      });
    } finally {
      refusing.mockRestore();
    }
  });

  it("are not taken for the case's where somebody else has used the name", async () => {
    await ec2.send(
      new CreateSecurityGroupCommand({
        VpcId: vpc,
        GroupName: "acme-ir-isolation-open-CASE-1",
        Description: "somebody's",
      }),
    );
    await expect(make("open")).rejects.toMatchObject({ name: "InvalidGroup.Duplicate" });
  });

  describe("of kind collect", () => {
    const endpoint = async (service: string, SubnetIds: string[]) => {
      await ec2.send(
        new CreateVpcEndpointCommand({
          VpcId: vpc,
          VpcEndpointType: "Interface",
          ServiceName: `com.amazonaws.${region}.${service}`,
          SubnetIds,
        }),
      );
    };

    it("reach endpoints of Systems Manager and KMS in the VPC, and S3, wherever these are", async () => {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.0.1.0/24" }));
      for (const service of ["ssm", "ssmmessages", "kms", "execute-api"])
        await endpoint(service, [Subnet?.SubnetId ?? ""]);
      const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
      const addresses = async (meantHere: (name: string) => boolean) => {
        const ids = VpcEndpoints.filter(({ ServiceName = "" }) => meantHere(ServiceName)).flatMap(
          ({ NetworkInterfaceIds = [] }) => NetworkInterfaceIds,
        );
        const { NetworkInterfaces = [] } = await ec2.send(
          new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ids }),
        );
        return NetworkInterfaces.map(({ PrivateIpAddress }) => PrivateIpAddress).sort();
      };
      const found = await collectTargets(ec2, { vpc, region });
      expect(found.addresses).toEqual(await addresses((name) => !name.endsWith("execute-api")));
      expect(found.addresses).toHaveLength(3);
      const { PrefixLists = [] } = await ec2.send(new DescribeManagedPrefixListsCommand({}));
      expect(PrefixLists.find(({ PrefixListId }) => PrefixListId === found.prefixList)?.PrefixListName).toBe(
        `com.amazonaws.${region}.s3`,
      );
    });

    it("are not possible where machines reach Systems Manager through the internet", async () => {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.0.1.0/24" }));
      await endpoint("ssm", [Subnet?.SubnetId ?? ""]);
      const asked = collectTargets(ec2, { vpc, region });
      await expect(asked).rejects.toThrow(NotPossible);
      await expect(asked).rejects.toThrow(`${vpc} has no endpoint of ssmmessages`);
    });
  });

  it("need what is said, and nothing else", async () => {
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: "10.0.1.0/24" }));
    for (const service of ["ssm", "ssmmessages"]) {
      await ec2.send(
        new CreateVpcEndpointCommand({
          VpcId: vpc,
          VpcEndpointType: "Interface",
          ServiceName: `com.amazonaws.${region}.${service}`,
          SubnetIds: [Subnet?.SubnetId ?? ""],
        }),
      );
    }
    const id = await make("open");
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: await make("collect"),
        IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "198.51.100.7/32" }] }],
      }),
    );
    calls = [];
    await collectTargets(ec2, { vpc, region });
    for (const kind of ["empty", "collect"] as const) await make(kind);
    await removeGroupsOfCase(ec2, caseId);
    await make("open");
    expect(id).not.toBe("");
    // Tags are asked for with the group that bears them.
    const said = isolationGroupNeeds
      .map(({ action }) => action)
      .filter((action) => action !== "ec2:CreateTags");
    expect([...new Set(calls)].sort()).toEqual(said.sort());
  });
});
