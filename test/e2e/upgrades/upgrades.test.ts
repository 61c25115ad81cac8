import { wholeRun } from "../../support/share";
import { describeWithTerraform } from "../../support/with-tools";
import { keptVersions } from "../../upgrades/fixture";
import { lossesFrom } from "../../upgrades/upgrade";
import { explain, verdictOn } from "../../upgrades/verdict";

/** The newest release in each run, every kept one in the long run. */
const versions = wholeRun() ? keptVersions() : keptVersions().slice(-1);

const minutes = 60_000;

describeWithTerraform("an upgrade", () => {
  it.each(versions)(
    "from %s loses nothing that stands",
    async (version) => {
      const { refused, unused } = verdictOn(version, await lossesFrom(version));
      expect(explain(version, refused)).toBe("");
      expect(unused).toEqual([]);
    },
    10 * minutes,
  );
});
