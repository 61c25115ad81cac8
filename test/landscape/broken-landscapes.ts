import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exampleText, exampleWith } from "../support/landscapes";

/** A landscape that is wrong, and what the user must be told. */
export interface BrokenLandscape {
  readonly name: string;
  /** Writes the file and gives its path; most only give the text. */
  readonly write: (directory: string) => string;
  /** What the message must contain: place, value, remedy. */
  readonly says: readonly string[];
  /** How many problems there are; 1 unless told. */
  readonly problems?: number;
}

const text = (name: string, content: string | Buffer, ...says: string[]): BrokenLandscape => ({
  name,
  says,
  write: (directory) => {
    const file = path.join(directory, "landscape.yaml");
    writeFileSync(file, content);
    return file;
  },
});

/** The example with one text replaced. */
const edit = (name: string, from: string, to: string, ...says: string[]): BrokenLandscape =>
  text(name, exampleWith([from, to]), ...says);

const several = (problems: number, broken: BrokenLandscape): BrokenLandscape => ({ ...broken, problems });

const unit = "  - { path: sandbox, id: ou-ab12-sandbox01, environment: sandbox }";
const member = "  - name: playground";

export const brokenLandscapes: readonly BrokenLandscape[] = [
  edit(
    "a service whose calls through endpoints CloudTrail does not record",
    "dataEvents: [s3-write]",
    "networkEvents: [kmss]",
    'logging.networkEvents[0]: "kmss"',
    'did you mean "kms"?',
  ),
  edit(
    "a kind of insight twice",
    "dataEvents: [s3-write]",
    "insights: [api-call-rate, api-call-rate]",
    "logging.insights[1]",
    '"api-call-rate" stands in the list already',
  ),
  // Detection
  edit(
    "a plan of GuardDuty that there is not",
    "guardDuty: { s3: true,",
    "guardDuty: { s4: true,",
    "detection.guardDuty.s4",
    'did you mean "s3"?',
  ),
  edit(
    "a standard that there is not",
    "standards: [fsbp, cis-3.0]",
    "standards: [fsbp, cis-3]",
    'detection.securityHub.standards[1]: "cis-3"',
    'did you mean "cis-3.0"?',
  ),
  edit(
    "standards for a unit that there is not",
    "units: [{ path: sandbox, standards",
    "units: [{ path: sandbx, standards",
    "detection.securityHub.units[0].path",
    'did you mean "sandbox"?',
  ),
  edit(
    "a kind of noise that would suppress everything",
    "        generator: security-control/EC2.9\n",
    "",
    "detection.securityHub.noise[0]",
    "would suppress every finding",
  ),
  edit(
    "a kind of noise that is a star alone",
    "generator: security-control/EC2.9",
    'generator: "*"',
    "detection.securityHub.noise[0].generator",
    "a star alone would be every one",
  ),
  edit(
    "a home region that each account must enable first",
    "homeRegion: eu-west-1\nregions: [eu-west-1, us-east-1]",
    "homeRegion: af-south-1\nregions: [af-south-1, us-east-1]",
    "homeRegion",
    "Security Hub takes no region that must be enabled as the home of an organization; choose another",
  ),
  edit(
    "code of functions without functions",
    "inspector: { ec2: true, ecr: true, lambda: true }",
    "inspector: { ec2: true, lambdaCode: true }",
    "detection.inspector.lambdaCode",
    "needs lambda: true",
  ),
  edit(
    "recorders beside those of a landing zone",
    "landingZone: none",
    "landingZone: control-tower",
    "detection.config",
    "AWS allows one; choose existing",
  ),
  edit(
    "plans for a detector of others",
    "guardDuty: { s3: true, eks: true,",
    "guardDuty: { owner: existing, s3: true,",
    "detection.guardDuty.s3",
    "has no effect with detection.guardDuty.owner: existing",
  ),
  // Evidence
  edit(
    "evidence that is locked for longer than it may be",
    "maximumDays: 3653",
    "maximumDays: 100",
    "forensics.evidence.lockDays",
    "lockDays (365) is above maximumDays (100)",
  ),
  edit(
    "a maximum below the lock that nobody has written",
    "    lockDays: 365 # after which a piece may be deleted; nothing goes by itself unless retentionDays says so\n    maximumDays: 3653",
    "    maximumDays: 100",
    "forensics.evidence.maximumDays",
    "lockDays (365) is above maximumDays (100)",
  ),
  edit(
    "evidence that goes before its lock ends",
    "maximumDays: 3653",
    "retentionDays: 100",
    "forensics.evidence.retentionDays",
    "100 is shorter than forensics.evidence.lockDays (365)",
  ),
  edit(
    "evidence that nobody can ever unlock, by accident",
    "lock: governance # or compliance, which",
    "lock: compliance # or compliance, which",
    "forensics.evidence.lock",
    "add acknowledgeIrreversible: true",
  ),
  edit(
    "a lock of evidence that there is not",
    "lock: governance # or compliance, which",
    "lock: goverance # or compliance, which",
    "forensics.evidence.lock",
    'did you mean "governance"?',
  ),
  edit(
    "evidence that is locked for no day",
    "lockDays: 365 # after",
    "lockDays: 0 # after",
    "forensics.evidence.lockDays",
    "is not a number of days from 1 to 3653",
  ),
  // Machines for forensics
  edit(
    "a type of another architecture than its image",
    "  endpoints: on-demand",
    "  machines: { linuxArm64: m7i.large }",
    "forensics.machines.linuxArm64",
    '"m7i.large" is x86_64, and its image arm64; choose one such as m7g.xlarge',
  ),
  edit(
    "a Graviton type for Windows",
    "  endpoints: on-demand",
    "  machines: { windows: c6gn.large }",
    "forensics.machines.windows",
    '"c6gn.large" is arm64, and its image x86_64; choose one such as m7i.xlarge',
  ),
  edit(
    "a type that is none",
    "  endpoints: on-demand",
    "  machines: { windows: large }",
    "forensics.machines.windows",
    "is not an instance type, such as m7g.xlarge",
  ),
  edit(
    "a tool for a platform that there is not",
    "  endpoints: on-demand",
    `  tools: [{ platform: linus, key: vol, sha256: ${"a".repeat(64)} }]`,
    "forensics.tools[0].platform",
    'did you mean "linux"?',
  ),
  edit(
    "a tool without a checksum that could be one",
    "  endpoints: on-demand",
    "  tools: [{ platform: linux, key: vol, sha256: abc }]",
    "forensics.tools[0].sha256",
    "is not a SHA-256",
  ),
  edit(
    "two tools of one name",
    "  endpoints: on-demand",
    `  tools: [{ platform: linux, key: a/vol, sha256: ${"a".repeat(64)} }, { platform: linux, key: b/vol, sha256: ${"b".repeat(64)} }]`,
    "forensics.tools[1].key",
    '"vol" is the name of another tool already',
  ),
  edit(
    "two tools for memory of one architecture",
    "  endpoints: on-demand",
    `  tools: [{ platform: linux, key: avml, sha256: ${"a".repeat(64)}, memory: arm64 }, { platform: linux, key: lime, sha256: ${"b".repeat(64)}, memory: arm64 }]`,
    "forensics.tools[1].memory",
    "another tool reads memory of arm64 on linux already",
  ),
  edit(
    "memory of a Windows that there is not",
    "  endpoints: on-demand",
    `  tools: [{ platform: windows, key: winpmem.exe, sha256: ${"a".repeat(64)}, memory: arm64 }]`,
    "forensics.tools[0].memory",
    "say x86-64",
  ),
  // Networks for forensics
  edit(
    "a range that a declared network overlaps",
    "networks: [10.0.0.0/16, 10.1.0.0/16]",
    "networks: [10.0.0.0/16, 10.255.0.0/16]",
    "forensics.quarantineNetwork",
    '"10.255.254.0/24" overlaps networks[1] (10.255.0.0/16)',
  ),
  edit(
    "two networks of the kit that overlap",
    "  endpoints: on-demand",
    "  forensicNetwork: 10.255.254.128/25",
    "forensics.forensicNetwork",
    '"10.255.254.128/25" overlaps forensics.quarantineNetwork (10.255.254.0/24)',
  ),
  edit(
    "a range that begins in its middle",
    "  endpoints: on-demand",
    "  forensicNetwork: 10.250.1.7/24",
    "forensics.forensicNetwork",
    "begins inside the range 10.250.1.0/24; say 10.250.1.0/24",
  ),
  edit(
    "a range of the internet",
    "  endpoints: on-demand",
    "  quarantineNetwork: 203.0.112.0/24",
    "forensics.quarantineNetwork",
    "is not private; choose a range of 10/8",
  ),
  edit(
    "a range without room for two subnets",
    "  endpoints: on-demand",
    "  forensicNetwork: 10.250.1.0/28",
    "forensics.forensicNetwork",
    "too small for subnets in two zones; at least /27",
  ),
  edit(
    "a range that no VPC can have",
    "  endpoints: on-demand",
    "  forensicNetwork: 10.0.0.0/8",
    "forensics.forensicNetwork",
    "is not an IPv4 range of a VPC, such as 10.255.0.0/24 (from /16 to /28)",
  ),
  edit(
    "what is no range",
    "networks: [10.0.0.0/16, 10.1.0.0/16]",
    "networks: [10.0.0.0/16, 10.1.0.256/16]",
    'networks[1]: "10.1.0.256/16"',
    "is not an IPv4 range",
  ),
  edit(
    "a region for forensics that nobody watches",
    "  endpoints: on-demand",
    "  regions: [eu-west-2]",
    "forensics.regions[0]",
    '"eu-west-2" is not among regions (eu-west-1, us-east-1); did you mean "eu-west-1"?',
  ),
  edit(
    "endpoints at times that there are not",
    "endpoints: on-demand",
    "endpoints: on-demnd",
    "forensics.endpoints",
    'did you mean "on-demand"?',
  ),
  // Types and values
  edit(
    "a text where a list belongs",
    "regions: [eu-west-1, us-east-1]",
    "regions: eu-west-1",
    ":16:10: regions:",
    '"eu-west-1" is not a list',
  ),
  edit(
    "a list where a mapping belongs",
    "organization:\n  name: acme",
    "organization: [acme]\nx:\n  name: acme",
    "organization:",
    "a list of 1 is not a mapping",
  ),
  edit(
    "a short account id",
    '"555555555555"',
    '"55555555555"',
    "members[0].id",
    '"55555555555" has 11 digits; an AWS account id has 12',
  ),
  edit("a long account id", '"555555555555"', '"5555555555555"', "members[0].id", "has 13 digits"),
  edit(
    "letters in an account id",
    '"555555555555"',
    '"55555555555x"',
    "is not an AWS account id, which has 12 digits",
  ),
  edit("an unquoted account id", '"555555555555"', "555555555555", "is not quoted", 'write "555555555555"'),
  edit(
    "an unquoted account id with a leading zero",
    '"555555555555"',
    "012345678901",
    'write "012345678901"',
  ),
  edit("an empty value", "homeRegion: eu-west-1", "homeRegion:", "homeRegion", "is empty; expected text"),
  edit(
    "a number beyond its range",
    "retentionDays: 365",
    "retentionDays: 5",
    "logging.retentionDays: 5 is not a number of days from 90 to 3653",
  ),
  edit("a fraction of a day", "retentionDays: 365", "retentionDays: 365.5", "365.5 is not a whole number"),
  edit("not a number at all", "retentionDays: 365", "retentionDays: .nan", "logging.retentionDays: NaN"),
  edit(
    "a choice that does not exist",
    "lock: governance",
    "lock: goverance",
    '"goverance" is not one of governance, compliance; did you mean "governance"?',
  ),
  edit(
    "yes instead of true",
    "lock: governance #",
    "lock: compliance\n  acknowledgeIrreversible: yes #",
    'acknowledgeIrreversible: "yes" is not true or false',
  ),
  edit(
    "no email address",
    "payments-oncall@example.com",
    "payments-oncall",
    "members[0].owner.email",
    "is not an email address",
  ),
  edit(
    "an organization name with capitals",
    "name: acme",
    "name: Acme",
    "organization.name",
    "lower-case letters",
  ),
  edit(
    "an organization name that is too long",
    "name: acme",
    "name: a-name-of-more-than-twenty",
    "at most 20 characters",
  ),
  text(
    "an organization name that leaves a bucket's too little room",
    exampleWith(["name: acme #", "name: abcdefghijklmnopqrst #"], ["us-east-1]", "eu-central-1]"]),
    "organization.name",
    "S3 takes 63: use at most 18 characters",
  ),
  edit(
    "an id of another kind",
    "id: o-a1b2c3d4e5",
    "id: ou-ab12-cdefgh01",
    "organization.id",
    "is not an organization's id",
  ),
  edit(
    "a region that is none",
    "regions: [eu-west-1",
    "regions: [eu-wst-1",
    "regions[0]",
    'did you mean "eu-west-1"?',
  ),
  edit(
    "no regions",
    "regions: [eu-west-1, us-east-1]",
    "regions: []",
    "is not a list of at least one region",
  ),
  edit(
    "a region twice",
    "[eu-west-1, us-east-1]",
    "[eu-west-1, us-east-1, us-east-1]",
    "regions[2]",
    "stands in the list already",
  ),
  edit(
    "a state folder outside the project",
    "{ type: local }",
    "{ type: local, directory: ../state }",
    "backend.directory",
    "inside the project",
  ),
  edit("a backend that does not exist", "{ type: local }", "{ type: gcs }", '"gcs" is not one of local, s3'),
  edit(
    "a backend without a type",
    "{ type: local }",
    "{ directory: state }",
    "backend.type: is missing: one of local, s3",
  ),
  edit(
    "a reserved tag",
    "distribution: stackset",
    "tags: { 'ir:case': x }\ndistribution: stackset",
    "is not an allowed key",
  ),
  edit(
    "the kit's own tag",
    "distribution: stackset",
    "tags: { Stack: x }\ndistribution: stackset",
    "managed-by and stack",
  ),
  edit(
    "a terminal escape in a name",
    "name: Security Operations",
    'name: "\\e[31mSecurity"',
    "\\u001b[31mSecurity",
    "printable",
  ),

  // Fields
  edit(
    "an unknown field with a near miss",
    "homeRegion: eu-west-1",
    "homeRegoin: eu-west-1\nhomeRegion: eu-west-1",
    'homeRegoin: unknown field; did you mean "homeRegion"?',
  ),
  edit(
    "an unknown field unlike any other",
    "homeRegion: eu-west-1",
    "frobnicate: 1\nhomeRegion: eu-west-1",
    "frobnicate: unknown field; allowed here: organization,",
  ),
  edit(
    "a missing field",
    "homeRegion: eu-west-1\n",
    "",
    "homeRegion: is missing: AWS region, such as eu-west-1",
  ),
  edit(
    "an account without id",
    '{ id: "222222222222", name: security, ou: security }',
    "{ name: security, ou: security }",
    "accounts.security",
    "has neither id nor create",
  ),
  edit(
    "a merge key",
    "logging:\n",
    "x: &b { owner: kit }\nlogging:\n  <<: *b\n",
    "merge keys are not supported",
  ),
  edit(
    "a prototype as a key",
    "distribution: stackset",
    "__proto__: { polluted: true }\ndistribution: stackset",
    "__proto__: unknown field",
  ),

  // What a schema can't say
  edit(
    "two accounts with one id",
    '"666666666666"',
    '"555555555555"',
    "members[1].id",
    "is the id of members.0 already",
  ),
  edit(
    "a core account named twice",
    '"333333333333"',
    '"222222222222"',
    "a core account left out falls to the security account",
  ),
  edit(
    "two accounts with one name",
    "name: payments-dev",
    "name: Payments-Prod",
    "members[1].name",
    "is the name of members.0 already",
  ),
  edit(
    "two units with one path",
    unit,
    `${unit}\n  - { path: sandbox, id: ou-ab12-sandbox02 }`,
    "organizationalUnits[5].path",
    "is listed already",
  ),
  edit(
    "two units with one id",
    "ou-ab12-dev000001",
    "ou-ab12-sandbox01",
    "organizationalUnits[4].id",
    "is the id of",
  ),
  edit("a unit within itself", "ou-ab12-prod00001", "ou-ab12-workload1", "a unit cannot lie within itself"),
  edit(
    "a home region that is not watched",
    "homeRegion: eu-west-1",
    "homeRegion: eu-west-2",
    ":15:13: homeRegion:",
    "is not among regions",
    'did you mean "eu-west-1"?',
  ),
  edit(
    "regions of another partition",
    "partition: aws #",
    "partition: aws-us-gov #",
    "is a region of partition aws, and organization.partition is aws-us-gov",
  ),
  edit(
    "an account in a unit that is not listed",
    "ou: workloads/prod",
    "ou: workloads/prd",
    "members[0].ou",
    'did you mean "workloads/prod"?',
  ),
  edit("a unit to make below an unlisted one", unit, "  - { path: lab/sandbox }", "add { path: lab }"),
  edit("a unit of another root", "ou-ab12-sandbox01", "ou-zz99-sandbox01", 'it must begin with "ou-ab12-"'),
  edit(
    "a core account without a unit",
    "name: forensics, ou: security",
    "name: forensics",
    "accounts.forensics.ou: is missing",
  ),
  edit(
    "an account to create under Control Tower",
    "landingZone: none",
    "landingZone: control-tower",
    "would make a second trail",
  ),
  edit(
    "a unit to make under Control Tower",
    "logging:\n  owner: kit",
    "logging:\n  owner: existing",
    "has no effect with logging.owner: existing",
  ),
  edit(
    "a lock longer than the retention",
    "retentionDays: 365",
    "retentionDays: 100\n  lockDays: 365",
    "logging.lockDays",
    "longer than logging.retentionDays (100)",
  ),
  edit(
    "an archive after the end",
    "retentionDays: 365",
    "retentionDays: 100\n  archiveAfterDays: 100",
    "logging.archiveAfterDays",
  ),
  edit(
    "an irreversible lock by accident",
    "lock: governance",
    "lock: compliance",
    "logging.lock",
    "add acknowledgeIrreversible: true",
  ),
  edit(
    "an interpolation in a name",
    "title: Security Operations Lead",
    'title: "${file(1)}"',
    "securityContact.title",
  ),
  edit(
    "a name that is a stack's",
    "name: payments-dev",
    "name: payments-prod-eu-west-1",
    "ends like the name of a stack",
  ),
  text(
    "two accounts that come out as one Terraform name",
    exampleWith([
      member,
      "  - { name: play--ground, ou: sandbox, create: { email: a@example.com } }\n  - { name: play-ground, ou: sandbox, create: { email: b@example.com } }\n  - name: playground",
    ]),
    "comes out as the same Terraform name",
  ),
  several(
    3,
    text(
      "three mistakes at once",
      exampleWith(
        ['"555555555555"', '"5"'],
        ["lock: governance", "lock: none"],
        ["title: Security", "titel: Security"],
      ),
      "members[0].id",
      "logging.lock",
      "securityContact.titel",
    ),
  ),

  // YAML
  edit("a tab as indentation", "  name: acme", "\tname: acme", ":8:1:", "a tab is used for indentation"),
  text("two documents", `${exampleText}\n---\n${exampleText}`, "a second YAML document begins here"),
  edit(
    "a key twice",
    "homeRegion: eu-west-1",
    "homeRegion: eu-west-1\nhomeRegion: us-east-1",
    ":16:1: this key stands here a second time",
  ),
  edit(
    "an unclosed bracket",
    "regions: [eu-west-1, us-east-1]",
    "regions: [eu-west-1, us-east-1",
    "not valid YAML",
  ),
  edit(
    "an alias without an anchor",
    "distribution: stackset",
    "tags: *nothing\ndistribution: stackset",
    "this alias (*) has no anchor (&) before it",
  ),
  edit(
    "a landscape within itself",
    "distribution: stackset",
    "tags: &a { x: *a }\ndistribution: stackset",
    "cannot contain itself",
  ),
  edit("a special type", "logging:\n", "logging: !!omap\n", "!!omap has no place in a landscape"),
  text("an alias bomb", aliasBomb(), "multiply the file"),
  text("20,000 levels", `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`, "nested too deeply"),
  text(
    "20,000 levels of blocks",
    Array.from({ length: 20_000 }, (_, level) => `${" ".repeat(Math.min(level, 200))}a${level}:`).join("\n"),
    "unknown field",
  ),
  text("a list as the whole file", "- a\n- b\n", "a list of 2 is not a mapping"),
  text("a text as the whole file", "hello\n", '"hello" is not a mapping'),

  // Files
  text("an empty file", "", "the file is empty", "complete example"),
  text("only comments", "# nothing\n", "the file is empty"),
  text("a binary file", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), "is a binary file"),
  text("UTF-16", Buffer.from(`\ufeff${exampleText}`, "utf16le"), "is UTF-16 text"),
  text("Latin-1", Buffer.from("name: caf\xe9\n", "latin1"), "is not UTF-8 text"),
  text("10 MB", `# ${"x".repeat(10 * 1024 * 1024)}\n`, "has 10.0 MiB"),
  {
    name: "a missing file",
    write: (directory) => path.join(directory, "landscape.yaml"),
    says: ["no such file", "--config or IR_KIT_CONFIG"],
  },
  {
    name: "a misspelt file",
    write: (directory) => {
      writeFileSync(path.join(directory, "landscape.yaml"), exampleText);
      return path.join(directory, "landscpae.yaml");
    },
    says: ["no such file", 'did you mean "landscape.yaml"'],
  },
  {
    name: "a directory",
    write: (directory) => {
      const folder = path.join(directory, "landscape.yaml");
      mkdirSync(folder);
      return folder;
    },
    says: ["is a directory; name the file in it"],
  },
  {
    name: "a symbolic link to itself",
    write: (directory) => {
      const link = path.join(directory, "landscape.yaml");
      symlinkSync(link, link);
      return link;
    },
    says: ["symbolic link that leads back to itself"],
  },

  // Access
  edit(
    "a door of an unknown kind",
    "- type: identity-center",
    "- type: identity-centre",
    "access.doors[0].type",
    '"identity-centre" is not one of identity-center, saml, iam-users, emergency-users; did you mean "identity-center"?',
  ),
  edit(
    "an instance that is no ARN of Identity Center",
    "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    "arn:aws:iam::222222222222:role/x",
    "access.doors[0].instanceArn",
    "is not the ARN of an Identity Center instance, such as arn:aws:sso:::instance/ssoins-1234567890abcdef",
  ),
  edit(
    "an instance of another partition",
    "arn:aws:sso:::instance",
    "arn:aws-cn:sso:::instance",
    "access.doors[0].instanceArn",
    "is of another partition than organization.partition, aws",
  ),
  edit(
    "a group that is no id",
    "investigate: 11111111-1111-1111-1111-111111111111",
    "investigate: responders",
    "access.doors[0].groups.investigate",
    '"responders" is not the id of a group',
  ),
  edit(
    "a task that there is not",
    "investigate: 11111111-1111-1111-1111-111111111111",
    "investigates: 11111111-1111-1111-1111-111111111111",
    "access.doors[0].groups.investigates",
    'did you mean "investigate"?',
  ),
  edit(
    "SAML metadata that is missing",
    "    - type: emergency-users",
    "    - { type: saml, metadata: nowhere.xml }\n    - type: emergency-users",
    "access.doors[1].metadata",
    '"nowhere.xml" does not exist',
  ),
  edit(
    "SAML metadata that is none",
    "    - type: emergency-users",
    "    - { type: saml, metadata: landscape.yaml }\n    - type: emergency-users",
    "access.doors[1].metadata",
    "is not SAML metadata: it has no EntityDescriptor",
  ),
  edit(
    "an emergency user without a contact",
    "        - name: emergency-2\n          contact: { email: head-of-security@example.com }",
    "        - name: emergency-2",
    "access.doors[1].users[1].contact",
    "is missing",
  ),
  edit(
    "a contact that is no address",
    "head-of-security@example.com",
    "head of security",
    "access.doors[1].users[1].contact.email",
    "is not an email address",
  ),
  edit(
    "two users of one name",
    "name: emergency-2",
    "name: Emergency-1",
    "access.doors[1].users[1].name",
    '"Emergency-1" is the name of access.doors[1].users[0] already',
  ),
  edit(
    "emergency users in the security account",
    "account: forensics\n",
    "account: security\n",
    "access.doors[1].account",
    '"security" is not one of management, logArchive, forensics',
  ),
  edit(
    "emergency users in an account that falls to the security account",
    '  forensics: { id: "444444444444", name: forensics, ou: security }\n',
    "",
    "access.doors[1].account",
    "falls to the security account, which these users must outlive; choose management",
  ),
  edit(
    "one channel only",
    '    - { type: sms, number: "+15550100" }\n',
    "",
    "access.notify",
    "is not a list of at least two channels: an alarm must arrive when one fails",
  ),
  edit(
    "the same channel twice",
    '{ type: sms, number: "+15550100" }',
    "{ type: email, address: security@example.com }",
    "access.notify[1]",
    "is the same as access.notify[0]: both fail together",
  ),
  edit(
    "a number that is none",
    '"+15550100"',
    '"555 0100"',
    "access.notify[1].number",
    "is not a telephone number in E.164 form, such as +4915112345678",
  ),
  edit(
    "an address with a secret in it",
    '{ type: sms, number: "+15550100" }',
    '{ type: https, url: "https://user:secret@example.com/hook" }',
    "access.notify[1].url",
    "is not an https address without user, query or fragment",
  ),
  edit(
    "a perimeter around a unit that there is not",
    "units: [sandbox]",
    "units: [sandboxes]",
    "access.guardrails.perimeter.units[0]",
    '"sandboxes" is not among organizationalUnits; did you mean "sandbox"?',
  ),
  edit(
    "an exception without a reason",
    "units: [sandbox]",
    'units: [sandbox], exceptions: [{ account: "777777777777" }]',
    "access.guardrails.perimeter.exceptions[0].reason",
    "is missing",
  ),
  edit(
    "a hub in the management account",
    "access:\n",
    "access:\n  hub: management\n",
    "access.hub",
    '"management" can\'t be the hub: no guardrail covers the management account',
  ),
  edit(
    "a hub that there is not",
    "access:\n",
    "access:\n  hub: securty\n",
    "access.hub",
    '"securty" is not the name of an account; did you mean "security"?',
  ),
  text(
    "a door of no kind, with a user of no name",
    exampleText
      .replace("type: emergency-users", "type: { of: none }")
      .replace("name: emergency-2", "name: null"),
    "access.doors[1].type",
    "a mapping is not text",
  ),
  edit(
    "a cuts' policy that is no id",
    "cutPolicyId: p-a1b2c3d4e5",
    "cutPolicyId: acme-ir-cut",
    "organization.cutPolicyId",
    "is not a policy's id",
  ),
];

function aliasBomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const previous = String.fromCharCode(96 + level);
    const items = level === 0 ? '"x"' : Array.from({ length: 9 }, () => `*${previous}`).join(", ");
    return `${String.fromCharCode(97 + level)}: &${String.fromCharCode(97 + level)} [${items}]`;
  });
  return `${levels.join("\n")}\n`;
}
