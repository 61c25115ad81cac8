import { dollars, idleCost, sum } from "../cost/model";
import { prices } from "../landscape/prices";
import { exampleCost, forensicsCost } from "./support/cost-document";
import { exampleLandscape, resourcesOf, synthesized } from "./support/landscapes";

describe("what forensics and evidence cost", () => {
  it("is less than $40 a month for two regions with endpoints on demand, and below AWS's own orchestrator", () => {
    const lines = forensicsCost("on-demand");
    expect(sum(lines)).toBeLessThan(40);
    expect(new Set(lines.map(({ region }) => region))).toEqual(new Set(["eu-west-1", "us-east-1"]));
    expect(lines.filter(({ price }) => price === "endpointHour")).toEqual([]);
  });

  it("counts keys of evidence and custody, and every interface endpoint in two zones", () => {
    const { stack } = synthesized(exampleLandscape(["endpoints: on-demand", "endpoints: always"]));
    const keys = ["evidence-eu-west-1", "evidence-us-east-1", "custody"].flatMap((name) =>
      resourcesOf(stack(name), "aws_kms_key"),
    );
    const of = (price: string) => forensicsCost("always").filter((line) => line.price === price);
    const counted = (price: string) => of(price).reduce((total, { quantity }) => total + quantity, 0);
    expect(counted("kmsKey")).toBe(keys.length);
    const endpoints = resourcesOf(stack("forensic-endpoints-eu-west-1"), "aws_vpc_endpoint");
    expect(endpoints.length).toBeGreaterThan(5);
    expect(counted("endpointHour")).toBe(2 * endpoints.length * 2 * 730);
  });
});

describe("what logging and detection cost", () => {
  it("counts every key and alarm of the layer's stacks at its price", () => {
    const { stack } = synthesized(exampleLandscape());
    const keys = ["log-archive", "trail", "log-analytics", "sweep"].flatMap((name) =>
      resourcesOf(stack(name), "aws_kms_key"),
    );
    const priced = exampleCost().filter(({ price }) => price === "kmsKey");
    expect(priced.reduce((total, { quantity }) => total + quantity, 0)).toBe(keys.length);
    expect(sum(priced)).toBe(keys.length * prices.kmsKey.dollars["eu-west-1"]);
  });

  it("takes the price of the region, and us-east-1's where it has none", () => {
    const line = { what: "x", stack: "s", price: "kmsKey", quantity: 2, each: "organization" } as const;
    expect(dollars({ ...line, region: "eu-west-1" })).toBe(2);
    expect(dollars({ ...line, region: "ap-south-1" })).toBe(2);
  });

  it("grows with accounts by what is in each account, and not with the organization's part", () => {
    const lines = exampleCost();
    expect(lines.filter(({ each }) => each === "account").length).toBeGreaterThan(0);
    expect(sum(lines.filter(({ each }) => each === "account"))).toBeGreaterThan(0);
  });

  it("is less where less is deployed", () => {
    expect(idleCost({ stacks: [], rolesOfAccount: 10, sweepEvery: 6, regions: 2 })).toEqual([]);
  });

  it("names a source and a date for each price", () => {
    for (const { source, dated, dollars: by } of Object.values(prices)) {
      expect(source.length).toBeGreaterThan(10);
      expect(dated).toMatch(/^20\d\d-\d\d$/);
      for (const amount of Object.values(by)) expect(amount).toBeGreaterThan(0);
    }
  });
});
