import { restGap } from "./routes";

export const macieOrganization = restGap({
  id: "macie-organization",
  kind: "answered",
  service: "macie2",
  resources: ["aws_macie2_organization_configuration"],
  because: "the emulator has no organization configuration of Macie",
  routes: {
    "PATCH /admin/configuration": ({ store, body }) => {
      store.set("configuration", { autoEnable: body.autoEnable });
      return {};
    },
    "GET /admin/configuration": ({ store }) => ({
      autoEnable: false,
      maxAccountLimitReached: false,
      ...store.get("configuration"),
    }),
  },
});
