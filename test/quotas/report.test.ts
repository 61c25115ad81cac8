import { quotaOf, quotas } from "../../quotas";
import type { Reading } from "../../quotas/reading";
import { worstFirst } from "../../quotas/readings";
import { limitsData, limitsTable } from "../../quotas/report";

const readings: readonly Reading[] = [
  { quota: quotaOf("bucket-name"), where: "somewhere", used: 21 },
  { quota: quotaOf("bucket-name"), where: "elsewhere", used: 42 },
  { quota: quotaOf("template-size"), where: `far: ${"away/".repeat(40)}`, used: 51_200 },
  { quota: quotaOf("trust-policy-size"), where: "broken", used: 2_049 },
  {
    quota: quotaOf("glue:CreateTable.TableInput.StorageDescriptor.Columns[].Comment"),
    where: "long",
    used: 1,
    misfit: "does not match …",
  },
];

describe("npm run limits", () => {
  const worst = worstFirst(readings);

  it("tells of each quota once, where it is used most, and the worst first", () => {
    expect(worst.map(({ where }) => where.slice(0, 9))).toEqual(["broken", "long", "far: away", "elsewhere"]);
  });

  it("fits 80 columns", () => {
    const lines = limitsTable(worst, 9).split("\n");
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    expect(lines.join("\n")).toContain("  -1%    2,049    2,048  IAM: size of the trust policy of a role");
    expect(lines.join("\n")).toContain("2 of 4 quotas exceeded");
    expect(limitsTable(worst, 2)).toContain("2 more with --all");
  });

  it("gives the same as JSON, with sources", () => {
    expect(limitsData(worst)[0]).toMatchObject({
      id: "trust-policy-size",
      used: 2_049,
      limit: 2_048,
      exceeded: true,
      source: { url: expect.stringMatching(/^https:/) },
    });
  });
});

describe("the table of quotas", () => {
  it.each([...quotas.values()].map((quota) => [quota.id, quota] as const))("%s has a source", (_, quota) => {
    expect(quota.source.url).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com\/(aws|boto))\//);
    expect(quota.source.title.length).toBeGreaterThan(5);
    expect(quota.limit).toBeGreaterThan(0);
    // Whoever has it from others says what they say.
    if (quota.certainty === "second-hand") expect(quota.note).toMatch(/.{15}/);
  });

  it.each([
    ["managed-policy-size", "iam:CreatePolicy.PolicyDocument"],
    ["trust-policy-size", "iam:CreateRole.AssumeRolePolicyDocument"],
    ["permission-set-inline-policy", "sso-admin:PutInlinePolicyToPermissionSet.InlinePolicy"],
    ["key-policy", "kms:CreateKey.Policy"],
  ] as const)("%s is within what AWS's model of the API takes", (id, published) => {
    expect(quotaOf(id).limit).toBeLessThanOrEqual(quotaOf(published).limit);
  });
});
