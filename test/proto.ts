import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { localEnvironment } from "./local-aws/environment";
import { startLocalAws } from "./local-aws/local-aws";
import { withoutIds } from "./local-aws/local-landscape";
(async () => {
  const front = await startLocalAws({ managementAccount: "111111111111", port: 4599, observe: (c, a) => { if (a.status >= 400) console.error(a.status, c.service, c.operation, String(a.body).slice(0, 300)); if (process.env.TRACE) console.error(c.service, c.region, c.operation, a.status); },
    control: async (p, f) => { if (p === "stop") setTimeout(() => f.stop().then(() => process.exit(0)), 10); if (p === "reset") await f.reset(); return { status: 200, headers: {}, body: JSON.stringify(f.counts(), null, 1) }; } });
  mkdirSync(".local-aws", { recursive: true });
  writeFileSync(".local-aws/landscape.yaml", withoutIds(readFileSync("config/landscape.yaml", "utf8"), ".local-aws/state"));
  const env = localEnvironment(front.port, "eu-west-1", process.cwd() + "/.local-aws");
  writeFileSync(".local-aws/env.sh", Object.entries(env).map(([k, v]) => `export ${k}='${v}'`).join("\n") + "\nexport IR_KIT_CONFIG=.local-aws/landscape.yaml CI=1 AWS_CA_BUNDLE=\n");
  console.log("up");
})();
