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

/** The service of `detection` that a resource switches on or configures, by the address of the resource. */
export const serviceOf = (address: string): DetectionService | undefined =>
  detectionServices.find((service) => types[service].test(address));

/** Whether a resource is of a service that the landscape leaves out: it goes on as it is, since accounts rely on it. */
export function isLeftOut({ detection }: Landscape, address: string): boolean {
  const service = serviceOf(address);
  return service !== undefined && !detection?.[service];
}
