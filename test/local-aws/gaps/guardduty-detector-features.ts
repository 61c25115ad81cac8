import type { Gap } from "./gap";
import { merged } from "./guardduty-organization";
import { storeOf } from "./routes";

const detectorPath = /^\/detector\/([0-9a-f]{32})\/?$/;

export const guarddutyDetectorFeatures: Gap = {
  id: "guardduty-detector-features",
  kind: "completed",
  resources: ["aws_guardduty_detector_feature"],
  because: "the emulator forgets every feature of a detector but those of the last update",
  concerns: ({ service, method, path }) =>
    service === "guardduty" && detectorPath.test(path) && (method === "GET" || method === "POST"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "guardduty-detector-features", account, call.region);
    const id = detectorPath.exec(call.path)?.[1] ?? "";
    const features = store.get(id)?.features;
    if (call.method === "POST") {
      const changed = call.parameters.features;
      if (changed !== undefined) store.set(id, { features: merged(features, changed) });
      return undefined;
    }
    const answer = await context.forward(call);
    if (features === undefined || answer.status !== 200) return answer;
    const body = JSON.stringify({ ...(JSON.parse(answer.body.toString()) as object), features });
    return { ...answer, body };
  },
};
