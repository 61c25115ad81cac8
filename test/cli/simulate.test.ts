import { type Question, simulate } from "../../cli/access/simulate";

const question: Question = {
  principal: "arn:aws:iam::111111111111:role/app",
  action: "sqs:SendMessage",
  resource: "arn:aws:sqs:eu-west-1:111111111111:orders",
  account: "111111111111",
};
const ofIdentity = { Statement: [{ Sid: "Send", Effect: "Allow", Action: "sqs:*", Resource: "*" }] };

describe("a document about which the simulator is asked", () => {
  it("decides each question by itself, the first as the next", async () => {
    const asked = { ...question, identityPolicies: [ofIdentity] };
    for (const _ of [1, 2]) {
      expect(await simulate(asked)).toMatchObject({ verdict: "allowed", because: ["Send"] });
      expect(await simulate({ ...asked, action: "sqs:ListQueues", resource: "*" })).toMatchObject({
        verdict: "allowed",
      });
    }
  });

  it("that is valid as an identity's policy is still refused as the organization's of resources, which names whom it binds", async () => {
    await simulate({ ...question, identityPolicies: [ofIdentity] });
    await expect(simulate({ ...question, resourceControlPolicies: [[ofIdentity]] })).rejects.toThrow(
      /the simulator refuses sqs:SendMessage on .*Principal/,
    );
  });

  it("that is not valid is refused each time", async () => {
    const wrong = { Statement: [{ Effect: "Permit", Action: "sqs:*", Resource: "*" }] };
    for (const _ of [1, 2]) {
      await expect(simulate({ ...question, identityPolicies: [ofIdentity, wrong] })).rejects.toThrow(
        "Effect",
      );
    }
  });
});
