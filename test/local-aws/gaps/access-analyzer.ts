import { restGap, stored } from "./routes";

export const accessAnalyzer = restGap({
  id: "access-analyzer",
  kind: "answered",
  service: "access-analyzer",
  resources: ["aws_accessanalyzer_analyzer"],
  because: "the emulator has no Access Analyzer",
  routes: {
    "PUT /analyzer": ({ body, store, account, call }) => {
      const name = String(body.analyzerName);
      const arn = `arn:aws:access-analyzer:${call.region}:${account}:analyzer/${name}`;
      const { analyzerName: _, clientToken: __, ...rest } = body;
      store.set(name, { ...rest, name, arn, status: "ACTIVE", createdAt: new Date().toISOString() });
      return { arn };
    },
    "GET /analyzer/{name}": ({ store, path }) => ({ analyzer: stored(store, path.name ?? "") }),
    "GET /analyzer": ({ store }) => ({ analyzers: [...store.values()] }),
    "DELETE /analyzer/{name}": ({ store, path }) => {
      stored(store, path.name ?? "");
      store.delete(path.name ?? "");
      return {};
    },
    "GET /tags/{arn+}": ({ store, path }) => ({
      tags: stored(store, path.arn?.split("/").pop() ?? "").tags ?? {},
    }),
    "POST /tags/{arn+}": ({ store, path, body }) => {
      const analyzer = stored(store, path.arn?.split("/").pop() ?? "");
      analyzer.tags = { ...(analyzer.tags as object), ...(body.tags as object) };
      return {};
    },
  },
});
