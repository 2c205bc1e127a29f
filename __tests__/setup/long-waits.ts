// For suites that start a Medusa store: one test may take two minutes.
jest.setTimeout(120_000);
