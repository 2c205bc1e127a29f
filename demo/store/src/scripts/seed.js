// Fills an empty store: a Swedish region paid in SEK, shipping, four products, a publishable key and a staff login.
// Run with `medusa exec ./src/scripts/seed.js`; writes what others need to know to SEED_RESULT (a file).
const { writeFile } = require("node:fs/promises");
const { ContainerRegistrationKeys, Modules, ProductStatus } = require("@medusajs/framework/utils");
const {
  createApiKeysWorkflow,
  createInventoryLevelsWorkflow,
  createProductsWorkflow,
  createRegionsWorkflow,
  createSalesChannelsWorkflow,
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  createTaxRegionsWorkflow,
  createUsersWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateStoresWorkflow,
} = require("@medusajs/medusa/core-flows");

const GOODS = [
  { title: "Coffee, dark roast", sku: "COFFEE-500", ean: "7310000000017", sizes: { "500 g": 89 } },
  { title: "Enamel mug", sku: "MUG", ean: "7310000000024", sizes: { Blue: 129, White: 129 } },
  { title: "Wool socks", sku: "SOCKS", ean: "7310000000031", sizes: { S: 149.5, L: 149.5 } },
  { title: "Notebook", sku: "NOTE-A5", ean: "7310000000048", sizes: { A5: 59.9 } },
];

exports.default = async function seed({ container }) {
  const run = async (workflow, input) => (await workflow(container).run({ input })).result;

  const channel = await createSalesChannel(container, run);
  const [sweden, euro] = await createRegions(run);
  const location = await createWarehouse(container, run, channel);
  const [profile] = await run(createShippingProfilesWorkflow, {
    data: [{ name: "Default", type: "default" }],
  });
  await createDelivery(container, run, { location, profile });
  const products = await createProducts(run, { channel, profile });
  await fillWarehouse(container, run, location);
  const key = await createPublishableKey(run, channel);
  const admin = { email: process.env.ADMIN_EMAIL, password: process.env.ADMIN_PASSWORD };
  await createStaff(container, run, admin);

  const variants = products.flatMap((product) => product.variants.map(({ id, sku }) => [sku, id]));
  await writeFile(
    process.env.SEED_RESULT,
    JSON.stringify({
      publishable_key: key.token,
      region_id: sweden.id,
      euro_region_id: euro.id,
      sales_channel_id: channel.id,
      location_id: location.id,
      variants: Object.fromEntries(variants),
    }),
  );
};

/** The web shop's channel, which sells in SEK and EUR. */
async function createSalesChannel(container, run) {
  const [store] = await container.resolve(Modules.STORE).listStores();
  const [channel] = await run(createSalesChannelsWorkflow, { salesChannelsData: [{ name: "Web shop" }] });
  await run(updateStoresWorkflow, {
    selector: { id: store.id },
    update: {
      default_sales_channel_id: channel.id,
      supported_currencies: [
        { currency_code: "sek", is_default: true, is_tax_inclusive: true },
        { currency_code: "eur", is_tax_inclusive: true },
      ],
    },
  });
  return channel;
}

/** Sweden and Finland, with their taxes. */
async function createRegions(run) {
  const payment_providers = ["pp_seqr_seqr", "pp_system_default"];
  const regions = await run(createRegionsWorkflow, {
    regions: [
      { name: "Sweden", currency_code: "sek", countries: ["se"], payment_providers },
      { name: "Finland", currency_code: "eur", countries: ["fi"], payment_providers },
    ],
  });
  await run(createTaxRegionsWorkflow, [
    {
      country_code: "se",
      provider_id: "tp_system",
      default_tax_rate: { rate: 25, code: "moms", name: "Moms" },
    },
    { country_code: "fi", provider_id: "tp_system" },
  ]);
  return regions;
}

async function createWarehouse(container, run, channel) {
  const [location] = await run(createStockLocationsWorkflow, {
    locations: [{ name: "Warehouse", address: { city: "Stockholm", country_code: "SE", address_1: "" } }],
  });
  await container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_provider_id: "manual_manual" },
  });
  await run(linkSalesChannelsToStockLocationWorkflow, { id: location.id, add: [channel.id] });
  return location;
}

/** Delivery from the warehouse to both regions. */
async function createDelivery(container, run, { location, profile }) {
  const fulfillment = await container.resolve(Modules.FULFILLMENT).createFulfillmentSets({
    name: "Delivery",
    type: "shipping",
    service_zones: [
      {
        name: "Nordics",
        geo_zones: ["se", "fi"].map((country_code) => ({ country_code, type: "country" })),
      },
    ],
  });
  await container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_set_id: fulfillment.id },
  });
  const shippingOption = (name, code, amount) => ({
    name,
    price_type: "flat",
    provider_id: "manual_manual",
    service_zone_id: fulfillment.service_zones[0].id,
    shipping_profile_id: profile.id,
    type: { label: name, description: name, code },
    prices: pricesOf(amount),
    rules: [
      { attribute: "enabled_in_store", value: "true", operator: "eq" },
      { attribute: "is_return", value: "false", operator: "eq" },
    ],
  });
  await run(createShippingOptionsWorkflow, [
    shippingOption("Parcel to pick-up point", "parcel", 49),
    shippingOption("Express to the door", "express", 99),
  ]);
}

function createProducts(run, { channel, profile }) {
  return run(createProductsWorkflow, {
    products: GOODS.map(({ title, sku, ean, sizes }) => ({
      title,
      handle: sku.toLowerCase(),
      status: ProductStatus.PUBLISHED,
      shipping_profile_id: profile.id,
      sales_channels: [{ id: channel.id }],
      options: [{ title: "Kind", values: Object.keys(sizes) }],
      variants: Object.entries(sizes).map(([kind, amount], index) => ({
        title: kind,
        sku: index === 0 ? sku : `${sku}-${index + 1}`,
        ean: index === 0 ? ean : undefined,
        options: { Kind: kind },
        manage_inventory: true,
        prices: pricesOf(amount),
      })),
    })),
  });
}

/** @param amount in SEK */
function pricesOf(amount) {
  return [
    { currency_code: "sek", amount },
    { currency_code: "eur", amount: amount / 10 },
  ];
}

async function fillWarehouse(container, run, location) {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data: inventory } = await query.graph({ entity: "inventory_item", fields: ["id"] });
  await run(createInventoryLevelsWorkflow, {
    inventory_levels: inventory.map(({ id }) => ({
      location_id: location.id,
      stocked_quantity: 100_000,
      inventory_item_id: id,
    })),
  });
}

async function createPublishableKey(run, channel) {
  const [key] = await run(createApiKeysWorkflow, {
    api_keys: [{ title: "Web shop", type: "publishable", created_by: "" }],
  });
  await run(linkSalesChannelsToApiKeyWorkflow, { id: key.id, add: [channel.id] });
  return key;
}

async function createStaff(container, run, { email, password }) {
  const auth = container.resolve(Modules.AUTH);
  const { authIdentity, error } = await auth.register("emailpass", { body: { email, password } });
  if (!authIdentity) throw new Error(`The staff login could not be made: ${error}`);
  const [user] = await run(createUsersWorkflow, {
    users: [{ email, first_name: "Demo", last_name: "Staff" }],
  });
  await auth.updateAuthIdentities({ id: authIdentity.id, app_metadata: { user_id: user.id } });
}
