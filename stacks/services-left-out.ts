import type { Detection, Landscape } from "../landscape/model";

/** Recorders of Config are a part of the baseline, and no service of their own here. */
export type DetectionService = Exclude<keyof Detection, "config">;

/** Resources of each service, by the provider's names. */
const types: Readonly<Record<DetectionService, RegExp>> = {
  guardDuty: /^aws_guardduty_/,
  securityHub: /^aws_securityhub_/,
  inspector: /^aws_inspector2_/,
  macie: /^aws_macie2_/,
  accessAnalyzer: /^aws_accessanalyzer_/,
};

export const detectionServices = Object.keys(types) as DetectionService[];

/** Whether an address is of what switches on or configures a service of `detection`. */
export const isOfService = (address: string): boolean =>
  detectionServices.some((service) => types[service].test(address));

/** Whether an address is of a service that the landscape leaves out: it goes on as it is, since accounts rely on it. */
export const isLeftOut = ({ detection }: Landscape, service: DetectionService, address: string): boolean =>
  !detection?.[service] && types[service].test(address);

/** The same, of whichever service. */
export const isOfServiceLeftOut = (landscape: Landscape, address: string): boolean =>
  detectionServices.some((service) => isLeftOut(landscape, service, address));
