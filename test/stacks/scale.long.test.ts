import { exampleWith, landscapeOf, type StackJson, synthesized } from "../support/landscapes";

/** The regions that every account has without opting in. */
const regions = [
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
  ...["ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"],
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
];
const members = Array.from({ length: 40 }, (_, index) => String(800_000_000_000 + index));

const placeOf = ({ provider: { aws } }: StackJson): string => {
  const [{ region, allowed_account_ids: accounts } = {}] = aws;
  return `${String((accounts as readonly string[] | undefined)?.[0])} ${String(region)}`;
};

describe("an organization in every region that is on by default", () => {
  it("has, without StackSets, one baseline for each account and region, each in its own place", () => {
    const lines = members.map((id, index) => `  - { name: member-${index}, id: "${id}", ou: sandbox }\n`);
    const { texts, stack } = synthesized(
      landscapeOf(
        exampleWith(
          ["regions: [eu-west-1, us-east-1]", `regions: [${regions.join(", ")}]`],
          ["distribution: stackset", "distribution: direct"],
          ["securityContact:", `${lines.join("")}\nsecurityContact:`],
        ),
      ),
    );
    const regional = [...texts.keys()].filter((name) => /^baseline-.*-[a-z]+-[a-z]+-\d$/.test(name));
    const places = regional.map((name) => placeOf(stack(name)));
    expect(new Set(places).size).toBe(places.length);
    expect(places).toEqual(
      expect.arrayContaining(members.flatMap((id) => regions.map((region) => `${id} ${region}`))),
    );
    for (const text of texts.values()) expect(text.length).toBeLessThan(2 ** 20);
  });
});
