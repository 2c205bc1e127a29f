import { RECEIPT_LANGUAGES } from "../../../src/options/seqr-options";
import { ALL_TEXTS } from "../../../src/payment-view/locales/all";
import type { SeqrReceipt, SeqrReceiptRow } from "../../../src/receipts/receipt-content";
import { forSeqr } from "../../../src/receipts/receipt-document";
import { MOST_BYTES, receiptHtml } from "../../../src/receipts/receipt-html";
import { RECEIPT_TEXTS, textsOf } from "../../../src/receipts/receipt-texts";

const ROW: SeqrReceiptRow = { title: "Coffee", quantity: "2", tax_rate: 25, total: "98.50" };

function receipt(more: Partial<SeqrReceipt> = {}, rows: SeqrReceiptRow[] = [ROW]): SeqrReceipt {
  return {
    kind: "payment",
    ers_reference: "2030010112000000001000001",
    payment_reference: null,
    amount: "1098.50",
    currency_code: "SEK",
    date: "2030-01-01T23:30:00.000Z",
    language: "en",
    shop_name: "Nordic Goods",
    brand_name: "SEQR",
    footer: "Thank you",
    refund_terms: "",
    order: {
      id: "order_1",
      display_id: 17,
      total: "1098.50",
      tax_total: "219.70",
      discount_total: "0.00",
      credit_total: "0.00",
      rounding: "0.00",
      rows,
    },
    ...more,
  };
}

/** What a reader sees, with one line for each row of a table and each entry of a list. */
function read(html: string): string[] {
  return html
    .slice(html.indexOf("<body>"))
    .split("\n")
    .map((line) =>
      line
        .replace(/<\/?(?:td|th|dd|dt)[^>]*>/g, " ")
        .replace(/<[^>]+>/g, "")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter(Boolean);
}

describe("a receipt", () => {
  it("of a payment names shop, order, time, rows with tax, totals, reference and terms", () => {
    const rows = [ROW, { title: "Parcel", quantity: "1", tax_rate: null, total: "1000.00" }];
    expect(read(receiptHtml(receipt({}, rows)))).toEqual([
      "Receipt",
      "Nordic Goods",
      "Order #17",
      "Date January 1, 2030 at 11:30 PM UTC",
      "Item Quantity Tax Total",
      "Coffee 2 25% SEK 98.50",
      "Parcel 1 SEK 1,000.00",
      "Total SEK 1,098.50",
      "Tax included SEK 219.70",
      "Paid with SEQR SEK 1,098.50",
      "Reference 2030010112000000001000001",
      "Refunds are made to the account that paid.",
      "Thank you",
    ]);
  });

  it("of a refund names both references and no rows, also where there is no order", () => {
    const refund = receipt({
      kind: "refund",
      payment_reference: "100",
      amount: "5.00",
      refund_terms: "Within 30 days.",
    });
    const lines = [
      "Refund receipt",
      "Nordic Goods",
      "Order #17",
      "Date January 1, 2030 at 11:30 PM UTC",
      "Refunded with SEQR SEK 5.00",
      "Reference 2030010112000000001000001",
      "Payment reference 100",
      "Within 30 days.",
      "Thank you",
    ];
    expect(read(receiptHtml(refund))).toEqual(lines);
    const withoutOrder = read(receiptHtml({ ...refund, order: null }));
    expect(withoutOrder).toEqual(lines.filter((line) => !line.startsWith("Order")));
  });

  it("shows a discount that was given", () => {
    const discounted = receipt();
    if (discounted.order) discounted.order.discount_total = "10.00";
    expect(read(receiptHtml(discounted))).toContain("Discount included SEK 10.00");
  });

  it("escapes what people have written, and brings in no element or character that could do harm", () => {
    const evil = `<script>alert("1 & 2")</script><img src=x onerror=alert(1)>\u0000\u000b\ud800&amp;`;
    const html = receiptHtml(
      receipt(
        { shop_name: evil, brand_name: evil, footer: evil, refund_terms: evil, language: `sv"><script>` },
        [{ ...ROW, title: evil, quantity: evil }],
      ),
    );
    const elements = new Set([...html.matchAll(/<(\w+)/g)].map(([, name]) => name));
    const plain = "html head meta title body h1 p dl dt dd table tr th td".split(" ");
    expect([...elements].filter((name) => !plain.includes(name ?? ""))).toEqual([]);
    expect(html).toContain(`&lt;script&gt;alert(&quot;1 &amp; 2&quot;)&lt;/script&gt;`);
    expect(html).toContain("&amp;amp;");
    // eslint-disable-next-line no-control-regex -- these must be gone
    expect(html).not.toMatch(/[\u0000\u000b\ud800]/u);
    expect(html).toContain(`<html lang="en">`);
  });

  it.each([
    [
      "500 rows",
      Array.from({ length: 500 }, (_, number) => ({
        ...ROW,
        title: `Product number ${number} in a fine box`,
      })),
    ],
    [
      "5,000 rows of the widest characters",
      Array.from({ length: 5_000 }, () => ({ ...ROW, title: "☕".repeat(200) })),
    ],
    ["a title of 5 MB", Array.from({ length: 3 }, () => ({ ...ROW, title: "<".repeat(5_000_000) }))],
  ])("stays below its size for %s, and counts the rows that it leaves out", (_, rows) => {
    const html = receiptHtml(receipt({ footer: "&".repeat(100_000), shop_name: "å".repeat(100_000) }, rows));
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MOST_BYTES);
    expect(html).toMatch(/<\/html>\n$/);
    const shown = (html.match(/<tr><td>/g) ?? []).length;
    expect(shown).toBeGreaterThan(0);
    if (shown < rows.length)
      expect(html).toContain(`<tr><td colspan="4">and ${rows.length - shown} more</td></tr>`);
    else expect(html).not.toContain("colspan");
    expect(read(html)).toContain("Reference 2030010112000000001000001");
  });

  it("shows what rounding adds, and what a gift card has paid, so that its sums agree", () => {
    const order = {
      ...{ id: "order_1", display_id: 17, tax_total: "73.38", discount_total: "10.00" },
      ...{ total: "366.90", credit_total: "100.00", rounding: "-0.01" },
      rows: [{ ...ROW, total: "366.91" }],
    };
    expect(read(receiptHtml(receipt({ order, amount: "266.90" })))).toEqual(
      expect.arrayContaining([
        "Coffee 2 25% SEK 366.91",
        "Rounding -SEK 0.01",
        "Total SEK 366.90",
        "Tax included SEK 73.38",
        "Discount included SEK 10.00",
        "Gift card or store credit -SEK 100.00",
        "Paid with SEQR SEK 266.90",
      ]),
    );
  });

  it.each(["👍", "👨‍👩‍👧", "🇸🇪"])("does not cut a title inside %s", (emoji) => {
    const titles = Array.from(
      { length: emoji.length },
      (_, offset) => "x".repeat(offset) + emoji.repeat(300),
    );
    for (const title of titles) {
      const html = receiptHtml(receipt({}, [{ ...ROW, title }]));
      expect(html).toMatch(new RegExp(`<td>x*(?:${emoji})+…</td>`));
    }
  });

  it("has the amounts and the words of the order's language, and English where it has none", () => {
    const swedish = read(receiptHtml(receipt({ language: "sv-FI" })));
    expect(swedish).toEqual(
      expect.arrayContaining(["Kvitto", "Betalt med SEQR 1 098,50 kr", "Coffee 2 25 % 98,50 kr"]),
    );
    expect(read(receiptHtml(receipt({ language: "nn" })))).toContain("Kvittering");
    for (const language of ["el", "", "../en", "__proto__"])
      expect(read(receiptHtml(receipt({ language })))).toContain("Receipt");
  });
});

describe("the words of a receipt", () => {
  it("are there in every language of the payment view", () => {
    expect([...RECEIPT_LANGUAGES].sort()).toEqual(Object.keys(ALL_TEXTS).sort());
    expect(Object.keys(RECEIPT_TEXTS).sort()).toEqual(Object.keys(ALL_TEXTS).sort());
  });

  it.each(RECEIPT_LANGUAGES)("in %s are complete, with the same placeholders as in English", (language) => {
    const placeholders = (text: string): string[] => text.match(/\{\w+\}/g) ?? [];
    for (const [key, english] of Object.entries(RECEIPT_TEXTS.en)) {
      const text = textsOf(language).texts[key as keyof typeof RECEIPT_TEXTS.en];
      expect([key, text.trim() === "", placeholders(text)]).toEqual([key, false, placeholders(english)]);
    }
  });
});

describe("a store's own receipt", () => {
  it("is sent as it is, from text or from base64", () => {
    const bytes = Buffer.from("%PDF å");
    const type = "application/pdf";
    const expected = { mimeType: type, receiptType: "PAYMENT_RECEIPT", receiptData: bytes };
    expect(forSeqr({ mime_type: type, content: "%PDF å" })).toEqual(expected);
    expect(forSeqr({ mime_type: type, content: bytes.toString("base64"), encoding: "base64" })).toEqual(
      expected,
    );
  });

  it.each([
    ["of 5 MB", { mime_type: "text/html", content: "x".repeat(5_000_000) }],
    [
      "of 5 MB in base64",
      { mime_type: "text/html", content: "AAAA".repeat(1_700_000), encoding: "base64" as const },
    ],
    ["without a MIME type", { mime_type: "", content: "x" }],
    ["with two lines in its MIME type", { mime_type: "text/html\nX: y", content: "x" }],
  ])("%s is refused", (_, document) => {
    expect(() => forSeqr(document)).toThrow(expect.objectContaining({ code: "SEQR_RECEIPT_INVALID" }));
  });

  it("with parameters in its MIME type is refused for that reason", () => {
    const document = { mime_type: "text/html; charset=utf-8", content: "<p>å</p>" };
    expect(() => forSeqr(document)).toThrow(
      /Its MIME type is "text\/html; charset=utf-8": expected one without parameters/,
    );
  });

  it.each(["<p>Tack</p>", "VGFja", "VGFja%==", "VGFj====", "VGF-_w=="])(
    "that says it is base64 and is %s is refused",
    (content) => {
      expect(() => forSeqr({ mime_type: "text/html", content, encoding: "base64" })).toThrow(
        /Its content is not base64/,
      );
    },
  );

  it("may have its base64 in lines", () => {
    const bytes = Buffer.from("å".repeat(200));
    const content = bytes.toString("base64").replace(/.{76}/g, "$&\r\n");
    expect(forSeqr({ mime_type: "text/html", content, encoding: "base64" }).receiptData).toEqual(bytes);
  });
});
