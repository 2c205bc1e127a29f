import type { HttpTypes } from "@medusajs/types";
import { NextResponse, type NextRequest } from "next/server";

const keptMilliseconds = 3_600_000;
let countries: Set<string> = new Set();
let readAt = 0;

/** The countries of all regions. */
async function knownCountries(): Promise<Set<string>> {
  if (countries.size > 0 && Date.now() - readAt < keptMilliseconds) return countries;
  const answer = await fetch(`${process.env.NEXT_PUBLIC_MEDUSA_BACKEND_URL}/store/regions`, {
    headers: { "x-publishable-api-key": process.env.NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY ?? "" },
  });
  const { regions } = (await answer.json()) as HttpTypes.StoreRegionListResponse;
  countries = new Set(regions.flatMap((region) => (region.countries ?? []).map(({ iso_2 }) => iso_2 ?? "")));
  readAt = Date.now();
  return countries;
}

/** Puts the shopper's country into the address, and gives the browser a cache of its own. */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const { pathname, search, origin } = request.nextUrl;
  const country = pathname.split("/")[1]?.toLowerCase() ?? "";
  if (!(await knownCountries()).has(country)) {
    const path = pathname === "/" ? "" : pathname;
    return NextResponse.redirect(
      `${origin}/${process.env.NEXT_PUBLIC_DEFAULT_REGION ?? "se"}${path}${search}`,
    );
  }
  const response = NextResponse.next();
  if (!request.cookies.has("_medusa_cache_id"))
    response.cookies.set("_medusa_cache_id", crypto.randomUUID(), { maxAge: 60 * 60 * 24 });
  return response;
}

export const config = { matcher: ["/((?!api|_next/static|_next/image|favicon.ico).*)"] };
