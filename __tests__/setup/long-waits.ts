// For suites that start a Medusa store: one test may take five minutes, on a machine that has other things to do.
jest.setTimeout(300_000);
