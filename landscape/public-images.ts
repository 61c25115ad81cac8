/** Beginning of the names of all public parameters that name images. */
export const publicImages = "/aws/service/ami-";

/** Public parameters by which AWS names its newest images. Source: "Query for the latest AMIs using public parameters". */
export const publicImageParameters = {
  "linux-arm64": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
  "linux-x86-64": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
  windows: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
} as const;
