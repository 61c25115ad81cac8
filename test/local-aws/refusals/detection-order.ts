import { ListDetectorsCommand } from "@aws-sdk/client-guardduty";
import { administratorOf, type DetectionService } from "../detection-state";
import type { FrontContext } from "../front";
import { storeOf } from "../gaps/routes";
import type { AwsCall } from "../protocol";
import { type Refusal, type Refused, refused } from "./refusal";

/** Calls that only the administrator may make, by service; of Security Hub, those of central configuration. */
const administrators: Readonly<Record<DetectionService, readonly RegExp[]>> = {
  guardduty: [/^(GET|POST) \/detector\/[^/]+\/admin$/],
  inspector2: [/^POST \/organizationconfiguration\/update$/],
  macie2: [/^(GET|PATCH) \/admin\/configuration$/],
  securityhub: [
    /^POST \/organization\/configuration$/,
    /^POST \/findingAggregator\/create$/,
    /^POST \/configurationPolicy/,
  ],
};

const isDetection = (service: string): service is DetectionService => service in administrators;

export const detectionAdministrator: Refusal = {
  id: "detection-administrator",
  because: "only the administrator named in that region configures a service for the organization",
  source:
    'provider issue 34765 (GuardDuty: "invalid or out-of-range value"), and the API references of Security Hub, Macie and ' +
    "Inspector: AccessDeniedException",
  inspect: async (call, context) => {
    if (!isDetection(call.service)) return undefined;
    const operation = `${call.method} ${call.path.replace(/\/$/, "")}`;
    if (!administrators[call.service].some((pattern) => pattern.test(operation))) return undefined;
    const { account } = await context.callers.of(call);
    if (administratorOf(call.service, call.region, context) === account) return undefined;
    return call.service === "guardduty"
      ? refused(
          400,
          "BadRequestException",
          "The request is rejected because an invalid or out-of-range value is specified as an input parameter.",
        )
      : refused(
          403,
          "AccessDeniedException",
          `Account ${account} is not the delegated administrator of ${call.service} in ${call.region}.`,
        );
  },
};

export const oneDetector: Refusal = {
  id: "guardduty-one-detector",
  because: "an account has one detector in a region",
  source: "provider issue 11780: BadRequestException: a detector already exists for the current account",
  inspect: async (call, context) => {
    if (call.service !== "guardduty" || call.method !== "POST" || !/^\/detector\/?$/.test(call.path)) {
      return undefined;
    }
    const { account } = await context.callers.of(call);
    const { DetectorIds = [] } = await context.accounts
      .guardDuty(account, call.region)
      .send(new ListDetectorsCommand({}));
    return DetectorIds.length === 0
      ? undefined
      : refused(
          400,
          "BadRequestException",
          "The request is rejected because a detector already exists for the current account.",
        );
  },
};

const inSecurityHub = (call: AwsCall, method: string, path: RegExp): boolean =>
  call.service === "securityhub" && call.method === method && path.test(call.path);

export const centralConfiguration: Refusal = {
  id: "securityhub-central-configuration",
  because: "central configuration wants aggregation first, and policies want central configuration",
  source: '"Enabling central configuration in Security Hub CSPM" (AWS Security Hub user guide)',
  inspect: async (call, context) => {
    if (inSecurityHub(call, "POST", /^\/organization\/configuration\/?$/))
      return beforeCentral(call, context);
    if (!inSecurityHub(call, "POST", /^\/configurationPolicy(Association)?\//)) return undefined;
    const { account } = await context.callers.of(call);
    const held = storeOf(context, "security-hub-organization", account, call.region).get("configuration");
    const type = (held?.OrganizationConfiguration as { ConfigurationType?: string } | undefined)
      ?.ConfigurationType;
    return type === "CENTRAL"
      ? undefined
      : refused(400, "InvalidAccessException", "Central configuration is not enabled for this organization.");
  },
};

async function beforeCentral(call: AwsCall, context: FrontContext): Promise<Refused | undefined> {
  const { account } = await context.callers.of(call);
  const wanted = call.parameters.OrganizationConfiguration as { ConfigurationType?: string } | undefined;
  if (wanted?.ConfigurationType !== "CENTRAL") return undefined;
  if (storeOf(context, "security-hub-aggregator", account, call.region).size === 0) {
    return refused(
      400,
      "InvalidInputException",
      "Central configuration requires a finding aggregator in the home Region.",
    );
  }
  const { AutoEnable, AutoEnableStandards } = call.parameters;
  return AutoEnable === true || AutoEnableStandards !== "NONE"
    ? refused(
        400,
        "InvalidInputException",
        "Auto Enable and AutoEnableStandards can not be enabled for Central Configuration",
      )
    : undefined;
}
