import { deadUrl, type LoopbackServer, type ServedFile, serveFiles } from "./loopback";
import { PinDiffers, pinReleases, pinRequirements } from "./pin";
import type { Pins } from "./pins";

const none = { archive: "", program: "" };
const pins: Pins = {
  terraform: { version: "1.11.4", platforms: { linux_amd64: none, darwin_arm64: none } },
  "terraform-provider-aws": { version: "5.100.0", platforms: { linux_amd64: { archive: "", program: "f" } } },
};
const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(64)) as [string, string, string];

const environment = { ...process.env };
let files: Map<string, ServedFile>;
let server: LoopbackServer;

beforeEach(async () => {
  files = new Map<string, ServedFile>([
    [
      "/terraform/1.11.4/terraform_1.11.4_SHA256SUMS",
      { content: `${a}  terraform_1.11.4_linux_amd64.zip\n${b}  terraform_1.11.4_darwin_arm64.zip\n` },
    ],
    [
      "/terraform-provider-aws/5.100.0/terraform-provider-aws_5.100.0_SHA256SUMS",
      { content: `${c}  terraform-provider-aws_5.100.0_linux_amd64.zip\n` },
    ],
    ["/moto/5.2.1/json", index(["bdist_wheel", b], ["bdist_wheel", a], ["sdist", c])],
    ["/antlr/1.0/json", index(["sdist", c])],
  ]);
  server = await serveFiles(files);
  process.env.IR_KIT_RELEASES_URL = server.url;
  process.env.IR_KIT_PACKAGE_INDEX_URL = server.url;
});

afterEach(async () => {
  process.env = { ...environment };
  await server.close();
});

const index = (...packages: readonly (readonly [string, string])[]): ServedFile => ({
  content: JSON.stringify({
    urls: packages.map(([packagetype, sha256]) => ({ packagetype, digests: { sha256 } })),
  }),
});

describe("npm run pin", () => {
  it("fills in the archives' digests that a release publishes, and leaves the rest", async () => {
    expect(await pinReleases(pins)).toEqual({
      terraform: {
        version: "1.11.4",
        platforms: { linux_amd64: { archive: a, program: "" }, darwin_arm64: { archive: b, program: "" } },
      },
      "terraform-provider-aws": {
        version: "5.100.0",
        platforms: { linux_amd64: { archive: c, program: "f" } },
      },
    });
  });

  it("refuses another digest than the pinned one, and a release without this platform", async () => {
    const terraform = { version: "1.11.4", platforms: { linux_amd64: { archive: b, program: "" } } };
    await expect(pinReleases({ ...pins, terraform })).rejects.toThrow(
      `terraform_1.11.4_linux_amd64.zip: pinned is ${b}, published is ${a}`,
    );
    const unknown = { version: "1.11.4", platforms: { linux_arm64: none } };
    await expect(pinReleases({ ...pins, terraform: unknown })).rejects.toThrow(PinDiffers);
  });

  it("fills in each wheel's digest, or that of a package's source where there is no wheel", async () => {
    expect(await pinRequirements("# A comment.\nmoto==5.2.1\nantlr==1.0\n")).toBe(
      `# A comment.\nmoto==5.2.1 \\\n    --hash=sha256:${a} \\\n    --hash=sha256:${b}\n` +
        `antlr==1.0 \\\n    --hash=sha256:${c}\n`,
    );
  });

  it("gives the same a second time, and refuses a digest that is published no more", async () => {
    const once = await pinRequirements("moto==5.2.1\n");
    expect(await pinRequirements(once)).toBe(once);
    await expect(pinRequirements(`moto==5.2.1 --hash=sha256:${c}\n`)).rejects.toThrow(PinDiffers);
  });

  it("says what it could not reach", async () => {
    process.env.IR_KIT_RELEASES_URL = await deadUrl();
    await expect(pinReleases(pins)).rejects.toThrow("SHA256SUMS cannot be reached");
    files.clear();
    await expect(pinRequirements("moto==5.2.1\n")).rejects.toThrow("gave no file: HTTP 404");
  });
});
