import { RECEIPT_LANGUAGES } from "../options/seqr-options";

type Language = (typeof RECEIPT_LANGUAGES)[number];

/** All texts of a receipt. `{brand}` and `{count}` are filled in. */
export interface ReceiptTexts {
  receipt: string;
  refundReceipt: string;
  order: string;
  date: string;
  item: string;
  quantity: string;
  tax: string;
  total: string;
  taxIncluded: string;
  discount: string;
  paid: string;
  refunded: string;
  reference: string;
  /** Before the reference of the payment, on the receipt of a refund. */
  paymentReference: string;
  more: string;
  /** Used where the option `refundTerms` is empty. */
  terms: string;
}

/** A receipt in each language of the payment view. */
export const RECEIPT_TEXTS: Record<Language, ReceiptTexts> = {
  en: {
    receipt: "Receipt",
    refundReceipt: "Refund receipt",
    order: "Order",
    date: "Date",
    item: "Item",
    quantity: "Quantity",
    tax: "Tax",
    total: "Total",
    taxIncluded: "Tax included",
    discount: "Discount included",
    paid: "Paid with {brand}",
    refunded: "Refunded with {brand}",
    reference: "Reference",
    paymentReference: "Payment reference",
    more: "and {count} more",
    terms: "Refunds are made to the account that paid.",
  },
  sv: {
    receipt: "Kvitto",
    refundReceipt: "Kvitto på återbetalning",
    order: "Order",
    date: "Datum",
    item: "Artikel",
    quantity: "Antal",
    tax: "Moms",
    total: "Summa",
    taxIncluded: "Varav moms",
    discount: "Varav rabatt",
    paid: "Betalt med {brand}",
    refunded: "Återbetalt med {brand}",
    reference: "Referens",
    paymentReference: "Betalningens referens",
    more: "och {count} till",
    terms: "Återbetalning sker till det konto som betalade.",
  },
  de: {
    receipt: "Quittung",
    refundReceipt: "Quittung über eine Erstattung",
    order: "Bestellung",
    date: "Datum",
    item: "Artikel",
    quantity: "Menge",
    tax: "MwSt.",
    total: "Summe",
    taxIncluded: "Enthaltene MwSt.",
    discount: "Abgezogener Rabatt",
    paid: "Bezahlt mit {brand}",
    refunded: "Erstattet mit {brand}",
    reference: "Referenz",
    paymentReference: "Referenz der Zahlung",
    more: "und {count} weitere",
    terms: "Erstattet wird auf das Konto, von dem bezahlt wurde.",
  },
  fi: {
    receipt: "Kuitti",
    refundReceipt: "Hyvityskuitti",
    order: "Tilaus",
    date: "Päivämäärä",
    item: "Tuote",
    quantity: "Määrä",
    tax: "ALV",
    total: "Yhteensä",
    taxIncluded: "Sisältää ALV:n",
    discount: "Sisältää alennuksen",
    paid: "Maksettu: {brand}",
    refunded: "Hyvitetty: {brand}",
    reference: "Viite",
    paymentReference: "Maksun viite",
    more: "ja {count} muuta",
    terms: "Hyvitys maksetaan tilille, jolta maksu tehtiin.",
  },
  nb: {
    receipt: "Kvittering",
    refundReceipt: "Kvittering for refusjon",
    order: "Bestilling",
    date: "Dato",
    item: "Vare",
    quantity: "Antall",
    tax: "MVA",
    total: "Sum",
    taxIncluded: "Herav MVA",
    discount: "Herav rabatt",
    paid: "Betalt med {brand}",
    refunded: "Refundert med {brand}",
    reference: "Referanse",
    paymentReference: "Betalingens referanse",
    more: "og {count} til",
    terms: "Refusjon skjer til kontoen som betalte.",
  },
  da: {
    receipt: "Kvittering",
    refundReceipt: "Kvittering for refusion",
    order: "Ordre",
    date: "Dato",
    item: "Vare",
    quantity: "Antal",
    tax: "Moms",
    total: "I alt",
    taxIncluded: "Heraf moms",
    discount: "Heraf rabat",
    paid: "Betalt med {brand}",
    refunded: "Refunderet med {brand}",
    reference: "Reference",
    paymentReference: "Betalingens reference",
    more: "og {count} mere",
    terms: "Refusion sker til den konto, der betalte.",
  },
  nl: {
    receipt: "Kassabon",
    refundReceipt: "Bewijs van terugbetaling",
    order: "Bestelling",
    date: "Datum",
    item: "Artikel",
    quantity: "Aantal",
    tax: "Btw",
    total: "Totaal",
    taxIncluded: "Inclusief btw",
    discount: "Inclusief korting",
    paid: "Betaald met {brand}",
    refunded: "Terugbetaald met {brand}",
    reference: "Referentie",
    paymentReference: "Referentie van de betaling",
    more: "en nog {count}",
    terms: "Terugbetaling gebeurt op de rekening waarmee is betaald.",
  },
  fr: {
    receipt: "Reçu",
    refundReceipt: "Reçu de remboursement",
    order: "Commande",
    date: "Date",
    item: "Article",
    quantity: "Quantité",
    tax: "TVA",
    total: "Total",
    taxIncluded: "Dont TVA",
    discount: "Remise comprise",
    paid: "Payé avec {brand}",
    refunded: "Remboursé avec {brand}",
    reference: "Référence",
    paymentReference: "Référence du paiement",
    more: "et {count} de plus",
    terms: "Le remboursement est versé sur le compte qui a payé.",
  },
  es: {
    receipt: "Recibo",
    refundReceipt: "Recibo de reembolso",
    order: "Pedido",
    date: "Fecha",
    item: "Artículo",
    quantity: "Cantidad",
    tax: "IVA",
    total: "Total",
    taxIncluded: "IVA incluido",
    discount: "Descuento incluido",
    paid: "Pagado con {brand}",
    refunded: "Reembolsado con {brand}",
    reference: "Referencia",
    paymentReference: "Referencia del pago",
    more: "y {count} más",
    terms: "El reembolso se hace a la cuenta con la que se pagó.",
  },
  pt: {
    receipt: "Recibo",
    refundReceipt: "Recibo de reembolso",
    order: "Encomenda",
    date: "Data",
    item: "Artigo",
    quantity: "Quantidade",
    tax: "IVA",
    total: "Total",
    taxIncluded: "IVA incluído",
    discount: "Desconto incluído",
    paid: "Pago com {brand}",
    refunded: "Reembolsado com {brand}",
    reference: "Referência",
    paymentReference: "Referência do pagamento",
    more: "e mais {count}",
    terms: "O reembolso é feito para a conta que pagou.",
  },
  pl: {
    receipt: "Potwierdzenie płatności",
    refundReceipt: "Potwierdzenie zwrotu",
    order: "Zamówienie",
    date: "Data",
    item: "Towar",
    quantity: "Ilość",
    tax: "VAT",
    total: "Razem",
    taxIncluded: "W tym VAT",
    discount: "W tym rabat",
    paid: "Zapłacono przez {brand}",
    refunded: "Zwrócono przez {brand}",
    reference: "Numer referencyjny",
    paymentReference: "Numer referencyjny płatności",
    more: "i jeszcze {count}",
    terms: "Zwrot trafia na konto, z którego zapłacono.",
  },
  ro: {
    receipt: "Chitanță",
    refundReceipt: "Chitanță de rambursare",
    order: "Comandă",
    date: "Data",
    item: "Articol",
    quantity: "Cantitate",
    tax: "TVA",
    total: "Total",
    taxIncluded: "TVA inclus",
    discount: "Reducere inclusă",
    paid: "Plătit cu {brand}",
    refunded: "Rambursat cu {brand}",
    reference: "Referință",
    paymentReference: "Referința plății",
    more: "și încă {count}",
    terms: "Rambursarea se face în contul din care s-a plătit.",
  },
  it: {
    receipt: "Ricevuta",
    refundReceipt: "Ricevuta di rimborso",
    order: "Ordine",
    date: "Data",
    item: "Articolo",
    quantity: "Quantità",
    tax: "IVA",
    total: "Totale",
    taxIncluded: "IVA inclusa",
    discount: "Sconto incluso",
    paid: "Pagato con {brand}",
    refunded: "Rimborsato con {brand}",
    reference: "Riferimento",
    paymentReference: "Riferimento del pagamento",
    more: "e altri {count}",
    terms: "Il rimborso avviene sul conto che ha pagato.",
  },
};

/**
 * Finds the texts of a language, such as those of `sv` for `sv-FI`; English where there are none.
 *
 * @returns the texts, and the language in which amounts and dates are written with them
 */
export function textsOf(wanted: string): { texts: ReceiptTexts; language: string } {
  const primary = wanted.toLowerCase().split(/[-_]/)[0] ?? "";
  // Both kinds of Norwegian use Bokmål.
  const known = primary === "no" || primary === "nn" ? "nb" : primary;
  const language = RECEIPT_LANGUAGES.find((one) => one === known) ?? "en";
  return { texts: RECEIPT_TEXTS[language], language };
}
