// For all other suites: jest's own five seconds are too short for a machine that has other things to do.
jest.setTimeout(30_000);
