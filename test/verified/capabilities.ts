/**
 * How each capability is known to work. Each entry names the test that shows it; a column without one claims nothing.
 *
 * - static: the synthesized configuration says so.
 * - simulated: a policy simulator decides so on the synthesized documents.
 * - emulator: real Terraform applied it to the emulator, and the emulator's API says so.
 * - front: AWS's own refusal stands in the strict front, and a mutated kit meets it.
 * - aws: seen on AWS itself, with the date.
 */
export interface Capability {
  readonly capability: string;
  readonly static?: string;
  readonly simulated?: string;
  readonly emulator?: string;
  readonly front?: string;
  readonly aws?: string;
  /** What is not shown. */
  readonly open?: string;
}

const deployment = "test/e2e/organization/deploy.test.ts";
const deployed = "test/e2e/organization/deployed.test.ts";
const mutations = "test/e2e/organization/mutations.test.ts";

export const capabilities: readonly Capability[] = [
  {
    capability: "Units and accounts are made, tagged, protected from destruction; others are referenced",
    static: "test/stacks/organization.test.ts",
    emulator: deployment,
  },
  {
    capability:
      "Trusted access, RAM sharing, central root access and contacts are added; foreign entries stay",
    static: "test/stacks/organization.test.ts",
    emulator: deployment,
    open: "the front holds trusted access and the resource policy, and answers central root access",
  },
  {
    capability: "The security account administers Access Analyzer for the organization",
    static: "test/stacks/dependencies.test.ts",
    emulator: deployed,
    front: mutations,
  },
  {
    capability:
      "Log buckets are locked, versioned, private, encrypted; versions can't be deleted, nor the lock bypassed",
    static: "test/stacks/log-archive.test.ts",
    emulator: deployed,
    front: mutations,
    open: "compliance mode is planned only; an expiry was not waited for",
  },
  {
    capability: "Bucket policies refuse plaintext, old TLS and strangers, and let in the named services only",
    static: "test/stacks/log-archive.test.ts",
    simulated: "test/policies/logs.test.ts",
    emulator: deployed,
    front: mutations,
    open: "the emulator's endpoint is plain HTTP, so that plaintext is refused is simulated on the policy read back",
  },
  {
    capability: "Flow logs and DNS queries of every account of the organization reach their bucket and key",
    simulated: "test/policies/logs.test.ts",
    open: "whether log delivery carries aws:SourceOrgID to a KMS key is not documented; nothing is delivered yet",
  },
  {
    capability: "Key policies name each service and its conditions, and let nobody else decrypt",
    simulated: "test/policies/logs.test.ts",
    front: mutations,
    open: "conditions on the KMS encryption context are simulated under another key's name",
  },
  {
    capability: "Access logs of the log buckets are delivered",
    static: "test/stacks/log-archive.test.ts",
    emulator: deployed,
    front: mutations,
    open: "the front holds the setting; no log was delivered",
  },
  {
    capability: "One trail records every account and region, validated and encrypted",
    static: "test/stacks/trail.test.ts",
    emulator: deployed,
    front: mutations,
    open: "no event was recorded",
  },
  {
    capability:
      "GuardDuty, Inspector, Macie and Access Analyzer cover the organization in each region, by the landscape's plans",
    static: "test/stacks/detection.test.ts",
    emulator: "test/e2e/organization/detection.test.ts",
    front: mutations,
    open: "delegations, features, exports, organization configuration of GuardDuty and Macie, and Access Analyzer are the front's; nothing was detected",
  },
  {
    capability:
      "Security Hub is configured centrally; its findings come through one rule; giving up a region leaves the others",
    static: "test/stacks/detection.test.ts",
    emulator: "test/e2e/organization/detection.test.ts",
    front: mutations,
    open: "aggregation, central configuration, policies and automation rules are the front's; no finding came",
  },
  {
    capability:
      "Config records every account and watched region, by the baseline, and delivers to the log archive",
    static: "test/stacks/detection.test.ts",
    simulated: "test/policies/logs.test.ts",
    open: "the emulator's CloudFormation makes no recorder; that Config takes an alias as the key of its channel is AWS's documentation",
  },
  {
    capability:
      "Evidence is written by collectors, read by its readers, and neither deleted, shortened nor rewritten by anybody",
    static: "test/stacks/evidence.test.ts",
    simulated: "test/policies/evidence.test.ts",
    emulator: "test/e2e/organization/custody.test.ts",
    open: "that the lock holds is S3's; the emulator enforces no bucket policy on administrators, so that who is refused is simulated",
  },
  {
    capability:
      "Custody is signed by one function, and an edit, removal, insertion, other order or new chain is found, and where",
    static: "test/stacks/evidence.test.ts",
    simulated: "test/runtime/custody/custody.test.ts",
    emulator: "test/e2e/organization/custody.test.ts",
    open: "signatures are the emulator's KMS; conditional writes of two at once were tested on a bucket in memory",
  },
  {
    capability: "Networks for forensics let nothing out, and nothing in, but to endpoints that are named",
    static: "test/stacks/forensics.test.ts",
    emulator: "test/e2e/organization/forensics.test.ts",
    open: "the walk reads routes, network ACLs, groups, gateways and endpoints; that DNS Firewall answers no other name, and that endpoint policies let nobody else through, is static",
  },
  {
    capability: "What exists of detection and trails is taken over: nothing is made twice, replaced or lost",
    static: "test/adoption.test.ts",
    emulator: "test/e2e/adoption.test.ts",
    open: "detectors, a hub and a delegation were taken over by Terraform; trails, aggregators, Macie and analyzers in their import blocks only",
  },
  {
    capability: "One configuration of Resolver query logging a region is shared with the organization",
    static: "test/stacks/detection.test.ts",
    emulator: "test/e2e/organization/detection.test.ts",
    open: "associations of the share are the front's",
  },
  {
    capability:
      "48 saved questions answer exactly what was planted among 105,000 rows of ordinary life, from the SQL that Athena gets",
    static: "test/questions/sql.test.ts",
    simulated: "test/questions/questions.test.ts",
    open: "DuckDB ran them through a shim of six functions, and a grammar of Trino parsed them; Athena did not, nor was a file of AWS's own read",
  },
  {
    capability: "ir-kit query asks copied files, or Athena after an estimate of what it will read",
    static: "test/cli/query.test.ts",
    open: "the way by Athena was not run end to end: the emulator answers no query",
  },
  {
    capability: "Every VPC of every account and watched region is logged, and what can't be is told",
    static: "test/stacks/sweep.test.ts",
    simulated: "test/proofs/minimal.test.ts",
    emulator: "test/runtime/sweep/sweep.test.ts",
    front: "test/e2e/organization/sweep.test.ts",
    open: "a local interpreter ran the definition without its distribution; the front holds associations of query logs; nothing was delivered",
  },
  {
    capability: "ir-kit coverage says which questions can't be answered in which account and region, and why",
    static: "test/questions/coverage.test.ts",
    open: "that a key can't be used was not met",
  },
  {
    capability:
      "ir-kit review judges stacks, plans and what CloudFormation templates make, and says what nobody can tell before apply",
    static: "test/review/rules.test.ts",
    emulator: "test/e2e/review.test.ts",
    open: "the emulator only answers the provider while it plans; attributes inside templates are held against CloudFormation's schemas, and CloudFormation has not read one",
  },
  {
    capability: "ir-kit review --since says what access changed, whatever words policies say it in",
    static: "test/review/change.test.ts",
    simulated: "test/review/requests.test.ts",
    open: "keys of conditions are taken as independent, and AWS's own policies are not looked into; IAM Access Analyzer was not asked the same",
  },
  {
    capability: "A review's page runs nothing but its own script, asks for nothing, and can be used by keys",
    static: "test/review/page.test.ts",
    open: "in Chromium alone, and by axe-core's rules",
  },
  {
    capability: "Pipelines deploy nothing but what was reviewed",
    static: "test/review/pipelines.test.ts",
    open: "their steps ran with stand-ins for npm, git and cdktf; neither GitHub nor GitLab has run them",
  },
  {
    capability: "The baseline stands in every account and watched region, by StackSets or account by account",
    static: "test/stacks/baseline.test.ts",
    emulator: deployed,
    front: mutations,
    open: "auto-deployment to an account that joins later is configured, and the emulator does not do it",
  },
  {
    capability: "Only the hub's automation enters an account by the inventory role",
    static: "test/stacks/baseline.test.ts",
    simulated: "test/stacks/baseline.test.ts",
    emulator: "test/e2e/direct.test.ts",
    front: "test/e2e/direct.test.ts",
  },
  {
    capability:
      "Responders come in by Identity Center, SAML, IAM users or emergency users, with name, MFA and case",
    static: "test/stacks/guardrails.test.ts",
    simulated: "test/proofs/doors.test.ts",
    emulator: "test/e2e/organization/responders.test.ts",
    front: "test/e2e/organization/responders.test.ts",
    open: "end to end with an emergency user only; that Identity Center names sessions after users is not promised by AWS; the emulator's MFA devices have no clock",
  },
  {
    capability: "Each task's role does what walkthroughs need, and each of its statements is needed",
    simulated: "test/proofs/minimal.test.ts",
    emulator: "test/proofs/needed.test.ts",
    front: "test/proofs/needed.test.ts",
    open: "requests that AWS makes to KMS on the way are listed, not recorded; values of ec2:Attribute were not seen on AWS",
  },
  {
    capability:
      "702 escalations, deletions and reads stay denied to every role, with AdministratorAccess attached",
    static: "test/proofs/real.test.ts",
    simulated: "test/proofs/forbidden.test.ts",
  },
  {
    capability:
      "A member's or the security account's administrator becomes no exempt principal and undoes no quarantine",
    simulated: "test/proofs/becoming.test.ts",
    open: "the seconds that IAM takes to propagate are not simulated",
  },
  {
    capability: "Cuts by principal, time, session or user deny, expire, and never grant",
    simulated: "test/runtime/cuts.test.ts",
    emulator: "test/e2e/organization/responders.test.ts",
    open: "that Organizations' resource policy leads to one policy's ARN was not seen on AWS; nothing writes cuts yet but the tests",
  },
  {
    capability: "Guardrails fit the quotas, are attached, and who would be locked out is told beforehand",
    static: "test/stacks/guardrails.test.ts",
    simulated: "test/cli/access.test.ts",
    emulator: deployed,
    open: "the emulator enforces no service or resource control policy but on the kit's roles and on AssumeRole",
  },
  {
    capability:
      "A lost security account is sealed, and the hub is moved with the management account's credentials",
    simulated: "test/proofs/minimal.test.ts",
    emulator: "test/e2e/organization/rehoming.test.ts",
    front: "test/e2e/organization/rehoming.test.ts",
    open: "the front brings roles of updated StackSet instances up to date, which the emulator does not",
  },
  {
    capability:
      "A stolen key is contained with what was made of it, in every account, proven to be, and released to what was there",
    simulated: "test/runtime/respond/faults.test.ts",
    emulator: "test/runtime/respond/scenario.test.ts",
    front: "test/runtime/respond/scenario.test.ts",
    open: "CloudTrail's event history and IAM's policy simulator are the front's; how long IAM and CloudTrail lag is AWS's",
  },
  {
    capability:
      "One session of a role, all until now, or an Identity Center user's are ended, proven to be, and released",
    simulated: "test/runtime/cuts.test.ts",
    emulator: "test/runtime/respond/cut-sessions.test.ts",
    front: "test/runtime/respond/cut-sessions.test.ts",
    open: "no session of Identity Center was opened: that its user's are denied is simulated; how long Organizations takes is AWS's",
  },
  {
    capability: "The workflow that contains a principal ends as it should, whichever of its tasks breaks",
    simulated: "test/runtime/respond/workflow.test.ts",
    emulator: "test/e2e/organization/response.test.ts",
    front: "test/e2e/organization/response.test.ts",
    open: "a local interpreter ran the definition; the front ran each function's own archive as its role; Step Functions and Lambda did not",
  },
  {
    capability:
      "Functions keep a ledger of a case that several may write at once, and write cuts one at a time",
    emulator: "test/runtime/functions/table-ledger.test.ts",
    front: "test/e2e/organization/response.test.ts",
    open: "DynamoDB's own encryption calls under the key, and the session policies that narrow a step, were not evaluated",
  },
  {
    capability: "An attacker who races the responder is denied, or the verdict says NOT CONTAINED",
    emulator: "test/runtime/respond/race.test.ts",
    front: "test/runtime/respond/race.test.ts",
    open: "IAM on the emulator has no delay: the seconds in which AWS still decides by the earlier policies are not shown",
  },
  {
    capability: "Use and change of roles, sign-ins and guardrails raise an alarm by two channels",
    static: "test/stacks/guardrails.test.ts",
    emulator: deployed,
    open: "no event was delivered: the emulator records none; event patterns were not matched by EventBridge",
  },
  {
    capability:
      "Analysts' machines: hardened templates, tools pinned by checksum, disks read-only below the file system",
    static: "test/stacks/machines.test.ts",
    simulated: "test/policies/evidence.test.ts",
    emulator: "test/e2e/organization/forensics.test.ts",
    open: "user data ran on a loop device of the test's own machine, on Linux alone; no machine was started, no session opened, the rule of udev not tried; the script for Windows was not run",
  },
  {
    capability:
      "A group that lets nothing through stands in every VPC, and its owner can delete group and VPC; no open group stands",
    static: "test/proofs/minimal.test.ts",
    emulator: "test/runtime/sweep/isolation.test.ts",
    front: "test/runtime/sweep/life-cycle.test.ts",
    open: "whether DeleteVpc asks for the end of an association of query logging, of which AWS's page says nothing",
  },
  {
    capability: "Open and collect-only groups of a case are made from fixed rules, and removed with it",
    static: "test/proofs/minimal.test.ts",
    emulator: "test/runtime/isolation/groups.test.ts",
    open: "no command and no workflow puts one on an interface yet; whether putting on the open group makes flows untracked that are tracked already, on which AWS's own sources differ",
  },
  {
    capability:
      "Documents of collection run the tool that is pinned, and hand in by addresses of the case's prefix the bytes that these were signed for",
    static: "test/documents/collect.test.ts",
    emulator: deployed,
    open: "the scripts for Linux ran on the test's own machine, with a tool that reads no memory and a server that refuses, as S3 does, what an address was not signed for; those for Windows were not run; Systems Manager has not taken the documents, and AWS publishes no schema for them",
  },
  {
    capability:
      "What a case has preserved is opened on a machine of the kit's template, after that writes to no other disk, and closed",
    static: "test/runtime/respond/analysis.test.ts",
    simulated: "test/proofs/minimal.test.ts",
    emulator: "test/e2e/organization/analysis.test.ts",
    front: "test/local-aws/launch-templates.test.ts",
    open: "no machine was started: the test says for it that it has; launches by template, client tokens and what Session Manager knows are the front's; no session was opened; how EC2 sets ec2:IsLaunchTemplateResource for what a launch creates",
  },
  {
    capability: "A machine is preserved: protected, each volume copied by the way its key allows, signed for",
    static: "test/runtime/respond/preserve.test.ts",
    simulated: "test/proofs/minimal.test.ts",
    emulator: "test/e2e/organization/preserve.test.ts",
    front: "test/local-aws/snapshots.test.ts",
    open: "the emulator's snapshots are complete at once and hold nothing; copies between accounts, console screenshots and the refusal to share what is under the default key are the front's; how EBS uses keys after the call has returned",
  },
  {
    capability: "Bootstrap makes what is missing, writes ids with comments kept, and can be run again",
    static: "test/landscape/edit.test.ts",
    emulator: deployment,
  },
  {
    capability: "State moves into a bucket of its own",
    emulator: "test/e2e/direct.test.ts",
  },
  {
    capability: "Every stack can be planned before any is applied; a second plan shows no change",
    emulator: deployment,
  },
  {
    capability: "Synthesis gives the same bytes on any machine",
    static: "test/stacks/determinism.test.ts",
  },
  {
    capability: "In aws-us-gov and aws-cn no ARN names another partition",
    static: "test/stacks/scale-and-partitions.test.ts",
    open: "which spelling service principals have in aws-cn is disputed, EC2's above all",
  },
];
