import path from "node:path";
import { MissingTool } from "../../cli/terraform";
import { emulatorVersion, searchEmulator } from "./tool-cache/emulator";
import {
  kitProvider,
  kitProviderFolder,
  machineMirror,
  programIn,
  providerVersion,
  searchMirror,
} from "./tool-cache/mirrors";

export { emulatorVersion, providerVersion };

/**
 * moto's server program, of exactly the version that the local AWS was built with.
 *
 * @throws MissingTool where there is none, or another version is named in `IR_KIT_MOTO_SERVER`
 */
export function emulatorCommand(): string {
  const { found, passedOver, named } = searchEmulator();
  if (found) return found.path;
  if (named) throw new MissingTool(`${passedOver}; name another program there, or unset the variable`);
  throw new MissingTool(
    `${passedOver ?? "moto_server is not on the PATH"}; \`npm run tools\` brings it into an environment of the kit's ` +
      `own, or install it with: python3 -m pip install 'moto[server]==${emulatorVersion}'`,
  );
}

/**
 * A file-system mirror that holds the AWS provider in the version wanted, for this platform: the one that
 * `IR_KIT_PROVIDER_MIRROR` names, the kit's own, or one found below `roots` (an empty variable: no search). Where there is none, Terraform asks its
 * registry.
 */
export function findProviderMirror(roots?: readonly string[]): string | undefined {
  const named = process.env.IR_KIT_PROVIDER_MIRROR;
  if (named) return named;
  if (roots !== undefined) return searchMirror(roots);
  if (kitProvider() !== undefined) return path.join(kitProviderFolder(), "mirror");
  return named === undefined ? machineMirror() : undefined;
}

/** The AWS provider's program in the version wanted; undefined where no unpacked mirror holds it whole. */
export function providerBinary(): string | undefined {
  const mirror = findProviderMirror();
  return mirror === undefined ? undefined : programIn(mirror);
}
