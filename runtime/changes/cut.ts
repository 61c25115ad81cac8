import type { Cut } from "../cuts/cut";
import { sameCut } from "../cuts/document";
import type { Cuts } from "../cuts/invoke";
import { NotPossible } from "../shared/errors";
import type { AccountClients } from "../shared/setting";
import type { Change } from "./change";

// A type, not an interface: only that has the index signature of JSON.
export type CutInput = { readonly cut: Cut };
type CutState = { readonly cut: boolean };

/** @throws NotPossible where nobody who runs steps can reach the writer of cuts */
export function cutsOf({ cuts }: AccountClients): Cuts {
  if (cuts) return cuts;
  throw new NotPossible("cuts are written for responders only: npx ir-kit respond");
}

/** A deny in the organization's policy of cuts, until it ends by itself. */
export const addCut: Change<CutInput, CutState> = {
  action: "organizations:UpdatePolicy",
  title: ({ cut }) => `cut until ${cut.expires}: ${whatIsCut(cut)}`,
  read: async (clients, { cut }) => ({
    cut: (await cutsOf(clients)({})).cuts.some((standing) => sameCut(standing, cut)),
  }),
  holds: ({ cut }) => cut,
  make: async (clients, { cut }) => {
    await cutsOf(clients)({ add: [cut] });
  },
  undo: { kind: "automatic" },
  unmake: async (clients, { cut }) => {
    await cutsOf(clients)({ lift: [cut] });
  },
};

function whatIsCut(cut: Cut): string {
  switch (cut.kind) {
    case "principal":
      return cut.arn;
    case "sessions-before":
      return `sessions of ${cut.arn} from before ${cut.before}`;
    case "session":
      return `session ${cut.userId}`;
    case "source-identity":
      return `sessions of ${cut.name} from before ${cut.before}`;
    case "identity-center-user":
      return `sessions of Identity Center's user ${cut.id} from before ${cut.before}`;
  }
}
