import { userDataLimit } from "../../constructs/user-data";
import { LandscapeSchema } from "../../landscape/schema";
import { policyLimit } from "../../policies/tasks/task";
import { type QuotaId, quotaOf } from "../../quotas";
import { cutLimit } from "../../runtime/cuts/document";

const schema: unknown = JSON.parse(JSON.stringify(LandscapeSchema));

/** What the schema says at a path of keys. */
const inSchema = (...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((holder, key) => (holder as Readonly<Record<string, unknown>>)[key], schema);

const noise = ["properties", "detection", "properties", "securityHub", "properties", "noise"];

describe("a limit that is spelled elsewhere is that of the table", () => {
  it.each<readonly [string, unknown, QuotaId]>([
    ["size of the cuts", cutLimit, "control-policy-size"],
    ["size of user data", userDataLimit, "user-data"],
    ["size of a role's permissions", policyLimit, "managed-policy-size"],
    [
      "accounts of a kind of noise",
      inSchema(...noise, "items", "properties", "accounts", "maxItems"),
      "automation-criterion",
    ],
    [
      "address of a root user",
      inSchema(
        ...["properties", "members", "items", "properties", "create", "properties", "email", "maxLength"],
      ),
      "organizations:CreateAccount.Email",
    ],
  ])("%s", (_, spelled, id) => expect(spelled).toBe(quotaOf(id).limit));

  it("kinds of noise leave room for the kit's own rule", () => {
    expect(inSchema(...noise, "maxItems")).toBe(quotaOf("automation-rules").limit - 1);
  });

  it("tags of the landscape leave room for those of the kit", () => {
    expect(Number(inSchema("properties", "tags", "maxProperties"))).toBeLessThanOrEqual(
      quotaOf("tags-per-resource").limit - 5,
    );
  });
});
