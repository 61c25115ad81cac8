import { type AwsCall, jsonAnswer } from "../protocol";
import type { Gap } from "./gap";
import { merged } from "./guardduty-organization";
import { storeOf } from "./routes";

const detectorPath = /^\/detector\/([0-9a-f]{32})\/?$/;
const tagsPath = /^\/tags\/arn:aws:guardduty:[^/]+:detector\/([0-9a-f]{32})\/?$/;

const tagsOf = ({ path }: AwsCall): string | undefined => tagsPath.exec(decodeURIComponent(path))?.[1];

export const guarddutyDetectorFeatures: Gap = {
  id: "guardduty-detector-features",
  kind: "completed",
  resources: ["aws_guardduty_detector_feature", "aws_guardduty_detector"],
  because:
    "the emulator forgets every feature of a detector but those of the last update, and can't tag one that is there",
  concerns: (call) =>
    call.service === "guardduty" &&
    (tagsOf(call) !== undefined ||
      (detectorPath.test(call.path) && (call.method === "GET" || call.method === "POST"))),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "guardduty-detector-features", account, call.region);
    const id = tagsOf(call) ?? detectorPath.exec(call.path)?.[1] ?? "";
    const { features, tags = {} } = (store.get(id) ?? {}) as {
      features?: unknown;
      tags?: Record<string, string>;
    };
    if (tagsOf(call) !== undefined) {
      const removed = new Set(call.query.getAll("tagKeys"));
      const all = { ...tags, ...(call.parameters.tags as Record<string, string> | undefined) };
      const left = Object.fromEntries(Object.entries(all).filter(([key]) => !removed.has(key)));
      store.set(id, { ...(features !== undefined && { features }), tags: left });
      return jsonAnswer(call.method === "GET" ? { tags: left } : {});
    }
    if (call.method === "POST") {
      const changed = call.parameters.features;
      if (changed !== undefined) store.set(id, { tags, features: merged(features, changed) });
      return undefined;
    }
    const answer = await context.forward(call);
    if (answer.status !== 200) return answer;
    const detector = JSON.parse(answer.body.toString()) as { tags?: Record<string, string> };
    const body = JSON.stringify({
      ...detector,
      ...(features !== undefined && { features }),
      tags: { ...detector.tags, ...tags },
    });
    return { ...answer, body };
  },
};
