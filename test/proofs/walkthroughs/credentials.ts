import {
  DeleteLoginProfileCommand,
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import {
  DescribeSecretCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetAccessKeyInfoCommand, STSClient } from "@aws-sdk/client-sts";
import { cutFunctionArn } from "../../../landscape/arns";
import { planRelease, release } from "../../../runtime/changes/release";
import { cutsBy } from "../../../runtime/cuts/invoke";
import { utc } from "../../../runtime/shared/clock";
import { run } from "../../../runtime/shared/step";
import { identifyPrincipal } from "../../../runtime/steps/identify-principal";
import { verifyContainment } from "../../../runtime/steps/verify-containment";
import { containPrincipal, factsOf } from "../../../runtime/workflows/contain-principal";
import { responseSetting } from "../../support/response-setting";
import { orNone, type Stage, type Walkthrough } from "./walkthrough";

const where = { task: "credentials", account: "payments-prod" } as const;

const denyAll = (account: string) => `arn:aws:iam::${account}:policy/acme-ir/acme-ir-quarantine-deny-all`;

/** The very steps that `ir-kit respond` runs; every kind of credential that can be switched off is there. */
const respond =
  (principal: (stage: Stage) => string): Walkthrough["steps"] =>
  async (settings, stage) => {
    const setting = responseSetting(stage.organization.landscape, settings);
    const { principal: found } = await run(setting, identifyPrincipal, { arn: principal(stage) });
    await factsOf(setting, found, new Date(Date.now() - 3_600_000));
    const { contained } = await containPrincipal(setting, found);
    await run(setting, verifyContainment, { principal: found, contained });
    await release(
      setting,
      await planRelease(setting, { reactivate: [], acceptLiveSessions: true }),
      () => undefined,
    );
  };

const containedUser: Walkthrough = {
  ...where,
  title: "a user contained with every credential that it holds, proven to be, and released",
  steps: respond(({ account, resources: { user } }) => `arn:aws:iam::${account}:user/${user}`),
};

const containedRole: Walkthrough = {
  ...where,
  title: "a role contained, proven to be, and released",
  steps: respond(({ account, resources: { role } }) => `arn:aws:iam::${account}:role/${role}`),
};

const ownerOfKey: Walkthrough = {
  ...where,
  title: "whose a leaked key is",
  steps: async (settings, { resources: { userKey } }) => {
    await new IAMClient(settings).send(new GetAccessKeyLastUsedCommand({ AccessKeyId: userKey }));
  },
};

const accountOfKey: Walkthrough = {
  task: "credentials",
  account: "security",
  title: "in which account a leaked key is",
  steps: async (settings, { resources: { userKey } }) => {
    await new STSClient(settings).send(new GetAccessKeyInfoCommand({ AccessKeyId: userKey }));
  },
};

const consoleAccess: Walkthrough = {
  ...where,
  title: "a user's console password removed",
  steps: async (settings, { resources: { user } }) => {
    const iam = new IAMClient(settings);
    await iam.send(new GetLoginProfileCommand({ UserName: user }));
    await iam.send(new DeleteLoginProfileCommand({ UserName: user }));
  },
};

const fullUser: Walkthrough = {
  ...where,
  title: "a user and a role whose policies are full, quarantined by the boundary",
  steps: async (settings, { resources: { user, role }, account }) => {
    const iam = new IAMClient(settings);
    await iam.send(
      new PutUserPermissionsBoundaryCommand({ UserName: user, PermissionsBoundary: denyAll(account) }),
    );
    await iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: role, PermissionsBoundary: denyAll(account) }),
    );
  },
};

const readSecret: Walkthrough = {
  ...where,
  title: "a secret that was read gets a new value, by the rotation that it has",
  steps: async (settings, { resources: { secret } }) => {
    const secrets = new SecretsManagerClient(settings);
    await secrets.send(new ListSecretsCommand({}));
    await secrets.send(new DescribeSecretCommand({ SecretId: secret }));
    await orNone(secrets.send(new RotateSecretCommand({ SecretId: secret })));
  },
};

const sessionsCut: Walkthrough = {
  ...where,
  account: "security",
  title: "one session ended by the writer of cuts, and the cut lifted again",
  steps: async (settings, { organization: { landscape } }) => {
    const cuts = cutsBy(new LambdaClient(settings), cutFunctionArn(landscape), {
      case: "CASE-1",
      actor: "emergency-1",
    });
    const expires = utc(new Date(Date.now() + 3_600_000));
    const cut = { kind: "session", userId: "AROAEXAMPLEEXAMPLE12:stolen", expires } as const;
    await cuts({ add: [cut] });
    await cuts({ lift: [cut] });
  },
};

export const credentialsWalkthroughs = [
  sessionsCut,
  accountOfKey,
  ownerOfKey,
  containedUser,
  containedRole,
  consoleAccess,
  fullUser,
  readSecret,
];
