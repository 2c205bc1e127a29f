// For suites that start a store or a simulation: these take minutes on a machine that has other things to do.
jest.setTimeout(300_000);
