import { AccessanalyzerAnalyzer } from "@cdktf/provider-aws/lib/accessanalyzer-analyzer";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { DataAwsGuarddutyDetector } from "@cdktf/provider-aws/lib/data-aws-guardduty-detector";
import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { GuarddutyPublishingDestination } from "@cdktf/provider-aws/lib/guardduty-publishing-destination";
import { Inspector2OrganizationConfiguration } from "@cdktf/provider-aws/lib/inspector2-organization-configuration";
import { Macie2OrganizationConfiguration } from "@cdktf/provider-aws/lib/macie2-organization-configuration";
import type { Construct } from "constructs";
import { CentralSecurityHub, type Checks } from "../constructs/central-security-hub";
import { OrganizationDetectors } from "../constructs/guard-duty";
import { KitStack } from "../constructs/kit-stack";
import { SharedQueryLog } from "../constructs/shared-query-log";
import { SuppressedGroupFindings } from "../constructs/suppressed-group-findings";
import { literalJson } from "../constructs/terraform-text";
import { WhenApplied } from "../constructs/when-applied";
import {
  alarmBusArn,
  bucketArn,
  keyAliasArn,
  organizationArn,
  roleArn,
  standardArn,
} from "../landscape/arns";
import type { Detection, Landscape } from "../landscape/model";
import {
  type AnalyzerKind,
  accountId,
  analyzerName,
  findingsRuleName,
  queryLogName,
  securityHubPolicyName,
} from "../landscape/names";
import { type FindingFormat, findingFormats } from "../policies/findings";

/** What looks for attacks and weaknesses in a region, for every account, administered by the security account. */
export class DetectionStack extends KitStack {
  /** What is read below stands only once other stacks are deployed: so it is read when this one is applied. */
  private readonly whenApplied = new WhenApplied(this);

  constructor(
    scope: Construct,
    private readonly name: string,
    landscape: Landscape,
    region: string,
  ) {
    super(scope, name, { landscape, account: landscape.accounts.security, region });
    const { detection, logging } = landscape;
    if (logging.owner === "kit") this.shareQueryLog();
    if (detection) this.detect(detection);
    if (landscape.access) for (const format of findingFormats) this.forwardFindings(format);
  }

  private get isHome(): boolean {
    return this.region === this.landscape.homeRegion;
  }

  private detect({ guardDuty, inspector, macie, accessAnalyzer, securityHub }: Detection): void {
    if (guardDuty) this.watch(guardDuty);
    if (inspector) this.scan(inspector);
    if (macie) this.classify();
    if (accessAnalyzer) this.analyzeAccess(accessAnalyzer);
    if (securityHub && this.isHome) this.collectFindings(securityHub);
    if (securityHub && this.landscape.access) {
      new SuppressedGroupFindings(this, "own-findings", { ruleOrder: securityHub.noise.length + 1 });
    }
  }

  /** GuardDuty takes the ARN of a key, which is known once it was made, in the home region (ADR 18). */
  private findingsKeyArn(): string {
    const key = new DataAwsKmsKey(this, "findings-key", {
      keyId: keyAliasArn(this.landscape, "findings"),
      ...(!this.isHome && { provider: this.connect(this.name, "home") }),
      dependsOn: [this.whenApplied],
    });
    return key.arn;
  }

  private watch({ plans }: NonNullable<Detection["guardDuty"]>): void {
    const detector = new DataAwsGuarddutyDetector(this, "detector", { dependsOn: [this.whenApplied] });
    new OrganizationDetectors(this, "guardduty", detector.id, plans);
    if (this.landscape.logging.owner !== "kit") return;
    new GuarddutyPublishingDestination(this, "guardduty-export", {
      detectorId: detector.id,
      destinationArn: bucketArn(this.landscape, "findings"),
      kmsKeyArn: this.findingsKeyArn(),
    });
  }

  private scan({ scans }: NonNullable<Detection["inspector"]>): void {
    new Inspector2OrganizationConfiguration(this, "inspector", {
      autoEnable: {
        ec2: scans.includes("ec2"),
        ecr: scans.includes("ecr"),
        lambda: scans.includes("lambda"),
        lambdaCode: scans.includes("lambdaCode"),
      },
    });
  }

  /**
   * Accounts to come; the sweep adds those that are there. Results stay in Macie for 90 days: it can't write into a
   * bucket with default retention ("Storing and retaining sensitive data discovery results", Amazon Macie user guide).
   */
  private classify(): void {
    new Macie2OrganizationConfiguration(this, "macie", { autoEnable: true });
  }

  /** Unused access is of IAM, which is the same in every region: one analyzer tells it. */
  private analyzeAccess({ unusedAccessDays }: NonNullable<Detection["accessAnalyzer"]>): void {
    this.createAnalyzer("external-access", "ORGANIZATION");
    if (this.isHome && unusedAccessDays !== undefined) {
      this.createAnalyzer("unused-access", "ORGANIZATION_UNUSED_ACCESS", unusedAccessDays);
    }
  }

  private createAnalyzer(kind: AnalyzerKind, type: string, unusedAccessAge?: number): void {
    new AccessanalyzerAnalyzer(this, kind, {
      analyzerName: analyzerName(this.landscape, kind),
      type,
      ...(unusedAccessAge !== undefined && { configuration: { unusedAccess: { unusedAccessAge } } }),
    });
  }

  private collectFindings({ standards, units, noise }: NonNullable<Detection["securityHub"]>): void {
    const { landscape } = this;
    const arns = (names: typeof standards) => names.map((standard) => standardArn(landscape, standard));
    const everywhere: Checks = {
      id: "organization",
      name: securityHubPolicyName(landscape),
      description: "Standards for every account that no other policy names",
      targetId: landscape.organization.rootId ?? "",
      standardArns: arns(standards),
    };
    const ofUnits = units.map(
      ({ unit, standards: own }): Checks => ({
        id: unit.path.replace(/[^A-Za-z0-9]+/g, "-"),
        name: securityHubPolicyName(landscape, unit.path),
        description: `Standards for accounts of ${unit.path}`,
        targetId: unit.id ?? "",
        standardArns: arns(own),
      }),
    );
    new CentralSecurityHub(this, "security-hub", {
      linkedRegions: landscape.regions.filter((region) => region !== landscape.homeRegion),
      checks: [everywhere, ...ofUnits],
      noise,
      recordersRole: landscape.detection?.config ? "own" : "service-linked",
    });
  }

  /**
   * Findings of every account come up in the account of their administrator, whoever has made it that: a rule where none
   * come up costs nothing. What an aggregator of the kit brings home is not forwarded twice.
   */
  private forwardFindings({ suffix, description, forwarded, aggregated }: FindingFormat): void {
    const { landscape } = this;
    if (aggregated && !this.isHome && landscape.detection?.securityHub) return;
    const rule = new CloudwatchEventRule(this, `findings${suffix}-rule`, {
      name: `${findingsRuleName(landscape)}${suffix}`,
      description: `${description}, on its way to the hub`,
      eventPattern: literalJson(forwarded),
    });
    new CloudwatchEventTarget(this, `findings${suffix}-target`, {
      rule: rule.name,
      targetId: "hub",
      arn: alarmBusArn(landscape, accountId(landscape.hub)),
      roleArn: roleArn(landscape, "forwarder", accountId(this.account)),
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
    });
  }

  /** Its files name no region, so that each region has a folder of its own. */
  private shareQueryLog(): void {
    new SharedQueryLog(this, "query-log", {
      name: queryLogName(this.landscape),
      destinationArn: `${bucketArn(this.landscape, "dns-queries")}/${this.region}`,
      organizationArn: organizationArn(this.landscape),
    });
  }
}
