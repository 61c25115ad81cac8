import { restGap, stored } from "./routes";

interface Feature {
  readonly name: string;
}

/** Features of an organization by name: an update names only those that change. */
export function merged(present: unknown, changed: unknown): Feature[] {
  const features = new Map<string, Feature>();
  for (const feature of [...((present as Feature[]) ?? []), ...((changed as Feature[]) ?? [])]) {
    features.set(feature.name, feature);
  }
  return [...features.values()];
}

export const guarddutyOrganization = restGap({
  id: "guardduty-organization",
  kind: "answered",
  service: "guardduty",
  resources: ["aws_guardduty_organization_configuration", "aws_guardduty_organization_configuration_feature"],
  because: "the emulator has no organization configuration of GuardDuty",
  routes: {
    "POST /detector/{id}/admin": ({ store, path, body }) => {
      const present = store.get(path.id ?? "") ?? {};
      const { clientToken: _, ...changes } = body;
      const features = merged(present.features, body.features);
      store.set(path.id ?? "", { ...present, ...changes, features });
      return {};
    },
    "GET /detector/{id}/admin": ({ store, path }) => {
      const configuration = {
        autoEnableOrganizationMembers: "NONE",
        features: [],
        ...store.get(path.id ?? ""),
      };
      // The older field follows the newer one.
      const autoEnable = configuration.autoEnableOrganizationMembers !== "NONE";
      return { ...configuration, autoEnable, memberAccountLimitReached: false };
    },
  },
});

let destinations = 0;

export const guarddutyPublishingDestination = restGap({
  id: "guardduty-publishing-destination",
  kind: "answered",
  service: "guardduty",
  resources: ["aws_guardduty_publishing_destination"],
  because: "the emulator has no export of findings",
  routes: {
    "POST /detector/{id}/publishingDestination": ({ store, body }) => {
      destinations += 1;
      const destinationId = destinations.toString(16).padStart(32, "0");
      const { clientToken: _, ...rest } = body;
      store.set(destinationId, {
        ...rest,
        destinationId,
        status: "PUBLISHING",
        publishingFailureStartTimestamp: 0,
      });
      return { destinationId };
    },
    "GET /detector/{id}/publishingDestination/{destination}": ({ store, path }) =>
      stored(store, path.destination ?? ""),
    "POST /detector/{id}/publishingDestination/{destination}": ({ store, path, body }) => {
      Object.assign(stored(store, path.destination ?? ""), body);
      return {};
    },
    "GET /detector/{id}/publishingDestination": ({ store }) => ({ destinations: [...store.values()] }),
    "DELETE /detector/{id}/publishingDestination/{destination}": ({ store, path }) => {
      store.delete(path.destination ?? "");
      return {};
    },
  },
});
