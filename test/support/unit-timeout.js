// Ten times what the slowest unit test takes on an idle machine: end-to-end tests run beside it on the same cores.
jest.setTimeout(20_000);
