// A Medusa configuration with SEQR. Copy the SEQR parts into your own medusa-config.ts, which can also say `import`.
const { defineConfig, loadEnv } = require("@medusajs/framework/utils");
const { withSeqr } = require("medusa-payment-seqr");

loadEnv(process.env.NODE_ENV || "development", process.cwd());

module.exports = withSeqr(
  defineConfig({
    projectConfig: {
      databaseUrl: process.env.DATABASE_URL,
      http: {
        storeCors: process.env.STORE_CORS,
        adminCors: process.env.ADMIN_CORS,
        authCors: process.env.AUTH_CORS,
        jwtSecret: process.env.JWT_SECRET,
        cookieSecret: process.env.COOKIE_SECRET,
      },
    },
  }),
  {
    // Address of SEQR's SOAP service, which SEQR gives to each merchant. Sandbox: http://localhost:4080/soap/merchant/cashregister-2
    endpoint: process.env.SEQR_ENDPOINT,
    // The terminal that SEQR made for the web shop. For several, one for each currency: docs/terminals.md.
    terminalId: process.env.SEQR_TERMINAL_ID,
    password: process.env.SEQR_PASSWORD,
    // Public https address of this server, for SEQR and the shopper's phone.
    backendUrl: process.env.SEQR_BACKEND_URL,
    // What the terminal takes. In Sweden: ["SEK"].
    currencies: ["EUR"],
    shopName: "My shop",
    // Storefront page that the shopper's phone opens after the app.
    returnUrl: process.env.STOREFRONT_URL && `${process.env.STOREFRONT_URL}/checkout`,
    // The shop's account at SEQR, for its reports. Without it the plugin cannot compare the accounts.
    reseller: { id: process.env.SEQR_RESELLER_ID, password: process.env.SEQR_RESELLER_PASSWORD },
    // Closes SEQR's accounting period each day, if you want that: docs/books.md.
    // periods: { closeAt: "23:55", timeZone: "Europe/Stockholm" },
  },
);
