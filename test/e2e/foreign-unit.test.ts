import { readFileSync } from "node:fs";
import {
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { withoutIds } from "../local-aws/local-landscape";
import { exampleText } from "../support/landscapes";
import { describeWithTerraform } from "../support/with-tools";
import { ForeignEntries } from "./foreign-entries";
import { Workspace } from "./workspace";

const line = "{ path: sandbox, environment: sandbox }";

describeWithTerraform("a unit that says create: true, and that somebody else has made", () => {
  let workspace: Workspace;
  let foreign: ForeignEntries;

  beforeAll(async () => {
    const text = withoutIds(exampleText, "state");
    if (!text.includes(line)) throw new Error(`the landscape has no ${line}`);
    workspace = await Workspace.create(text.replace(line, line.replace(" }", ", create: true }")));
    foreign = await ForeignEntries.plant(workspace);
  });
  afterAll(() => workspace.close());

  it("is refused by bootstrap before anything is made, with what to write", async () => {
    const before = readFileSync(workspace.landscapeFile, "utf8");
    const { exitCode, output } = await workspace.irKit("bootstrap", "--yes");
    expect({ exitCode, output }).toEqual({
      exitCode: 1,
      output: expect.stringContaining(
        `organizational unit sandbox says create: true, and ${foreign.unitId} stands there already, made by somebody ` +
          `else: write id: "${foreign.unitId}" in place of create`,
      ),
    });
    expect(readFileSync(workspace.landscapeFile, "utf8")).toBe(before);
    const organizations = new OrganizationsClient(workspace.client());
    const { Roots } = await organizations.send(new ListRootsCommand({}));
    const { OrganizationalUnits } = await organizations.send(
      new ListOrganizationalUnitsForParentCommand({ ParentId: Roots?.[0]?.Id }),
    );
    expect(OrganizationalUnits?.map(({ Name }) => Name)).toEqual(["sandbox"]);
  });
});
