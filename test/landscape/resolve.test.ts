import { bucketName, logKinds } from "../../landscape/names";
import { partitions } from "../../landscape/partitions";
import { exampleLandscape, exampleWith, landscapeOf } from "../support/landscapes";

describe("a resolved landscape", () => {
  it("fills what is left out", () => {
    const landscape = landscapeOf(
      `organization: { name: acme }
homeRegion: eu-west-1
regions: [us-east-1, eu-west-1]
accounts:
  management: { id: "111111111111" }
  security: { create: { email: security@example.com }, ou: security }
organizationalUnits: [{ path: security }]
`,
    );
    expect(landscape).toMatchObject({
      landingZone: "none",
      regions: ["eu-west-1", "us-east-1"],
      distribution: "stackset",
      deployRole: "OrganizationAccountAccessRole",
      backend: { type: "local", directory: "state" },
      logging: {
        owner: "kit",
        retentionDays: 365,
        lock: "governance",
        lockDays: 365,
        archiveAfterDays: 90,
        dataEvents: [],
        networkEvents: [],
        insights: [],
      },
      organizationalUnits: [{ path: "security", created: true }],
    });
    expect(landscape.accounts.logArchive).toBe(landscape.accounts.security);
    expect(landscape.accounts.forensics).toBe(landscape.accounts.security);
  });

  it("gives an account the environment of the nearest unit above it", () => {
    const text = exampleWith(
      ["id: ou-ab12-prod00001, environment: production", "id: ou-ab12-prod00001"],
      ["id: ou-ab12-workload1 }", "id: ou-ab12-workload1, environment: staging }"],
    );
    expect(landscapeOf(text).members.map(({ environment }) => environment)).toEqual([
      "staging",
      "development",
      "sandbox",
    ]);
  });

  it("leaves the trail to a landing zone that has one", () => {
    const landscape = exampleLandscape(
      ["landingZone: none", "landingZone: control-tower"],
      ["  owner: kit", "  owner: existing"],
      ["  retentionDays: 365\n", ""],
      ["  lock: governance", "  # "],
      ["  dataEvents: [s3-write]\n", ""],
      ["  config: kit", "  config: existing"],
    );
    expect(landscape.logging.owner).toBe("existing");
    expect(landscape.deployRole).toBe("AWSControlTowerExecution");
  });

  it("makes bucket names that S3 allows, for the longest organization and region", () => {
    const longest = Object.values(partitions)
      .flatMap(({ regions }) => regions.map(({ name }) => name))
      .sort((a, b) => b.length - a.length)[0];
    const landscape = exampleLandscape(
      ["name: acme #", "name: abcdefghij-klmno #"],
      ["homeRegion: eu-west-1", `homeRegion: ${longest}`],
      ["[eu-west-1, us-east-1]", `[${longest}]`],
    );
    for (const kind of [...logKinds, "access-logs" as const]) {
      const name = bucketName(landscape, kind);
      expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    }
  });
});
