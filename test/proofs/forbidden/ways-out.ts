import { arn, ec2, type Forbidden, forbid, stranger } from "./model";

/** Ways for data to leave, by network and name. */
export const waysOutForbidden: readonly Forbidden[] = forbid("all", [
  [
    "ec2:CreateVpcPeeringConnection",
    ec2("vpc-peering-connection/pcx-0abc"),
    "joins a stranger's network",
    { "ec2:AccepterVpc": arn("ec2", "vpc/vpc-0badbadbadbadbad0", stranger) },
  ],
  ["ec2:CreateTrafficMirrorSession", ec2("traffic-mirror-session/tms-0abc"), "reads traffic"],
  ["ec2:AttachInternetGateway", ec2("internet-gateway/igw-0abc"), "opens a network"],
  ["ec2:CreateRoute", ec2("route-table/rtb-0abc"), "leads traffic elsewhere"],
  ["ec2:AuthorizeClientVpnIngress", ec2("client-vpn-endpoint/cvpn-endpoint-0abc"), "a way into a network"],
  ["route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0ABC", "leads customers elsewhere"],
  ["route53domains:TransferDomain", "*", "gives a domain away"],
  [
    "cloudfront:UpdateDistribution",
    "arn:aws:cloudfront::555555555555:distribution/E0ABC",
    "leads customers elsewhere",
  ],
  ["ses:SendEmail", arn("ses", "identity/payments.example"), "writes in a customer's name"],
  [
    "ram:CreateResourceShare",
    "*",
    "shares with strangers",
    { "ram:RequestedAllowsExternalPrincipals": "true" },
  ],
  ["datasync:StartTaskExecution", arn("datasync", "task/task-0abc"), "copies data of customers"],
]);
