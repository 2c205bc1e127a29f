import { lazy, Suspense, type ComponentType } from "react";
import type { Surface } from "../lib/texts";
import { LoadingPage } from "./loading";
import { WithTexts } from "./with-texts";

/**
 * Makes a page that is loaded when it is opened, with its texts.
 *
 * @param texts the surfaces whose texts it shows
 */
export function lazyPage(
  load: () => Promise<{ default: ComponentType }>,
  texts: readonly Surface[],
): ComponentType {
  const Page = lazy(load);
  return () => (
    <WithTexts of={texts} fallback={<LoadingPage />}>
      <Suspense fallback={<LoadingPage />}>
        <Page />
      </Suspense>
    </WithTexts>
  );
}
