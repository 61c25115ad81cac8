/** The organization whose logs the tests make. */
export const organizationId = "o-a1b2c3d4e5";
export const accounts = [
  "111111111111",
  "222222222222",
  "333333333333",
  "444444444444",
  "555555555555",
  "666666666666",
] as const;
export const production = "555555555555";
export const development = "666666666666";
export const management = "111111111111";
export const regions = ["eu-west-1", "us-east-1"] as const;
/** Days of ordinary life, the attack's among them. */
export const days = Array.from({ length: 20 }, (_, index) => `2026-11-${String(index + 1).padStart(2, "0")}`);
export const vpcOf = (account: string): string => `vpc-${account.slice(-8)}`;
