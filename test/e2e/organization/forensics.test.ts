import {
  AssociateVpcCidrBlockCommand,
  AttachInternetGatewayCommand,
  AttachVpnGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateTransitGatewayCommand,
  CreateTransitGatewayVpcAttachmentCommand,
  CreateVpcEndpointCommand,
  CreateVpcPeeringConnectionCommand,
  CreateVpnGatewayCommand,
  DeleteEgressOnlyInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkAclEntryCommand,
  DeleteRouteCommand,
  DeleteTransitGatewayVpcAttachmentCommand,
  DeleteVpcEndpointsCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeVpcEndpointsCommand,
  DetachInternetGatewayCommand,
  DetachVpnGatewayCommand,
  DisassociateVpcCidrBlockCommand,
  EC2Client,
  type IpPermission,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReplaceNetworkAclAssociationCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { forensicEndpointName } from "../../../landscape/forensic-names";
import { endpointServiceNames } from "../../../policies/forensic-endpoints";
import { type NetworkState, networkState } from "../../network/state";
import { type Verdict, walk } from "../../network/walk";
import { shareOf } from "../../support/share";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";

const region = "eu-west-1";
const endpoints = `forensic-endpoints-${region}`;

type Network = "quarantine" | "forensic";

/** A change of one rule, route, gateway or setting through the API, and its undoing. */
interface Mutation {
  readonly name: string;
  readonly network: Network;
  /** What the verdict must tell of it. */
  readonly layer: Exclude<keyof Verdict, "walked">;
  readonly apply: () => Promise<() => Promise<unknown>>;
}

describeOnOrganization((workspaceOf) => {
  describe("the networks of the forensics account", () => {
    let workspace: Workspace;
    let ec2: EC2Client;

    beforeAll(async () => {
      workspace = workspaceOf();
      const account = workspace.landscape().accounts.forensics.id ?? "";
      ec2 = new EC2Client(workspace.client(await administrator(workspace, account), region));
    });

    const of = (network: Network) => networkState(ec2, `acme-ir-${network}`);

    const closed = { conversations: [], routes: [], acls: [], groups: [], joints: [] };

    it("let nothing out of the quarantine, and nothing in, at any layer", async () => {
      const { walked, ...verdict } = walk(await of("quarantine"));
      expect(verdict).toEqual(closed);
      expect(walked).toBeGreaterThan(300);
      process.stdout.write(`quarantine: ${walked} paths walked\n`);
    });

    it("let machines of analysts ask S3 and what stands inside for nothing but HTTPS, and let nothing in", async () => {
      const state = await of("forensic");
      const { conversations, groups, joints, routes } = walk(state);
      const [list = ""] = routes.map((route) => route.split(" ")[0]);
      const inside = state.subnets.map(({ CidrBlock = "" }) => CidrBlock.split("/")[0]).sort();
      const out = [...inside, list].map((peer) => `acme-ir-analyst out tcp/443 ${peer}`);
      expect(list).toMatch(/^pl-/);
      expect(conversations).toEqual(out.sort());
      expect(groups).toEqual([...out, "acme-ir-endpoint in tcp/443 acme-ir-analyst"].sort());
      expect(routes).toEqual([expect.stringMatching(/^pl-\w+ by vpce-/)]);
      expect(joints).toEqual([`Gateway endpoint com.amazonaws.${region}.s3`, "names are answered"]);
    });

    describe("a mutation", () => {
      let quarantine: NetworkState;
      let forensic: NetworkState;
      let gateway: string;

      beforeAll(async () => {
        quarantine = await of("quarantine");
        forensic = await of("forensic");
        const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
        gateway = InternetGateway?.InternetGatewayId ?? "";
      });

      const states = () => [
        { network: "quarantine" as const, ...quarantine },
        { network: "forensic" as const, ...forensic },
      ];

      const permissions: readonly (readonly [string, IpPermission])[] = [
        ["everything, IPv4", { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        ["everything, IPv6", { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] }],
        ["SSH", { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "198.51.100.7/32" }] }],
        ["names", { IpProtocol: "udp", FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
        ["pings", { IpProtocol: "icmp", FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      ];
      const ofGroups = (): Mutation[] =>
        states().flatMap(({ network, groups }) =>
          groups.flatMap(({ GroupId, GroupName }) =>
            permissions.flatMap(([what, permission]) => {
              const input = { GroupId, IpPermissions: [permission] };
              return [
                {
                  name: `${GroupName} ${GroupId} in: ${what}`,
                  network,
                  layer: "groups",
                  apply: async () => {
                    const { SecurityGroupRules } = await ec2.send(
                      new AuthorizeSecurityGroupIngressCommand(input),
                    );
                    const SecurityGroupRuleIds = ruleIds(SecurityGroupRules);
                    return () =>
                      ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
                  },
                },
                {
                  name: `${GroupName} ${GroupId} out: ${what}`,
                  network,
                  layer: "groups",
                  apply: async () => {
                    const { SecurityGroupRules } = await ec2.send(
                      new AuthorizeSecurityGroupEgressCommand(input),
                    );
                    const SecurityGroupRuleIds = ruleIds(SecurityGroupRules);
                    return () =>
                      ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds }));
                  },
                },
              ] satisfies Mutation[];
            }),
          ),
        );

      const entries = [
        ["everything, IPv4", { Protocol: "-1", CidrBlock: "0.0.0.0/0" }],
        ["everything, IPv6", { Protocol: "-1", Ipv6CidrBlock: "::/0" }],
        ["SSH", { Protocol: "6", CidrBlock: "198.51.100.7/32", PortRange: { From: 22, To: 22 } }],
        ["names", { Protocol: "17", CidrBlock: "10.0.0.0/8", PortRange: { From: 53, To: 53 } }],
      ] as const;
      const ofAcls = (): Mutation[] =>
        states().flatMap(({ network, acls }) =>
          acls.flatMap(({ NetworkAclId, IsDefault }) =>
            entries.flatMap(([what, entry]) =>
              [true, false].map(
                (Egress): Mutation => ({
                  name: `${IsDefault ? "default ACL" : "ACL"} ${NetworkAclId} ${Egress ? "out" : "in"}: ${what}`,
                  network,
                  layer: "acls",
                  apply: async () => {
                    const which = { NetworkAclId, RuleNumber: 50, Egress };
                    await ec2.send(
                      new CreateNetworkAclEntryCommand({ ...which, RuleAction: "allow", ...entry }),
                    );
                    return () => ec2.send(new DeleteNetworkAclEntryCommand(which));
                  },
                }),
              ),
            ),
          ),
        );

      const ofRoutes = (): Mutation[] =>
        states().flatMap(({ network, routeTables, vpc: { VpcId } }) =>
          routeTables.flatMap(({ RouteTableId }) =>
            ["0.0.0.0/0", "203.0.113.0/24", "10.0.0.0/16"].map(
              (DestinationCidrBlock): Mutation => ({
                name: `route table ${RouteTableId}: ${DestinationCidrBlock}`,
                network,
                layer: "routes",
                apply: async () => {
                  const route = { RouteTableId, DestinationCidrBlock };
                  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId }));
                  await ec2.send(new CreateRouteCommand({ ...route, GatewayId: gateway }));
                  return async () => {
                    await ec2.send(new DeleteRouteCommand(route));
                    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId }));
                  };
                },
              }),
            ),
          ),
        );

      /** Gateways of every kind, and settings of the network and its subnets. */
      const ofJoints = (): Mutation[] =>
        states().flatMap(({ network, vpc: { VpcId = "" }, subnets, acls }) => {
          const [first] = subnets;
          const SubnetId = first?.SubnetId ?? "";
          const joint = (name: string, apply: Mutation["apply"]): Mutation => ({
            name: `${name} of ${VpcId}`,
            network,
            layer: "joints",
            apply,
          });
          return [
            joint("internet gateway", async () => {
              await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId }));
              return () => ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId }));
            }),
            joint("egress-only gateway", async () => {
              const { EgressOnlyInternetGateway: made } = await ec2.send(
                new CreateEgressOnlyInternetGatewayCommand({ VpcId }),
              );
              return () =>
                ec2.send(
                  new DeleteEgressOnlyInternetGatewayCommand({
                    EgressOnlyInternetGatewayId: made?.EgressOnlyInternetGatewayId,
                  }),
                );
            }),
            joint("NAT gateway", async () => {
              const { NatGateway } = await ec2.send(
                new CreateNatGatewayCommand({ SubnetId, ConnectivityType: "private" }),
              );
              return () => ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: NatGateway?.NatGatewayId }));
            }),
            joint("VPN gateway", async () => {
              const { VpnGateway } = await ec2.send(new CreateVpnGatewayCommand({ Type: "ipsec.1" }));
              const which = { VpcId, VpnGatewayId: VpnGateway?.VpnGatewayId };
              await ec2.send(new AttachVpnGatewayCommand(which));
              return () => ec2.send(new DetachVpnGatewayCommand(which));
            }),
            joint("transit gateway", async () => {
              const { TransitGateway } = await ec2.send(new CreateTransitGatewayCommand({}));
              const { TransitGatewayVpcAttachment: made } = await ec2.send(
                new CreateTransitGatewayVpcAttachmentCommand({
                  TransitGatewayId: TransitGateway?.TransitGatewayId,
                  VpcId,
                  SubnetIds: [SubnetId],
                }),
              );
              return () =>
                ec2.send(
                  new DeleteTransitGatewayVpcAttachmentCommand({
                    TransitGatewayAttachmentId: made?.TransitGatewayAttachmentId,
                  }),
                );
            }),
            joint("peering", async () => {
              const other = VpcId === quarantine.vpc.VpcId ? forensic : quarantine;
              const { VpcPeeringConnection: made } = await ec2.send(
                new CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId: other.vpc.VpcId }),
              );
              return () =>
                ec2.send(
                  new DeleteVpcPeeringConnectionCommand({
                    VpcPeeringConnectionId: made?.VpcPeeringConnectionId,
                  }),
                );
            }),
            ...(["Gateway", "Interface"] as const).map((VpcEndpointType) =>
              joint(`${VpcEndpointType} endpoint`, async () => {
                const { VpcEndpoint } = await ec2.send(
                  new CreateVpcEndpointCommand({
                    VpcId,
                    VpcEndpointType,
                    ServiceName: `com.amazonaws.${region}.${VpcEndpointType === "Gateway" ? "dynamodb" : "secretsmanager"}`,
                    ...(VpcEndpointType === "Interface" && { SubnetIds: [SubnetId] }),
                  }),
                );
                return () =>
                  ec2.send(
                    new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ""] }),
                  );
              }),
            ),
            joint("names", async () => {
              const set = (Value: boolean) =>
                ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value } }));
              const before = VpcId === forensic.vpc.VpcId;
              await set(!before);
              return () => set(before);
            }),
            joint("public addresses", async () => {
              const set = (Value: boolean) =>
                ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value } }));
              await set(true);
              return () => set(false);
            }),
            joint("a further range", async () => {
              const { CidrBlockAssociation } = await ec2.send(
                new AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: "10.254.0.0/24" }),
              );
              return () =>
                ec2.send(
                  new DisassociateVpcCidrBlockCommand({ AssociationId: CidrBlockAssociation?.AssociationId }),
                );
            }),
            joint("another ACL for a subnet", async () => {
              const own = acls.find(({ IsDefault }) => !IsDefault);
              const NetworkAclId = acls.find(({ IsDefault }) => IsDefault)?.NetworkAclId;
              const AssociationId = own?.Associations?.find(
                (one) => one.SubnetId === SubnetId,
              )?.NetworkAclAssociationId;
              const { NewAssociationId } = await ec2.send(
                new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }),
              );
              return () =>
                ec2.send(
                  new ReplaceNetworkAclAssociationCommand({
                    AssociationId: NewAssociationId,
                    NetworkAclId: own?.NetworkAclId,
                  }),
                );
            }),
          ];
        });

      it(
        "of one rule, route, gateway or setting flips the verdict of its layer, and its undoing flips it back",
        async () => {
          const all = [...ofGroups(), ...ofAcls(), ...ofRoutes(), ...ofJoints()];
          expect(all.length).toBeGreaterThanOrEqual(40);
          const mutations = shareOf("mutations of networks", all, 3);
          const verdicts = { quarantine: walk(quarantine), forensic: walk(forensic) };
          const unseen: string[] = [];
          const notUndone: string[] = [];
          for (const { name, network, layer, apply } of mutations) {
            const undo = await apply();
            const during = walk(await of(network));
            if (JSON.stringify(during[layer]) === JSON.stringify(verdicts[network][layer])) unseen.push(name);
            await undo();
            const after = walk(await of(network));
            if (JSON.stringify(after) !== JSON.stringify(verdicts[network])) notUndone.push(name);
            verdicts[network] = after;
          }
          expect({ unseen, notUndone }).toEqual({ unseen: [], notUndone: [] });
          process.stdout.write(`networks: ${mutations.length} mutations, each seen and undone\n`);
        },
        10 * minutes,
      );
    });

    it(
      "have interface endpoints on demand, each with a policy, and none once they are destroyed",
      async () => {
        workspace.environment.IR_KIT_ON_DEMAND = endpoints;
        const { exitCode, output } = await workspace.deploy(endpoints);
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        const { joints } = walk(await of("forensic"));
        expect(joints.filter((joint) => joint.startsWith("Interface"))).toEqual(
          endpointServiceNames.map((service) => `Interface endpoint com.amazonaws.${region}.${service}`),
        );
        const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
        const standing = VpcEndpoints.filter(({ State }) => !/^delet/i.test(State ?? ""));
        expect(standing).toHaveLength(endpointServiceNames.length + 1);
        const names = standing.flatMap(
          ({ Tags = [] }) => Tags.find(({ Key }) => Key === "Name")?.Value ?? [],
        );
        // By these `ir-kit forensics open` finds them.
        expect(names).toEqual(
          expect.arrayContaining(
            endpointServiceNames.map((service) => forensicEndpointName(workspace.landscape(), service)),
          ),
        );
        for (const { PolicyDocument, PrivateDnsEnabled, VpcEndpointType } of standing) {
          expect(PolicyDocument).toContain("aws:PrincipalAccount");
          if (VpcEndpointType === "Interface") expect(PrivateDnsEnabled).toBe(true);
        }
        const gone = await workspace.destroy(endpoints);
        expect({ exitCode: gone.exitCode, output: gone.exitCode === 0 ? "" : gone.output }).toEqual({
          exitCode: 0,
          output: "",
        });
        expect(walk(await of("forensic")).joints).toHaveLength(2);
      },
      5 * minutes,
    );
  });
});

const ruleIds = (rules: readonly SecurityGroupRule[] = []): string[] =>
  rules.map(({ SecurityGroupRuleId = "" }) => SecurityGroupRuleId);
