import type { Run } from "../../../cli/terraform";
import { inLanes } from "../lanes";
import { describeOnOrganization, minutes } from "./fork";
import { applyMutations, mutations } from "./mutations";
import { errorsAt, type Mutation } from "./mutations/mutation";
import { expectNoChange } from "./no-change";

describeOnOrganization((workspaceOf) => {
  describe("the strict front refuses a kit that", () => {
    let results: ReadonlyMap<Mutation, Run | Error>;

    beforeAll(async () => {
      results = await applyMutations(workspaceOf());
    }, 15 * minutes);

    it.each(
      mutations.flatMap((mutation) =>
        mutation.mistakes.map((mistake) => [mistake.name, mutation, mistake] as const),
      ),
    )("%s", (_, mutation, { error, refusal, at }) => {
      const result = results.get(mutation);
      if (result === undefined || result instanceof Error) throw result;
      expect(errorsAt(result, at)).toEqual(expect.arrayContaining([expect.stringContaining(error)]));
      expect(result.exitCode).toBe(1);
      expect(workspaceOf().front.counts().refusals[refusal]).toBeGreaterThan(0);
    });

    it(
      "stands again after an apply, and then shows no change",
      async () => {
        const names = [...new Set(mutations.map(({ stack }) => stack))];
        // A mistake that replaces something takes the right one away before AWS refuses the wrong one.
        await inLanes(names, (name) => workspaceOf().terraform(name).apply());
        await expectNoChange(workspaceOf(), names);
      },
      10 * minutes,
    );
  });
});
