import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { functionEntries } from "../constructs/function-bundle";
import manifest from "../package.json";
import { repository } from "./support/repository";

const lock = JSON.parse(readFileSync(path.join(repository, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
};

const versions: Readonly<Record<string, string>> = { ...manifest.dependencies, ...manifest.devDependencies };

/** The version group of AWS's SDK, and what stands at another since the registry that is used had none of it. */
const group = "3.1164.0";
const outsideOfGroup: Readonly<Record<string, string>> = {
  "@aws-sdk/client-accessanalyzer": "3.1080.0",
  "@aws-sdk/client-backup": "3.1092.0",
  "@aws-sdk/client-cloudtrail": "3.1137.0",
  "@aws-sdk/client-config-service": "3.1124.0",
  "@aws-sdk/client-elastic-load-balancing-v2": "3.1142.0",
  "@aws-sdk/client-inspector2": "3.1085.0",
  "@aws-sdk/client-macie2": "3.1048.0",
  "@aws-sdk/client-ram": "3.1048.0",
  "@aws-sdk/client-route53resolver": "3.654.0",
  "@aws-sdk/client-s3-control": "3.1112.0",
  "@aws-sdk/client-securityhub": "3.1108.0",
};

/**
 * Packages that bring a core of before: client-route53resolver, of which no later version is to be had, and what only
 * it asks for. Once there is a later one, this list is empty.
 */
const withOlderCore = [
  "@aws-sdk/client-route53resolver",
  "@aws-sdk/client-sso",
  "@aws-sdk/client-sso-oidc",
  "@smithy/middleware-endpoint",
  "@smithy/smithy-client",
].map((name) => `node_modules/${name}/`);

const isOlder = (place: string) => withOlderCore.some((start) => `${place}/`.startsWith(start));

describe("dependencies", () => {
  it("are pinned, each to one version", () => {
    for (const version of [...Object.values(versions), ...Object.values(manifest.peerDependencies)]) {
      expect(version).toMatch(/^(npm:[@\w/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  });

  it("of AWS's SDK are one group, but for those of which there is no such version", () => {
    const sdk = Object.entries(versions).filter(([name]) => name.startsWith("@aws-sdk/"));
    expect(Object.fromEntries(sdk)).toEqual(
      Object.fromEntries(sdk.map(([name]) => [name, outsideOfGroup[name] ?? group])),
    );
    expect(Object.keys(outsideOfGroup).filter((name) => versions[name] === undefined)).toEqual([]);
  });

  it.each(["@aws-sdk/core", "@smithy/core"])("have one %s, but for the one client that is older", (core) => {
    const places = Object.keys(lock.packages).filter((place) => place.endsWith(`node_modules/${core}`));
    expect(places.filter((place) => !isOlder(place))).toEqual([`node_modules/${core}`]);
  });

  it("have an older core for the sake of one client only", () => {
    const asking = Object.entries(lock.packages).filter(
      ([place, { dependencies = {} }]) =>
        !isOlder(place) && /^\D?3\.[0-8]\d\d\./.test(dependencies["@aws-sdk/core"] ?? ""),
    );
    expect(asking.map(([place]) => place)).toEqual([]);
  });

  it.each(functionEntries)("%s holds one core of the SDK, but for that client's", (entry) => {
    const { metafile } = buildSync({
      absWorkingDir: repository,
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      logLevel: "error",
      metafile: true,
      write: false,
    });
    const cores = Object.keys(metafile.inputs).flatMap(
      (file) => /^(.*node_modules\/@aws-sdk\/core)\//.exec(file)?.[1] ?? [],
    );
    const others = [...new Set(cores)].filter((place) => !isOlder(place));
    expect(others).toEqual(["node_modules/@aws-sdk/core"]);
    expect(cores.some(isOlder)).toBe(entry === "runtime/functions/sweep.ts");
  });

  it("that only deploying needs are not needed by who reviews", () => {
    const { "cdktf-cli": pinned } = manifest.devDependencies;
    expect(manifest.peerDependencies["cdktf-cli"]).toBe(pinned);
    expect(manifest.peerDependenciesMeta["cdktf-cli"]).toEqual({ optional: true });
    const shipped = ["bin", "cli", "stacks", "constructs", "landscape", "review"].flatMap((folder) =>
      readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.[jt]s$/.test(file))
        .map((file) => path.join(folder, file)),
    );
    const naming = shipped.filter((file) =>
      /["'`]cdktf-cli/.test(readFileSync(path.join(repository, file), "utf8")),
    );
    expect(naming).toEqual([]);
  });
});
