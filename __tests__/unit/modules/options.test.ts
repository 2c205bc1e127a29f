import { MedusaError } from "@medusajs/framework/utils";
import { clientOptions, resolveInjectedOptions, resolveOptions } from "../../../src/modules/seqr/options";

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
      cashierId: "webshop",
      lifetime: 300,
      connectTimeout: 3_000,
      responseTimeout: 10_000,
      linkScheme: "seqr",
      clientId: "medusa-payment-seqr",
      keepObservations: 400,
      providerId: "seqr",
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
      cashierId: "till 1",
      lifetime: 60,
      connectTimeout: 100,
      responseTimeout: 120_000,
      linkScheme: "seqr-demo",
      clientId: "Shop AB",
      keepObservations: 30,
      providerId: "seqr_2",
    };
    expect(resolveOptions(all)).toEqual(all);
  });

  it("are not changed, and not shared with what is made from them", () => {
    const options = Object.freeze({
      ...given,
      currencies: ["sek"],
      backendUrl: "https://api.shop.example///",
    });
    const resolved = resolveOptions(options);
    expect(resolved).toMatchObject({ currencies: ["SEK"], backendUrl: "https://api.shop.example" });
    resolved.currencies.push("EUR");
    expect(options.currencies).toEqual(["sek"]);
  });

  it("may be left out by undefined, as an unset environment variable is", () => {
    expect(resolveOptions({ ...given, lifetime: undefined, returnUrl: undefined })).toMatchObject({
      lifetime: 300,
    });
    expect(complaint({ ...given, endpoint: undefined })).toContain('"endpoint" is missing');
  });

  it.each(Object.keys(given))("cannot do without %s", (name) => {
    const message = complaint({ ...given, [name]: undefined });
    expect(message).toMatch(new RegExp(`"${name}" is missing: expected .{6,}`));
    expect(message.match(/^ {2}- /gm)).toHaveLength(1);
  });

  it.each([
    ["endpoint", "http://seqr.example/soap", "https"],
    ["endpoint", "seqr.example", "https"],
    ["endpoint", "", "https"],
    ["endpoint", 4080, "https"],
    ["terminalId", "", "a text"],
    ["terminalId", "  ", "a text"],
    ["terminalId", 17, "a text"],
    ["backendUrl", "api.shop.example", "http or https address"],
    ["backendUrl", "ftp://api.shop.example", "http or https address"],
    ["backendUrl", "https://api.shop.example?store=1", "http or https address"],
    ["backendUrl", "https://api.shop.example/#top", "http or https address"],
    ["backendUrl", "https://api.shop.example ", "http or https address"],
    ["backendUrl", null, "http or https address"],
    ["currencies", [], "ISO 4217"],
    ["currencies", "SEK", "ISO 4217"],
    ["currencies", ["SEK", "kronor"], "ISO 4217"],
    ["currencies", ["SEK", 752], "ISO 4217"],
    ["currencies", ["JPY"], "two decimals"],
    ["currencies", ["KWD"], "two decimals"],
    ["shopName", "", "a text"],
    ["shopName", { name: "Shop" }, "a text"],
    ["returnUrl", "/checkout", "http or https address"],
    ["returnUrl", "javascript:alert(1)", "http or https address"],
    ["returnUrl", "", "http or https address"],
    ["footer", 1, "a text"],
    ["brandName", "", "a text that is not empty"],
    ["logoUrl", "javascript:alert(1)", "http"],
    ["appStoreUrl", "apps", "http"],
    ["playStoreUrl", 1, "http"],
    ["cashierId", "", "a text"],
    ["lifetime", 59, "from 60 to 86400"],
    ["lifetime", 86_401, "from 60 to 86400"],
    ["lifetime", "300", "a number of seconds"],
    ["lifetime", Number.NaN, "a number of seconds"],
    ["keepObservations", 29, "a number of days from 30 to 36500"],
    ["connectTimeout", 99, "from 100 to 60000"],
    ["connectTimeout", Infinity, "a number of milliseconds"],
    ["responseTimeout", 499, "from 500 to 120000"],
    ["responseTimeout", 120_001, "from 500 to 120000"],
    ["linkScheme", "seqr://", "scheme of a link"],
    ["linkScheme", "", "scheme of a link"],
    ["clientId", "", "a text"],
    ["providerId", "seqr se", "letters, digits"],
    ["providerId", "", "letters, digits"],
  ])("say what is wrong with %s = %j", (name, value, expected) => {
    const message = complaint({ ...given, [name]: value });
    expect(message).toContain(`"${name}" is `);
    if (value !== "") expect(message).toContain(String(JSON.stringify(value)));
    expect(message).toMatch(new RegExp(`expected .*${expected}`));
    expect(message.match(/^ {2}- /gm)).toHaveLength(1);
  });

  it.each(["abc", "", 12345678, null, ["secret"]])(
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

describe("the options as Medusa hands them over", () => {
  it("are checked like a store's, without what Medusa added", () => {
    const injected = { ...given, providers: [], database: { clientUrl: "postgres://…" }, constructor: "x" };
    expect(resolveInjectedOptions(injected)).toEqual(resolveOptions(given));
    expect(() => resolveInjectedOptions({ ...injected, lifetime: 1 })).toThrow('"lifetime" is 1');
    expect(() => resolveInjectedOptions(undefined)).toThrow('"endpoint" is missing');
  });

  it("give the SEQR client what it needs", () => {
    expect(clientOptions(resolveOptions({ ...given, connectTimeout: 500 }))).toEqual({
      endpoint: given.endpoint,
      terminal: { id: given.terminalId, password: PASSWORD },
      connectTimeout: 500,
      responseTimeout: 10_000,
      clientId: "medusa-payment-seqr",
    });
  });
});
