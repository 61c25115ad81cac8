import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { UnreadableInput } from "../problem";
import { isObject, readJson } from "./json";

const fileName = "cdk.tf.json";

/**
 * Which stacks there are in a place, by name, and the file of each.
 *
 * @throws UnreadableInput
 */
export function stackFiles(place: string): [name: string, file: string][] {
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) throw new UnreadableInput(`${place} is not there; cdktf synth makes cdktf.out`);
  if (!isFolder) return [[stackNameOf(place), place]];
  const folder = path.join(place, "stacks");
  if (!existsSync(folder)) {
    throw new UnreadableInput(
      `${place} holds no stacks; name what cdktf synth has written, such as cdktf.out`,
    );
  }
  const found =
    listedStacks(place) ??
    readdirSync(folder)
      .sort()
      .map((name): [string, string] => [name, path.join(folder, name, fileName)])
      .filter(([, file]) => isEntry(file));
  if (found.length === 0) throw new UnreadableInput(`${folder} holds no ${fileName}`);
  return found;
}

/** What `cdktf deploy` would deploy: a folder that the manifest does not list is left over from an earlier synthesis. */
function listedStacks(place: string): [name: string, file: string][] | undefined {
  const manifest = path.join(place, "manifest.json");
  if (!isEntry(manifest)) return undefined;
  const { value } = readJson(manifest);
  const stacks = isObject(value) && isObject(value.stacks) ? value.stacks : undefined;
  if (stacks === undefined) throw new UnreadableInput(`${manifest} lists no stacks`);
  return Object.keys(stacks)
    .sort()
    .map((name): [string, string] => {
      const file = path.join(place, "stacks", name, fileName);
      if (isEntry(file)) return [name, file];
      throw new UnreadableInput(
        `${manifest} lists the stack ${name}, but ${file} is not there; synthesize again`,
      );
    });
}

/** Whether something of that name is there, be it a link that leads nowhere: then reading it tells why. */
function isEntry(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOTDIR";
  }
}

/** CDKTF gives every stack's file the same name, in a folder of the stack's. */
const stackNameOf = (file: string): string =>
  path.basename(file) === fileName
    ? path.basename(path.dirname(path.resolve(file)))
    : path.basename(file).replace(/(\.tf)?\.json$/, "");
