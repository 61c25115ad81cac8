import { type Static, Type } from "@sinclair/typebox";
import { closed, RegionName, State } from "./texts";

const RetiredRegion = Type.Object({ name: RegionName, state: State }, closed);

/** A region by its name; one that is given up says so, and stays until nothing stands there. */
export const WatchedRegion = Type.Unsafe<string | Static<typeof RetiredRegion>>({
  ...RegionName,
  ...RetiredRegion,
  type: ["string", "object"],
});
