import { deepLink } from "../../../src/seqr/deep-link";

describe("the link that opens the app", () => {
  it.each([
    ["HTTP://SEQR.SE/R1234567890123", "seqr://SEQR.SE/R1234567890123"],
    ["http://seqr.se/R1234567890123", "seqr://seqr.se/R1234567890123"],
    ["https://seqr.example/R20260102?x=HTTP://y", "seqr://seqr.example/R20260102?x=HTTP://y"],
  ])("is %s with the scheme replaced and the rest as it was", (qrText, link) => {
    expect(deepLink(qrText)).toBe(link);
  });

  it("can open a test app", () => {
    expect(deepLink("HTTP://SEQR.SE/R1", "seqr-demo")).toBe("seqr-demo://SEQR.SE/R1");
  });
});
