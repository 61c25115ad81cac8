import type { WorkspaceFork } from "../workspace";
import { serveForks } from "./fork-server";

describe("the server of forks", () => {
  const made = { memory: Buffer.from("memory") } as unknown as WorkspaceFork;

  // Seen: a worker that had loaded tests for seconds asked again on a connection that the server had closed meanwhile.
  it("keeps no connection for another question", async () => {
    const { server, port } = await serveForks(() => Promise.resolve(made));
    try {
      const response = await fetch(`http://127.0.0.1:${port}/fork?owner=${process.pid}`);
      expect(response.headers.get("connection")).toBe("close");
      expect(await response.json()).toEqual({ memory: Buffer.from("memory").toString("base64") });
    } finally {
      server.close();
    }
  });

  it("says why there is none", async () => {
    const { server, port } = await serveForks((owner) => Promise.reject(new Error(`no fork for ${owner}`)));
    try {
      const response = await fetch(`http://127.0.0.1:${port}/fork?owner=7`);
      expect([response.status, await response.text()]).toEqual([500, "no fork for 7"]);
    } finally {
      server.close();
    }
  });
});
