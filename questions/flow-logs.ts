import { askFlowLogs, type Parameter } from "./question";

const instance: Parameter = { name: "instance", kind: "instance", about: "id of the instance" };

/** Addresses that no router of the internet forwards. Source: RFC 1918, 6598, 3927, 4193 and 4291. */
const isPrivate = (column: string): string =>
  `regexp_like(${column}, '^(10\\.|127\\.|169\\.254\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.|f[cd][0-9a-f]{2}:|fe80:)')`;

/** Address of the other side, whichever way a packet went; behind a gateway, that of the packet itself. */
const peer = "CASE WHEN flow_direction = 'egress' THEN pkt_dstaddr ELSE pkt_srcaddr END";
/** The port that tells the service: the lower of both, since clients take high ones. */
const servicePort = "least(srcport, dstport)";

export const flowLogQuestions = [
  askFlowLogs({
    id: "what-instance-talked-to",
    title: "What this instance talked to, how much and since when",
    parameters: [instance],
    columns: [
      "account",
      "region",
      "peer",
      "port",
      "protocol",
      "bytes_in",
      "bytes_out",
      "first_seen",
      "last_seen",
      "rejected",
    ],
    sql: `SELECT account, region, ${peer} AS peer, ${servicePort} AS port, protocol,
  sum(CASE WHEN flow_direction = 'ingress' AND action = 'ACCEPT' THEN bytes ELSE 0 END) AS bytes_in,
  sum(CASE WHEN flow_direction = 'egress' AND action = 'ACCEPT' THEN bytes ELSE 0 END) AS bytes_out,
  from_unixtime(min(start)) AS first_seen, from_unixtime(max("end")) AS last_seen,
  count_if(action = 'REJECT') AS rejected
FROM flow_logs
WHERE {{scope}} AND instance_id = :instance AND log_status = 'OK'
GROUP BY account, region, ${peer}, ${servicePort}, protocol
ORDER BY bytes_out DESC, peer, port`,
  }),
  askFlowLogs({
    id: "bytes-out-by-destination",
    title: "How many bytes this instance sent to each address on the internet",
    parameters: [instance],
    columns: ["account", "region", "destination", "bytes_out", "connections", "first_seen", "last_seen"],
    sql: `SELECT account, region, pkt_dstaddr AS destination, sum(bytes) AS bytes_out,
  count(DISTINCT srcport) AS connections, from_unixtime(min(start)) AS first_seen,
  from_unixtime(max("end")) AS last_seen
FROM flow_logs
WHERE {{scope}} AND instance_id = :instance AND log_status = 'OK'
  AND flow_direction = 'egress' AND action = 'ACCEPT' AND NOT ${isPrivate("pkt_dstaddr")}
GROUP BY account, region, pkt_dstaddr
ORDER BY bytes_out DESC, destination`,
  }),
  askFlowLogs({
    id: "most-bytes-out",
    title: "Which machines sent most to the internet, to how many addresses, and where the most at once",
    days: 1,
    parameters: [{ name: "least", kind: "number", about: "fewest bytes", otherwise: "100000000" }],
    columns: [
      "account",
      "region",
      "instance",
      "interface",
      "bytes_out",
      "destinations",
      "largest_to",
      "first_seen",
      "last_seen",
    ],
    sql: `SELECT account, region, instance_id AS instance, interface_id AS interface, sum(bytes) AS bytes_out,
  count(DISTINCT pkt_dstaddr) AS destinations, max_by(pkt_dstaddr, bytes) AS largest_to,
  from_unixtime(min(start)) AS first_seen, from_unixtime(max("end")) AS last_seen
FROM flow_logs
WHERE {{scope}} AND log_status = 'OK' AND flow_direction = 'egress' AND action = 'ACCEPT'
  AND NOT ${isPrivate("pkt_dstaddr")}
GROUP BY account, region, instance_id, interface_id
HAVING sum(bytes) >= :least
ORDER BY bytes_out DESC, interface`,
  }),
  askFlowLogs({
    id: "who-talked-to-address",
    title: "Which machines of any account talked to this address",
    parameters: [{ name: "address", kind: "address", about: "an address outside, or inside" }],
    columns: [
      "account",
      "region",
      "vpc",
      "instance",
      "interface",
      "port",
      "bytes",
      "first_seen",
      "last_seen",
      "accepted",
      "rejected",
    ],
    sql: `SELECT account, region, vpc_id AS vpc, instance_id AS instance, interface_id AS interface,
  ${servicePort} AS port, sum(bytes) AS bytes, from_unixtime(min(start)) AS first_seen,
  from_unixtime(max("end")) AS last_seen, count_if(action = 'ACCEPT') AS accepted,
  count_if(action = 'REJECT') AS rejected
FROM flow_logs
WHERE {{scope}} AND log_status = 'OK' AND (pkt_srcaddr = :address OR pkt_dstaddr = :address)
GROUP BY account, region, vpc_id, instance_id, interface_id, ${servicePort}
ORDER BY first_seen, interface, port`,
  }),
  askFlowLogs({
    id: "ports-probed",
    title: "Which addresses were turned away at many ports of a machine: a scan",
    days: 1,
    parameters: [{ name: "least", kind: "number", about: "fewest distinct ports", otherwise: "20" }],
    columns: ["account", "region", "interface", "source", "ports", "first_seen", "last_seen"],
    sql: `SELECT account, region, interface_id AS interface, pkt_srcaddr AS source,
  count(DISTINCT dstport) AS ports, from_unixtime(min(start)) AS first_seen,
  from_unixtime(max("end")) AS last_seen
FROM flow_logs
WHERE {{scope}} AND log_status = 'OK' AND flow_direction = 'ingress' AND action = 'REJECT'
GROUP BY account, region, interface_id, pkt_srcaddr
HAVING count(DISTINCT dstport) >= :least
ORDER BY ports DESC, interface, source`,
  }),
  // Who begins a connection of TCP sends SYN without ACK; of others the port must tell. Source: "Flow log records".
  askFlowLogs({
    id: "reached-from-internet",
    title: "Which ports of which machines were reached from the internet",
    days: 1,
    columns: [
      "account",
      "region",
      "interface",
      "instance",
      "port",
      "protocol",
      "sources",
      "bytes",
      "first_seen",
      "last_seen",
    ],
    sql: `SELECT account, region, interface_id AS interface, instance_id AS instance, dstport AS port, protocol,
  count(DISTINCT pkt_srcaddr) AS sources, sum(bytes) AS bytes, from_unixtime(min(start)) AS first_seen,
  from_unixtime(max("end")) AS last_seen
FROM flow_logs
WHERE {{scope}} AND log_status = 'OK' AND flow_direction = 'ingress' AND action = 'ACCEPT'
  AND ((protocol = 6 AND bitwise_and(tcp_flags, 18) = 2)
    OR (protocol <> 6 AND dstport < 32768 AND srcport >= 1024))
  AND NOT ${isPrivate("pkt_srcaddr")}
GROUP BY account, region, interface_id, instance_id, dstport, protocol
ORDER BY sources DESC, interface, port`,
  }),
];
