import { sharedConfigurations } from "./resolver-sharing";
import { type RouteRequest, restGap } from "./routes";

export const ramPermissions = restGap({
  id: "ram-permissions",
  kind: "answered",
  service: "ram",
  resources: ["aws_ram_resource_share"],
  because: "the emulator does not list the permissions of a share",
  routes: { "POST /listresourcesharepermissions": () => ({ permissions: [] }) },
});

interface Association {
  readonly resourceShareArn: string;
  readonly associatedEntity: string;
  readonly associationType: "PRINCIPAL" | "RESOURCE";
  readonly status: "ASSOCIATED";
  readonly external: boolean;
}

const entities = (
  body: Record<string, unknown>,
): Pick<Association, "associatedEntity" | "associationType">[] => [
  ...((body.principals ?? []) as string[]).map((associatedEntity) => ({
    associatedEntity,
    associationType: "PRINCIPAL" as const,
  })),
  ...((body.resourceArns ?? []) as string[]).map((associatedEntity) => ({
    associatedEntity,
    associationType: "RESOURCE" as const,
  })),
];

const associations = (body: Record<string, unknown>): Association[] =>
  entities(body).map((entity) => ({
    ...entity,
    resourceShareArn: String(body.resourceShareArn),
    status: "ASSOCIATED",
    external: false,
  }));

const key = ({ resourceShareArn, associationType, associatedEntity }: Association) =>
  `${resourceShareArn} ${associationType} ${associatedEntity}`;

export const ramAssociations = restGap({
  id: "ram-associations",
  kind: "answered",
  service: "ram",
  resources: ["aws_ram_resource_association", "aws_ram_principal_association"],
  because: "the emulator can't add to a share what it did not begin with",
  routes: {
    "POST /associateresourceshare": ({ store, body, context, call, account }) => {
      const added = associations(body);
      for (const { associatedEntity } of added) {
        if (associatedEntity.includes(":resolver-query-log-config/"))
          sharedConfigurations(context, call.region).set(associatedEntity, account);
      }
      for (const association of added) store.set(key(association), { ...association });
      return { resourceShareAssociations: added };
    },
    "POST /disassociateresourceshare": ({ store, body, context, call }) => {
      const removed = associations(body);
      for (const { associatedEntity } of removed)
        sharedConfigurations(context, call.region).delete(associatedEntity);
      for (const association of removed) store.delete(key(association));
      return { resourceShareAssociations: removed.map((one) => ({ ...one, status: "DISASSOCIATED" })) };
    },
    "POST /getresourceshareassociations": ({ store, body }) => {
      const shares = body.resourceShareArns as string[] | undefined;
      const wanted = (association: Record<string, unknown>) =>
        association.associationType === body.associationType &&
        (shares === undefined || shares.includes(String(association.resourceShareArn))) &&
        (body.principal === undefined || association.associatedEntity === body.principal) &&
        (body.resourceArn === undefined || association.associatedEntity === body.resourceArn);
      return { resourceShareAssociations: [...store.values()].filter(wanted) };
    },
  },
});

interface Share {
  readonly resourceShareArn: string;
  readonly tags?: unknown;
}

/** What the emulator answers to the call itself. */
async function emulated<T>({ call, context }: RouteRequest): Promise<T | undefined> {
  const { status, body } = await context.forward(call);
  return status === 200 ? (JSON.parse(body.toString()) as T) : undefined;
}

export const ramShareTags = restGap({
  id: "ram-share-tags",
  kind: "completed",
  service: "ram",
  resources: ["aws_ram_resource_share"],
  because: "the emulator forgets the tags of a share, and answers with all of them when asked for one",
  routes: {
    "POST /createresourceshare": async (request) => {
      const answer = await emulated<{ resourceShare: Share }>(request);
      const tags = request.body.tags;
      if (answer && tags) request.store.set(answer.resourceShare.resourceShareArn, { tags });
      return answer && { resourceShare: { ...answer.resourceShare, tags } };
    },
    "POST /getresourceshares": async (request) => {
      const answer = await emulated<{ resourceShares: Share[] }>(request);
      const tagged = (share: Share) => ({ ...share, ...request.store.get(share.resourceShareArn) });
      const wanted = request.body.resourceShareArns as string[] | undefined;
      const asked = (share: Share) => wanted === undefined || wanted.includes(share.resourceShareArn);
      return answer && { ...answer, resourceShares: answer.resourceShares.filter(asked).map(tagged) };
    },
  },
});
