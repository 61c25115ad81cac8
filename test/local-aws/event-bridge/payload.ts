import type { Target } from "@aws-sdk/client-eventbridge";

/** What a target gets of an event: the event itself, a part of it, or a text made of parts. */
export function payloadOf({ Input, InputPath, InputTransformer }: Target, event: unknown): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(event, InputPath) ?? null);
  if (InputTransformer === undefined) return JSON.stringify(event);
  const paths = Object.entries(InputTransformer.InputPathsMap ?? {});
  return paths.reduce(
    (text, [name, path]) => text.replaceAll(`<${name}>`, () => plain(valueAt(event, path))),
    InputTransformer.InputTemplate ?? "",
  );
}

/** A path that the event does not have leaves nothing. */
const plain = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);

/** As far as JSON paths of targets go here: names and numbers of elements, such as `$.detail.findings[0].Id`. */
function valueAt(event: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]$]+/g) ?? [];
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined,
    event,
  );
}
