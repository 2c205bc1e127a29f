import { MedusaError } from "@medusajs/framework/utils";
import { clientOptions, resolveOptions } from "../../../src/options/seqr-options";
import {
  providerIdsOf,
  refuseUnknownOptions,
  resolveStore,
  standingOf,
} from "../../../src/options/store-options";

const PASSWORD = "correct horse battery";
const given = {
  endpoint: "https://seqr.example/soap",
  terminalId: "terminal-1",
  password: PASSWORD,
  backendUrl: "https://api.shop.example",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
};

/** What a person reads who has set these options. */
function complaint(options: unknown): string {
  try {
    resolveOptions(options);
  } catch (error) {
    expect(error).toBeInstanceOf(MedusaError);
    expect(error).toMatchObject({ type: MedusaError.Types.INVALID_DATA, code: "SEQR_OPTIONS" });
    return (error as MedusaError).message;
  }
  throw new Error("the options were accepted");
}

describe("the options of a store", () => {
  it("need six, and have a default for the rest", () => {
    expect(resolveOptions(given)).toEqual({
      ...given,
      brandName: "SEQR",
      footer: "",
      receipts: "html",
      receiptLanguage: "en",
      refundTerms: "",
      cashierId: "webshop",
      lifetime: 300,
      capture: "automatic",
      reservationTime: 604_800,
      captureBeforeLapse: false,
      connectTimeout: 3_000,
      responseTimeout: 10_000,
      linkScheme: "seqr",
      clientId: "medusa-payment-seqr",
      keepObservations: 400,
      notificationsKept: 90,
      providerId: "seqr",
      sandboxHosts: [],
      optional: false,
      retired: false,
    });
  });

  it("are taken as they are given", () => {
    const all = {
      ...given,
      returnUrl: "http://localhost:8000/checkout?step=payment",
      brandName: "Glase",
      logoUrl: "https://shop.example/logo.svg",
      appStoreUrl: "https://apps.example/1",
      playStoreUrl: "https://play.example/1",
      footer: "Thank you",
      receipts: "empty",
      receiptLanguage: "sv",
      refundTerms: "Within 30 days.",
      cashierId: "till 1",
      lifetime: 60,
      capture: "manual",
      reservationTime: 60,
      captureBeforeLapse: true,
      connectTimeout: 100,
      responseTimeout: 120_000,
      linkScheme: "seqr-demo",
      clientId: "Shop AB",
      keepObservations: 30,
      notificationsKept: 1,
      providerId: "seqr_2",
      sandboxHosts: ["sandbox"],
      optional: true,
      reseller: { id: "shop-1", userId: "9901", password: PASSWORD },
      periods: { closeAt: "23:55", timeZone: "Europe/Helsinki", scope: "terminal" },
    };
    expect(resolveOptions(all)).toEqual({ ...all, retired: false });
  });

  it("are not changed, and not shared with what is made from them", () => {
    const options = Object.freeze({
      ...given,
      currencies: ["sek"],
      backendUrl: "https://api.shop.example///",
    });
    const resolved = resolveOptions(options);
    expect(resolved).toMatchObject({ currencies: ["SEK"], backendUrl: "https://api.shop.example" });
    expect(resolved.currencies).not.toBe(options.currencies);
    expect(options.currencies).toEqual(["sek"]);
  });

  it("take placeholders in the address of the shopper's return", () => {
    const returnUrl =
      "https://shop.example/{country}/order/{order_id}?status={status}&cart={cart_id}#{status}";
    expect(resolveOptions({ ...given, returnUrl })).toMatchObject({ returnUrl });
  });

  it("may be left out by a variable that is empty, as an .env and Docker hand it on", () => {
    const empty = ["returnUrl", "brandName", "logoUrl", "cashierId", "lifetime", "linkScheme", "providerId"];
    const options = Object.fromEntries(empty.map((name) => [name, ""]));
    const resolved = resolveOptions({ ...given, ...options, sandboxHosts: "".split(",") });
    expect(resolved).toEqual(resolveOptions(given));
    expect(complaint({ ...given, currencies: "".split(",") })).toContain('"currencies" is missing');
  });

  it.each(["https:api.shop.example", "https:///api.shop.example", "https:\\\\api.shop.example\\"])(
    "write the server's address as a browser does: %s",
    (backendUrl) => {
      expect(resolveOptions({ ...given, backendUrl })).toMatchObject({ backendUrl: given.backendUrl });
    },
  );

  it("may be left out by undefined, as an unset environment variable is", () => {
    expect(resolveOptions({ ...given, lifetime: undefined, returnUrl: undefined })).toMatchObject({
      lifetime: 300,
    });
    expect(complaint({ ...given, endpoint: undefined })).toContain('"endpoint" is missing');
  });

  it.each(Object.keys(given))("cannot do without %s", (name) => {
    // Docker hands on a variable that is not set as an empty one.
    for (const nothing of [undefined, ""]) {
      const message = complaint({ ...given, [name]: nothing });
      expect(message).toMatch(new RegExp(`"${name}" is missing: expected .{6,}`));
      expect(message.match(/^ {2}- /gm)).toHaveLength(1);
    }
  });

  it("take plain http for this machine, and for hosts that are named as a sandbox's", () => {
    const endpoint = "http://sandbox:4080/soap";
    const hosts = (...sandboxHosts: string[]): object => ({ ...given, endpoint, sandboxHosts });
    expect(resolveOptions(hosts("other", "Sandbox"))).toMatchObject({ sandboxHosts: ["other", "sandbox"] });
    expect(resolveOptions({ ...given, endpoint: "http://127.0.0.1:4080/soap" })).toBeTruthy();
    expect(complaint(hosts("other", "sandbox.example"))).toContain("for hosts in sandboxHosts only");
  });

  it.each([
    ["endpoint", "http://seqr.example/soap", "https"],
    ["endpoint", "seqr.example", "https"],
    ["endpoint", 4080, "https"],
    ["terminalId", "  ", "a text"],
    ["terminalId", 17, "a text"],
    ["backendUrl", "api.shop.example", "http or https address"],
    ["backendUrl", "ftp://api.shop.example", "http or https address"],
    ["backendUrl", "https://api.shop.example?store=1", "http or https address"],
    ["backendUrl", "https://api.shop.example/#top", "http or https address"],
    ["backendUrl", "https://api.shop.example ", "http or https address"],
    ["backendUrl", null, "http or https address"],
    ["currencies", "SEK", "ISO 4217"],
    ["currencies", ["SEK", "kronor"], "ISO 4217"],
    ["currencies", ["SEK", 752], "ISO 4217"],
    ["currencies", ["JPY"], "two decimals"],
    ["currencies", ["KWD"], "two decimals"],
    ["shopName", { name: "Shop" }, "a text"],
    ["returnUrl", "/checkout", "http or https address"],
    ["returnUrl", "javascript:alert(1)", "http or https address"],
    ["returnUrl", "https://shop.example/{orderId}", "{order_id}, {country}, {status}, {cart_id}"],
    ["returnUrl", "https://shop.example/{order_id", "no other placeholders"],
    ["returnUrl", "https://{country}.shop.example/", "none in its host"],
    ["returnUrl", "https://shop.example{order_id}/", "none in its host"],
    ["returnUrl", "{country}://shop.example/", "none in its host"],
    ["footer", 1, "a text"],
    ["logoUrl", "javascript:alert(1)", "http"],
    ["appStoreUrl", "apps", "http"],
    ["playStoreUrl", 1, "http"],
    ["brandName", " ", "a text that is not empty"],
    ["cashierId", " ", "a text"],
    ["clientId", 1, "a text"],
    ["capture", "later", '"automatic" or "manual"'],
    ["reservationTime", 59, "from 60 to 2592000"],
    ["reservationTime", 60.5, "a whole number of seconds"],
    ["captureBeforeLapse", "yes", "true or false"],
    ["lifetime", 59, "from 60 to 86400"],
    ["lifetime", 86_401, "from 60 to 86400"],
    ["lifetime", "300", "a number of seconds"],
    ["lifetime", Number.NaN, "a number of seconds"],
    ["keepObservations", 29, "a number of days from 30 to 36500"],
    ["notificationsKept", 0, "a number of days from 1 to 36500"],
    ["connectTimeout", 99, "from 100 to 60000"],
    ["connectTimeout", Infinity, "a number of milliseconds"],
    ["responseTimeout", 499, "from 500 to 120000"],
    ["responseTimeout", 120_001, "from 500 to 120000"],
    ["linkScheme", "seqr://", "scheme of a link"],
    ["providerId", "seqr se", "letters, digits"],
    ["sandboxHosts", "sandbox", "names of hosts"],
    ["sandboxHosts", ["http://sandbox"], "names of hosts"],
    ["sandboxHosts", ["sandbox:4080"], "names of hosts"],
    ["receipts", "pdf", "html, empty, off"],
    ["receiptLanguage", "sv-SE", "en, sv, de"],
    ["refundTerms", 30, "a text"],
    ["optional", "true", "true or false"],
  ])("say what is wrong with %s = %j", (name, value, expected) => {
    const message = complaint({ ...given, [name]: value });
    const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
    expect(message).toContain(`"${name}" is ${shown}: `);
    expect(message).toMatch(new RegExp(`expected .*${expected}`));
    expect(message.match(/^ {2}- /gm)).toHaveLength(1);
  });

  it.each(["abc", 12345678, null, ["secret"]])(
    "never repeat a password that is not acceptable: %j",
    (password) => {
      const message = complaint({ ...given, password });
      expect(message).toContain('"password" is not acceptable: expected a');
      if (password) expect(message).not.toContain(String(password));
    },
  );

  it("never repeat a password that stands in an address", () => {
    for (const name of ["endpoint", "backendUrl", "returnUrl"]) {
      const message = complaint({
        ...given,
        [name]: `https://user:${PASSWORD.replaceAll(" ", "-")}@seqr.example/`,
      });
      expect(message).toContain(`"${name}"`);
      expect(message).not.toContain("battery");
    }
  });

  it("never repeat the password in a complaint about something else", () => {
    expect(complaint({ ...given, lifetime: 1, pasword: PASSWORD })).not.toContain(PASSWORD);
  });

  it.each(["terminal", "pasword", "toString", "constructor", "hasOwnProperty", "__proto__"])(
    "know no option %s",
    (name) => {
      const options = Object.defineProperty({ ...given }, name, { value: "x", enumerable: true });
      expect(complaint(options)).toContain(`"${name}" is not an option`);
    },
  );

  it("list everything that is wrong at once", () => {
    const message = complaint({ endpoint: "nowhere", lifetime: 0, colour: "blue" });
    for (const name of [
      "endpoint",
      "terminalId",
      "password",
      "backendUrl",
      "currencies",
      "shopName",
      "lifetime",
      "colour",
    ]) {
      expect(message).toContain(`"${name}" is `);
    }
    expect(message.match(/^ {2}- /gm)).toHaveLength(8);
  });

  it.each([undefined, null, "endpoint", 1])("are refused when they are %j", (options) => {
    expect(complaint(options)).toContain("no options were given");
  });

  it("show only the beginning of a long value", () => {
    expect(complaint({ ...given, backendUrl: "x".repeat(10_000) }).length).toBeLessThan(300);
  });
});

describe("the options as Medusa passes them", () => {
  const off = { ...given, optional: true, endpoint: undefined, password: "" };

  it("turn SEQR on when they are usable, without what Medusa added", () => {
    const injected = { ...given, providers: [], database: { clientUrl: "postgres://…" }, constructor: "x" };
    expect(standingOf(injected)).toEqual({ is: "on", store: resolveStore(given) });
    expect(standingOf({ ...injected, optional: true })).toMatchObject({ is: "on" });
  });

  it("leave it off when required ones are missing, and may be", () => {
    expect(standingOf(off)).toEqual({ is: "off", missing: ["endpoint", "password"] });
    expect(standingOf({ optional: true })).toMatchObject({ is: "off" });
  });

  it.each([
    ["missing", { ...off, optional: false }, '"endpoint" is missing'],
    ["missing and nothing is said of it", undefined, '"endpoint" is missing'],
    ["wrong", { ...given, optional: true, lifetime: 1 }, '"lifetime" is 1'],
    ["missing, and others wrong", { ...off, lifetime: 1 }, '"endpoint" is missing'],
    ["missing, and it is not clear whether they may be", { ...off, optional: "yes" }, '"optional" is "yes"'],
  ])("are refused when some are %s", (_, injected, message) => {
    expect(standingOf(injected)).toEqual({
      is: "refused",
      error: expect.objectContaining({ code: "SEQR_OPTIONS", message: expect.stringContaining(message) }),
    });
  });

  it("name the provider, also when they are not usable", () => {
    expect(providerIdsOf({ providerId: "se" })).toEqual(["se"]);
    for (const none of [undefined, {}, { providerId: "a b" }, { providerId: 1 }]) {
      expect(providerIdsOf(none)).toEqual(["seqr"]);
    }
  });

  it("are known by name before", () => {
    expect(() => refuseUnknownOptions({ ...given, pasword: PASSWORD, terminal: "" })).toThrow(
      /"pasword" is not an option\n.*"terminal" is not an option$/,
    );
    expect(() => refuseUnknownOptions({ ...off, lifetime: 1 })).not.toThrow();
    expect(() => refuseUnknownOptions(undefined)).not.toThrow();
  });

  it("give the SEQR client what it needs", () => {
    expect(clientOptions(resolveOptions({ ...given, connectTimeout: 500 }))).toEqual({
      endpoint: given.endpoint,
      sandboxHosts: [],
      terminal: { id: given.terminalId, password: PASSWORD },
      connectTimeout: 500,
      responseTimeout: 10_000,
      clientId: "medusa-payment-seqr",
    });
  });
});
