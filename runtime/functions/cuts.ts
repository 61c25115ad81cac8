import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { Value } from "@sinclair/typebox/value";
import { type CutRequest, cutRequestSchema, mustBeAllowed } from "../cuts/request";
import { type CutResult, changeCuts, type Written } from "../cuts/writer";
import { systemClock } from "../shared/clock";
import { ContractBroken } from "../shared/step";
import { functionEnvironment } from "./environment";
import { whileLocked } from "./lock";
import { documentsIn } from "./setting";

const { kit, table, homeRegion, cutPolicy = "" } = functionEnvironment();
const documents = documentsIn(homeRegion);
const organizations = new OrganizationsClient({ region: homeRegion });

interface Invocation {
  readonly awsRequestId: string;
}

/** Lambda's entry to the writer of cuts: what it was asked, it holds to its contract before anything is read. */
export async function handler(request: CutRequest, { awsRequestId }: Invocation): Promise<CutResult> {
  const first = Value.Errors(cutRequestSchema, request).First();
  if (first) throw new ContractBroken(`${first.path || "/"} ${first.message}`);
  mustBeAllowed(kit, request, systemClock.now());
  const { add = [], lift = [] } = request;
  const writer = { organizations, policyId: cutPolicy, clock: systemClock };
  if (add.length + lift.length === 0) return changeCuts(writer, {});
  return whileLocked<CutResult, Written>(documents, table, systemClock, awsRequestId, ({ notes, leave }) =>
    changeCuts({ ...writer, written: notes, remember: leave }, { add, lift }),
  );
}
