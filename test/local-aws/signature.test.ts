import { ageOf, isSignedWith, signedOf } from "./signature";

const authorization = (credential: string, headers: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${headers}, Signature=${signature}`;

const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Requests with the signatures that AWS publishes for them. */
const published = [
  {
    // AWS's test suite of Signature Version 4: get-vanilla.
    name: "any service",
    secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    raw: {
      method: "GET",
      url: "/",
      headers: {
        host: "example.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
        authorization: authorization(
          "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request",
          "host;x-amz-date",
          "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
      },
      body: Buffer.alloc(0),
    },
  },
  {
    // "Examples: Signature Calculations" (Amazon S3 API reference): GET Object.
    name: "S3, by a header",
    secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    raw: {
      method: "GET",
      url: "/test.txt",
      headers: {
        host: "examplebucket.s3.amazonaws.com",
        range: "bytes=0-9",
        "x-amz-content-sha256": empty,
        "x-amz-date": "20130524T000000Z",
        authorization: authorization(
          "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
          "host;range;x-amz-content-sha256;x-amz-date",
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
      },
      body: Buffer.alloc(0),
    },
  },
  {
    // "Authenticating Requests: Using Query Parameters" (Amazon S3 API reference).
    name: "S3, presigned",
    secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    raw: {
      method: "GET",
      url:
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3" +
        "%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
      headers: { host: "examplebucket.s3.amazonaws.com" },
      body: Buffer.alloc(0),
    },
  },
] as const;

describe.each(published)("a signature that AWS publishes: $name", ({ raw, secret }) => {
  const signed = signedOf(raw);
  if (!signed) throw new Error("it is not signed");

  it("is right with its secret", () => {
    expect(isSignedWith(raw, signed, secret)).toBe(true);
  });

  it("is wrong with any other", () => {
    expect(isSignedWith(raw, signed, `${secret}x`)).toBe(false);
  });

  it.each([
    ["method", { method: "DELETE" }],
    ["path", { url: raw.url.replace(/^\/(test\.txt)?/, "/other") }],
    ["signed header", { headers: { ...raw.headers, host: "elsewhere.amazonaws.com" } }],
  ])("is wrong for another %s", (_, changed) => {
    expect(isSignedWith({ ...raw, ...changed }, signed, secret)).toBe(false);
  });
});

describe("what is signed of a body", () => {
  const [first] = published;

  it("is all of it, where the request does not say otherwise", () => {
    const signed = signedOf(first.raw);
    if (!signed) throw new Error("it is not signed");
    expect(isSignedWith({ ...first.raw, body: Buffer.from("more") }, signed, first.secret)).toBe(false);
  });
});

describe("a request", () => {
  it("without a signature has none", () => {
    expect(
      signedOf({ method: "GET", url: "/?a=b", headers: { host: "x" }, body: Buffer.alloc(0) }),
    ).toBeUndefined();
  });

  it("tells when it was signed", () => {
    const now = new Date("2015-08-30T12:46:00Z");
    expect(ageOf({ time: "20150830T123600Z" }, now)).toBe(600_000);
    expect(ageOf({ time: "" }, now)).toBeNaN();
  });
});
