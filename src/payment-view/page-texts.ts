import type { ALL_TEXTS } from "./locales/all";

/** Text of the link from the payment's page to the shop. */
export const BACK_TO_SHOP: Record<keyof typeof ALL_TEXTS, string> = {
  en: "Back to the shop",
  sv: "Tillbaka till butiken",
  de: "Zurück zum Shop",
  fi: "Takaisin kauppaan",
  nb: "Tilbake til butikken",
  da: "Tilbage til butikken",
  nl: "Terug naar de winkel",
  fr: "Retour à la boutique",
  es: "Volver a la tienda",
  pt: "Voltar à loja",
  pl: "Powrót do sklepu",
  ro: "Înapoi la magazin",
  it: "Torna al negozio",
};
