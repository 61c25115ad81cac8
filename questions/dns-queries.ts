import { askDnsQueries } from "./question";

/** The domain that somebody registered: below most countries' own suffixes, such as co.uk, it has one part more. */
const registered =
  "regexp_extract(lower(query_name), '([^.]+\\.((ac|co|com|edu|go|gov|ne|net|or|org)\\.[a-z]{2}|[^.]+))\\.$', 1)";

export const dnsQuestions = [
  askDnsQueries({
    id: "which-names-instance-looked-up",
    title: "Which names this instance looked up, how often and since when",
    parameters: [{ name: "instance", kind: "instance", about: "id of the instance" }],
    columns: ["account", "region", "name", "type", "queries", "first_seen", "last_seen", "not_found"],
    sql: `SELECT account, region, query_name AS name, query_type AS type, count(*) AS queries,
  min(query_timestamp) AS first_seen, max(query_timestamp) AS last_seen,
  count_if(rcode = 'NXDOMAIN') AS not_found
FROM dns_queries
WHERE {{scope}} AND srcids.instance = :instance
GROUP BY account, region, query_name, query_type
ORDER BY first_seen, name, type`,
  }),
  askDnsQueries({
    id: "who-looked-up-name",
    title: "Who in any account looked up this domain, or a name below it",
    parameters: [{ name: "domain", kind: "domain", about: "a domain, without the dot at its end" }],
    columns: [
      "account",
      "region",
      "vpc",
      "instance",
      "address",
      "name",
      "queries",
      "first_seen",
      "last_seen",
    ],
    sql: `SELECT account, region, vpc, srcids.instance AS instance, srcaddr AS address, query_name AS name,
  count(*) AS queries, min(query_timestamp) AS first_seen, max(query_timestamp) AS last_seen
FROM dns_queries
WHERE {{scope}}
  AND (lower(query_name) = concat(lower(:domain), '.')
    OR substr(lower(query_name), -(length(:domain) + 2)) = concat('.', lower(:domain), '.'))
GROUP BY account, region, vpc, srcids.instance, srcaddr, query_name
ORDER BY first_seen, instance, name`,
  }),
  askDnsQueries({
    id: "rare-names",
    title:
      "Which domains one machine alone looked up, and many names below them: tunnels and generated names",
    days: 1,
    parameters: [
      { name: "least", kind: "number", about: "fewest distinct names below a domain", otherwise: "50" },
    ],
    columns: ["account", "region", "instance", "domain", "names", "queries", "first_seen", "last_seen"],
    sql: `SELECT min(account) AS account, min(region) AS region, min(srcids.instance) AS instance,
  ${registered} AS domain,
  count(DISTINCT query_name) AS names, count(*) AS queries, min(query_timestamp) AS first_seen,
  max(query_timestamp) AS last_seen
FROM dns_queries
WHERE {{scope}} AND NOT regexp_like(lower(query_name), '\\.(amazonaws\\.com|internal|arpa)\\.$')
GROUP BY ${registered}
HAVING count(DISTINCT concat(vpc, ' ', srcaddr)) = 1 AND count(DISTINCT query_name) >= :least
ORDER BY names DESC, domain`,
  }),
  askDnsQueries({
    id: "names-blocked",
    title: "Which names DNS Firewall blocked or reported, and who asked",
    columns: ["account", "region", "vpc", "instance", "name", "action", "queries", "first_seen", "last_seen"],
    sql: `SELECT account, region, vpc, srcids.instance AS instance, query_name AS name,
  firewall_rule_action AS action, count(*) AS queries, min(query_timestamp) AS first_seen,
  max(query_timestamp) AS last_seen
FROM dns_queries
WHERE {{scope}} AND firewall_rule_action IN ('ALERT', 'BLOCK')
GROUP BY account, region, vpc, srcids.instance, query_name, firewall_rule_action
ORDER BY first_seen, name`,
  }),
];
