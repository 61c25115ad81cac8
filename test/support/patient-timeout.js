// A test that deploys waits for what it deploys.
jest.setTimeout(180_000);
