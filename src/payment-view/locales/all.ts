import en from "./en";
import sv from "./sv";
import de from "./de";
import fi from "./fi";
import nb from "./nb";
import da from "./da";
import nl from "./nl";
import fr from "./fr";
import es from "./es";
import pt from "./pt";
import pl from "./pl";
import ro from "./ro";
import it from "./it";
import type { Texts } from "./texts";

/** Every language of the view, for the server. A new one is also added to LANGUAGES of `../browser/languages.ts`. */
export const ALL_TEXTS = { en, sv, de, fi, nb, da, nl, fr, es, pt, pl, ro, it } satisfies Record<
  string,
  Texts
>;
